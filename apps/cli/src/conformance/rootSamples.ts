/**
 * What another device needs to repeat parts of a long run, as one JSON file: the state before each sampled step with the root after
 * it, and tiles with the leaves that they are computed from, in the form of `spec/vectors/arithmetic/tiles.json`.
 */
import { writeFileSync } from "node:fs";
import type { TileVector } from "@r3mes/engine/conformance";
import { R3mesError } from "@r3mes/protocol";

export type RootSamples = {
  /** The arguments of `tinyTraining`. */
  readonly training: Readonly<Record<string, number>>;
  readonly steps: readonly {
    readonly t: number;
    readonly root: string;
    /** Storage bytes of every state tensor before the step, by name. */
    readonly state: Readonly<Record<string, string>>;
  }[];
  readonly cases: readonly TileVector[];
};

/** Throws `FILE_UNWRITABLE`. */
export function writeRootSamples(path: string, samples: RootSamples): void {
  try {
    writeFileSync(path, JSON.stringify(samples));
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new R3mesError({ code: "FILE_UNWRITABLE", path, reason }, { cause });
  }
}
