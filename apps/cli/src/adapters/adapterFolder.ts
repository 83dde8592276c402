/**
 * An adapter on disk: `adapter.bin`, the file of spec/adapter.md, and `adapter.json`, which says on what it was trained and what its
 * root is. A folder that has the manifest is whole.
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { nodeSha256 } from "@r3mes/engine/node";
import { type AdapterTensors, adapterTensors } from "@r3mes/inference";
import {
  type AdapterShape,
  buildForwardProgram,
  buildTrainingProgram,
  LINEARS,
  type ModelManifest,
} from "@r3mes/models";
import { decodeManifest, encodeManifest, type Manifest, R3mesError, toHex } from "@r3mes/protocol";
import { writeWhole } from "@r3mes/service/command";
import { type Adapter, encodeAdapter, rootOfAdapter, rootOfAdapterFile } from "@r3mes/training";
import type { CommandContext } from "../commandContext.ts";
import type { LocalRun } from "../training/localRun.ts";

export type LocalAdapter = { readonly shape: AdapterShape; readonly tensors: AdapterTensors };

const format = "remes/local-adapter/1";
const manifestFile = "adapter.json";
const factorsFile = "adapter.bin";

export function adaptersFolder(home: string): string {
  return join(home, "adapters");
}

/** @param finalRoot hex of the state root of the run's last step */
export function writeAdapterFolder(
  folder: string,
  run: LocalRun,
  adapter: Adapter,
  finalRoot: string,
): void {
  const root = toHex(rootOfAdapter(run.plan, adapter, nodeSha256));
  const manifest = { ...run.settings, format, root, finalRoot };
  writeWhole(join(folder, factorsFile), encodeAdapter(adapter));
  writeWhole(join(folder, manifestFile), encodeManifest(manifest as Manifest));
}

/** Removes the adapter of a run that starts over, so that nobody takes it for the new one. */
export function removeAdapter(folder: string): void {
  for (const file of [manifestFile, factorsFile]) rmSync(join(folder, file), { force: true });
}

/** @throws ADAPTER_UNKNOWN */
export function findAdapterFolder(name: string, { home, host }: CommandContext): string {
  const candidates = [join(adaptersFolder(home), name), resolve(host.cwd, name)];
  const found = candidates.find((folder) => existsSync(join(folder, manifestFile)));
  if (found === undefined) throw new R3mesError({ code: "ADAPTER_UNKNOWN", adapter: name });
  return found;
}

/** @throws ADAPTER_OF_OTHER_MODEL, ADAPTER_FILE_INVALID, ADAPTER_DAMAGED */
export function readAdapterFolder(folder: string, model: ModelManifest): LocalAdapter {
  const path = join(folder, manifestFile);
  const manifest = readManifest(path);
  if (manifest.model !== model.backbone.root) {
    const facts = { path, expected: String(manifest.model), found: model.backbone.root };
    throw new R3mesError({ code: "ADAPTER_OF_OTHER_MODEL", ...facts });
  }
  const { rank, alpha, optimizer } = manifest;
  if (typeof rank !== "number" || typeof alpha !== "number") {
    throw new R3mesError({ code: "ADAPTER_DAMAGED", path });
  }
  const shape: AdapterShape = { rank, alpha, targets: LINEARS };
  const sizes = { sequences: 1, length: 1, adapter: shape } as const;
  const training = buildTrainingProgram(model.architecture, {
    ...sizes,
    optimizer: optimizer === "lion" ? "lion" : "adam",
  });
  const bytes = readFactors(folder);
  if (toHex(rootOfAdapterFile(training, bytes, nodeSha256)) !== manifest.root) {
    throw new R3mesError({ code: "ADAPTER_DAMAGED", path });
  }
  return { shape, tensors: adapterTensors(buildForwardProgram(model.architecture, sizes), bytes) };
}

function readFactors(folder: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(join(folder, factorsFile)));
  } catch (cause) {
    throw new R3mesError({ code: "ADAPTER_DAMAGED", path: join(folder, factorsFile) }, { cause });
  }
}

function readManifest(path: string): Manifest {
  try {
    const manifest = decodeManifest(new Uint8Array(readFileSync(path)));
    if (manifest.format === format) return manifest;
  } catch (cause) {
    throw new R3mesError({ code: "ADAPTER_DAMAGED", path }, { cause });
  }
  throw new R3mesError({ code: "ADAPTER_DAMAGED", path });
}
