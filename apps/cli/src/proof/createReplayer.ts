/** Trains chunks of others again on this machine: a device that has proven itself, and the pools that it was asked about. */
import { availableParallelism } from "node:os";
import { sharedBackend } from "@r3mes/engine";
import { nodeSha256 } from "@r3mes/engine/node";
import { createDevice, createPoolOpener, type OpenedChunk, openChunk } from "@r3mes/participant";
import type { Submission } from "@r3mes/protocol/messages";
import type { OpenedNetwork } from "./openNetwork.ts";

export type Replayer = {
  /** CONTENT_UNAVAILABLE when a byte cannot be had, DEVICE_NOT_EXACT on a device that computes other bytes. */
  readonly open: (submission: Submission) => Promise<OpenedChunk>;
  readonly close: () => Promise<void>;
};

/** What 32-bit addresses reach. */
const bytesMax = 2 ** 32;

export function createReplayer({
  query,
  content,
  log,
}: Pick<OpenedNetwork, "query" | "content" | "log">): Replayer {
  const device = createDevice({ threads: availableParallelism(), bytesMax, niceness: 0 }, log);
  // It is proven while the content comes; whoever prepares on it hears that it failed.
  device.catch(() => undefined);
  const backend = sharedBackend("device", async (...what) => (await device).prepareAll(...what));
  const openPool = createPoolOpener({ parts: ["training"] }, { query, content, backend });
  return {
    open: (submission) => openChunk({ query, openPool, hash: nodeSha256 }, submission),
    close: () =>
      device.then(
        ({ close }) => close(),
        () => undefined,
      ),
  };
}
