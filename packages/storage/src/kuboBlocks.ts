/**
 * The blocks of a Kubo, as a store of blocks. What comes from it is checked by whoever reads it: a Kubo answers what it has on its
 * disk, and a disk can rot.
 */
import { setTimeout } from "node:timers/promises";
import { R3mesError } from "@r3mes/protocol";
import type { Blockstore } from "interface-blockstore";
import type { CID } from "multiformats/cid";
import { dagPbCodec } from "./contentId.ts";
import { askJson, askText, type KuboRpc } from "./kuboRpc.ts";

/** A Kubo that restarts is asked again, for as long as somebody waits. */
const askAgainMs = 500;

/** Those on its disk. */
export function blocksInKubo(rpc: KuboRpc): Pick<Blockstore, "get" | "put" | "delete"> {
  return {
    async *get(cid, options) {
      yield* readBody(await getBlock(rpc, cid, "true", options?.signal ?? undefined));
    },
    async put(cid, block) {
      await putBlock(rpc, cid, block as Uint8Array);
      return cid;
    },
    async delete(cid) {
      await askText(rpc, "block/rm", [
        ["arg", cid.toString()],
        ["force", "true"],
      ]);
    },
  };
}

/** Those that it has or can fetch from its peers before the signal ends the wait. */
export function blocksThroughKubo(rpc: KuboRpc): Pick<Blockstore, "get" | "put"> {
  return {
    async *get(cid, options) {
      const signal = options?.signal ?? undefined;
      yield* readBody(await untilAnswered(() => getBlock(rpc, cid, "false", signal), signal));
    },
    put: blocksInKubo(rpc).put,
  };
}

/** A block that is not there is a refusal in Kubo's words; here it is content that cannot be had. */
async function getBlock(
  rpc: KuboRpc,
  cid: CID,
  offline: "true" | "false",
  signal: AbortSignal | undefined,
): Promise<Response> {
  try {
    const args = [
      ["arg", cid.toString()],
      ["offline", offline],
    ] as const;
    return await rpc("block/get", args, signal === undefined ? {} : { signal });
  } catch (error) {
    if (!(error instanceof R3mesError) || error.code !== "STORE_REFUSED") throw error;
    throw new R3mesError({ code: "CONTENT_UNAVAILABLE", cid: cid.toString() }, { cause: error });
  }
}

async function untilAnswered(
  ask: () => Promise<Response>,
  signal: AbortSignal | undefined,
): Promise<Response> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const isAway = error instanceof R3mesError && error.code === "STORE_UNREACHABLE";
      if (!isAway || signal === undefined) throw error;
    }
    await setTimeout(askAgainMs, undefined, { signal });
  }
}

async function* readBody({ body }: Response): AsyncGenerator<Uint8Array> {
  if (body !== null) yield* body;
}

async function putBlock(rpc: KuboRpc, cid: CID, block: Uint8Array): Promise<void> {
  const body = new FormData();
  body.append("data", new Blob([new Uint8Array(block)]));
  const codec = cid.code === dagPbCodec ? "dag-pb" : "raw";
  const answer = await askJson(rpc, "block/put", [["cid-codec", codec]], { body });
  const { Key } = answer as { readonly Key: string };
  // It has hashed what it was given, and so have we.
  if (Key !== cid.toString()) throw new R3mesError({ code: "CONTENT_CORRUPT", cid: Key });
}
