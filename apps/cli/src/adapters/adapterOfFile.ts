/** An adapter's file that is known by its root alone: its rank follows from its length, and its root says whether it is the one. */
import { readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { nodeSha256 } from "@r3mes/engine/node";
import { adapterTensors } from "@r3mes/inference";
import {
  type AdapterShape,
  buildForwardProgram,
  buildTrainingProgram,
  LINEARS,
  type ModelManifest,
} from "@r3mes/models";
import { R3mesError, toHex } from "@r3mes/protocol";
import { adapterBytes, rootOfAdapterFile } from "@r3mes/training";
import type { LocalAdapter } from "./adapterFolder.ts";

/** As adapters are scaled in every program that a chain has registered, and by `train`. */
const alphaPerRank = 2;
const ranks = [4, 8, 16, 32, 64];

/** @param path a file, or a folder that `r3mes train` made. Throws FILE_UNREADABLE. */
export function readAdapterBytes(path: string, cwd: string): Uint8Array {
  const found = resolve(cwd, path);
  try {
    const file = statSync(found).isDirectory() ? join(found, "adapter.bin") : found;
    return new Uint8Array(readFileSync(file));
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code;
    throw new R3mesError({ code: "FILE_UNREADABLE", path: found, reason }, { cause });
  }
}

/** Of the largest adapter that this model may have. */
export function adapterBytesMax({ architecture }: ModelManifest): number {
  const adapter = shapeOfRank(Math.max(...ranks));
  const sizes = { sequences: 1, length: 1, adapter, optimizer: "adam" } as const;
  return adapterBytes({ program: buildTrainingProgram(architecture, sizes) });
}

/**
 * @param root hex
 * @throws RECEIPT_WEIGHTS_MISSING if the file is another adapter, or one of another model
 */
export function adapterOfFile(
  { architecture }: ModelManifest,
  bytes: Uint8Array,
  root: string,
): LocalAdapter {
  for (const rank of ranks) {
    const shape = shapeOfRank(rank);
    const sizes = { sequences: 1, length: 1, adapter: shape } as const;
    const roots = (["adam", "lion"] as const).map((optimizer) => {
      const program = buildTrainingProgram(architecture, { ...sizes, optimizer });
      return rootUnlessOtherLength(() => toHex(rootOfAdapterFile(program, bytes, nodeSha256)));
    });
    if (!roots.includes(root)) continue;
    return { shape, tensors: adapterTensors(buildForwardProgram(architecture, sizes), bytes) };
  }
  throw new R3mesError({ code: "RECEIPT_WEIGHTS_MISSING", what: "adapter", root });
}

function shapeOfRank(rank: number): AdapterShape {
  return { rank, alpha: alphaPerRank * rank, targets: LINEARS };
}

function rootUnlessOtherLength(root: () => string): string | undefined {
  try {
    return root();
  } catch (error) {
    if (error instanceof R3mesError) return undefined;
    throw error;
  }
}
