/** Adapters in a folder, as `r3mes train` leaves them: served without any chain, under names that say so. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { nodeSha256 } from "@r3mes/engine/node";
import { buildTrainingProgram, LINEARS, type ModelManifest } from "@r3mes/models";
import { decodeManifest, type Manifest, R3mesError, toHex } from "@r3mes/protocol";
import { rootOfAdapterFile } from "@r3mes/training";
import type { AdapterFile } from "../inference/messages.ts";
import type { ServedModel } from "./modelCatalogue.ts";

export interface FolderAdapters {
  readonly models: () => readonly ServedModel[];
  /** By the hex of its root. Throws ADAPTER_NOT_FOUND, ADAPTER_DAMAGED. */
  file(root: string): Promise<AdapterFile>;
}

const manifestFile = "adapter.json";
const factorsFile = "adapter.bin";
const plainName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

interface Found {
  readonly name: string;
  readonly folder: string;
  readonly manifest: Manifest & { readonly root: string };
  readonly createdS: number;
}

/** @param folder one folder for each adapter; without it there are none */
export function createFolderAdapters(
  folder: string | undefined,
  model: ModelManifest,
): FolderAdapters {
  const look = () => (folder === undefined ? [] : findAdapters(folder, model));
  return {
    models: () =>
      look().map(({ name, manifest, createdS }) => ({
        id: `local/${name}`,
        adapter: manifest.root,
        adapterId: null,
        status: "local",
        createdS,
      })),
    async file(root) {
      const found = look().find(({ manifest }) => manifest.root === root);
      if (found === undefined) throw new R3mesError({ code: "ADAPTER_NOT_FOUND", root });
      return readAdapter(found, model);
    },
  };
}

/** A folder that holds something else, or an adapter of another model, is passed over. */
function findAdapters(folder: string, model: ModelManifest): readonly Found[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && plainName.test(entry.name))
    .flatMap(({ name }) => {
      const own = join(folder, name);
      const manifest = readManifest(join(own, manifestFile));
      if (manifest?.model !== model.backbone.root || typeof manifest.root !== "string") return [];
      const createdS = Math.floor(statSync(join(own, manifestFile)).mtimeMs / 1000);
      return [{ name, folder: own, manifest: { ...manifest, root: manifest.root }, createdS }];
    });
}

function readManifest(path: string): Manifest | undefined {
  try {
    const manifest = decodeManifest(new Uint8Array(readFileSync(path)));
    return manifest.format === "remes/local-adapter/1" ? manifest : undefined;
  } catch {
    return undefined;
  }
}

function readAdapter({ folder, manifest }: Found, model: ModelManifest): AdapterFile {
  const path = join(folder, factorsFile);
  const damaged = (cause?: unknown) => new R3mesError({ code: "ADAPTER_DAMAGED", path }, { cause });
  const { rank, alpha, optimizer, root } = manifest;
  if (typeof rank !== "number" || typeof alpha !== "number") throw damaged();
  const shape = { rank, alpha, targets: LINEARS };
  const program = buildTrainingProgram(model.architecture, {
    sequences: 1,
    length: 1,
    adapter: shape,
    optimizer: optimizer === "lion" ? "lion" : "adam",
  });
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(readFileSync(path));
  } catch (cause) {
    throw damaged(cause);
  }
  if (toHex(rootOfAdapterFile(program, bytes, nodeSha256)) !== root) throw damaged();
  return { shape, bytes };
}
