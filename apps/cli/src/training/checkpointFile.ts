/**
 * The checkpoint of a local run: one file, replaced as a whole, so that a killed process leaves the old one or the new one. Its
 * header names the settings, the step and the state root; the state behind it must have that root.
 *
 *     u32 bytes of the header, little-endian | header, canonical JSON | storage bytes of the state tensors in program order
 */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { decodeManifest, encodeManifest, type Manifest, R3mesError, toHex } from "@r3mes/protocol";
import { writeWhole } from "@r3mes/service/command";
import { type ChunkState, decodeState, encodeState } from "@r3mes/training";
import { type LocalRun, type RunSettings, rootOfRun } from "./localRun.ts";

export type Checkpoint = { readonly step: number; readonly state: ChunkState };

const format = "remes/local-run/1";
const fileName = "checkpoint.bin";
/** A header is a dozen short fields. */
const headerBytesMax = 4096;

export function checkpointPath(folder: string): string {
  return join(folder, fileName);
}

/** @returns the hex of the root that the file is bound to */
export function writeCheckpoint(folder: string, run: LocalRun, checkpoint: Checkpoint): string {
  const { step, state } = checkpoint;
  const root = toHex(rootOfRun(run, step, state));
  const header = encodeManifest({ ...run.settings, format, step, root } as Manifest);
  const bytes = encodeState(state);
  const file = new Uint8Array(4 + header.length + bytes.length);
  new DataView(file.buffer).setUint32(0, header.length, true);
  file.set(header, 4);
  file.set(bytes, 4 + header.length);
  writeWhole(checkpointPath(folder), file);
  return root;
}

/**
 * The checkpoint in a folder, or undefined if there is none.
 *
 * @throws TRAINING_RUN_OTHER if it belongs to a run with other settings, TRAINING_CHECKPOINT_DAMAGED
 */
export function readCheckpoint(folder: string, run: LocalRun): Checkpoint | undefined {
  const path = checkpointPath(folder);
  let file: Uint8Array;
  try {
    file = new Uint8Array(readFileSync(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const { header, state: bytes } = split(file, path);
  requireSameSettings(header, run.settings, folder);
  const { step, root } = header;
  if (!Number.isInteger(step) || step < 1 || step > run.settings.steps) throw damaged(path);
  let state: ChunkState;
  try {
    state = decodeState(run.plan, bytes);
  } catch (cause) {
    throw damaged(path, cause);
  }
  if (toHex(rootOfRun(run, step, state)) !== root) throw damaged(path);
  return { step, state };
}

/** Removes a run: its checkpoint and what a killed process left half-written. */
export function removeRun(folder: string): void {
  rmSync(checkpointPath(folder), { force: true });
  removeParts(folder);
}

/** Removes what a killed process left half-written. */
export function removeParts(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(fileName) && name.endsWith(".part")) rmSync(join(folder, name));
  }
}

type Header = RunSettings & {
  readonly format: string;
  readonly step: number;
  readonly root: string;
};

function split(file: Uint8Array, path: string): { header: Header; state: Uint8Array } {
  const view = new DataView(file.buffer);
  const length = file.length < 4 ? 0 : view.getUint32(0, true);
  if (length === 0 || length > headerBytesMax || 4 + length > file.length) throw damaged(path);
  try {
    const header = decodeManifest(file.subarray(4, 4 + length)) as unknown as Header;
    if (header.format !== format) throw damaged(path);
    return { header, state: file.subarray(4 + length) };
  } catch (cause) {
    throw damaged(path, cause);
  }
}

function requireSameSettings(header: Header, settings: RunSettings, folder: string): void {
  for (const setting of Object.keys(settings) as (keyof RunSettings)[]) {
    if (header[setting] === settings[setting]) continue;
    const facts = { setting, saved: String(header[setting]), asked: String(settings[setting]) };
    throw new R3mesError({ code: "TRAINING_RUN_OTHER", path: folder, ...facts });
  }
}

function damaged(path: string, cause?: unknown): R3mesError {
  return new R3mesError({ code: "TRAINING_CHECKPOINT_DAMAGED", path }, { cause });
}
