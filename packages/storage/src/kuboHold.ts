/**
 * What a store holds in a Kubo that it may share: entries of a folder in Kubo's file system, each named for the content that it is. Kubo
 * collects nothing that such a folder reaches, and of a folder of files that was fetched in part it keeps that part, which a pin would
 * not: a pin fetches the rest. Source: https://docs.ipfs.tech/concepts/file-systems (MFS).
 */
import { R3mesError } from "@r3mes/protocol";
import type { ContentId } from "./contentId.ts";
import { askJson, askText, type KuboArguments, type KuboRpc } from "./kuboRpc.ts";

export interface Hold {
  /** Holds content whose first block is in the Kubo; what is held already stays so. */
  add(id: ContentId): Promise<void>;
  /** Whether every block of what is held is in the Kubo. */
  isWhole(id: ContentId): Promise<boolean>;
  /** Holds these and nothing else. What is not in the Kubo is no error. */
  change(ids: readonly ContentId[]): Promise<void>;
}

export function createHold(rpc: KuboRpc, folder: string): Hold {
  const pathOf = (id: string) => `${folder}/${id}`;
  const isHeld = (id: ContentId) => allows(rpc, "files/stat", [["arg", pathOf(id)]]);
  const add = async (id: ContentId) => {
    if (await isHeld(id)) return;
    try {
      await askText(rpc, "files/cp", [
        ["arg", `/ipfs/${id}`],
        ["arg", pathOf(id)],
        ["parents", "true"],
      ]);
    } catch (error) {
      // Whoever puts the same content at the same time may have held it first.
      if (!(await isHeld(id))) throw error;
    }
  };
  return {
    add,
    async isWhole(id) {
      const args = [
        ["arg", pathOf(id)],
        ["with-local", "true"],
      ] as const;
      const found = (await askJson(rpc, "files/stat", args)) as { readonly Local?: boolean };
      return found.Local === true;
    },
    async change(ids) {
      const wanted = new Set<string>(ids);
      const held = await namesIn(rpc, folder);
      for (const name of held) {
        if (!wanted.has(name)) await remove(rpc, pathOf(name));
      }
      const known = new Set(held);
      for (const id of ids) {
        if (!known.has(id) && (await isHere(rpc, id))) await add(id);
      }
    },
  };
}

async function namesIn(rpc: KuboRpc, folder: string): Promise<readonly string[]> {
  if (!(await allows(rpc, "files/stat", [["arg", folder]]))) return [];
  const { Entries } = (await askJson(rpc, "files/ls", [["arg", folder]])) as {
    readonly Entries: readonly { readonly Name: string }[] | null;
  };
  return (Entries ?? []).map(({ Name }) => Name);
}

async function remove(rpc: KuboRpc, path: string): Promise<void> {
  await askText(rpc, "files/rm", [
    ["arg", path],
    ["recursive", "true"],
  ]);
}

function isHere(rpc: KuboRpc, id: ContentId): Promise<boolean> {
  return allows(rpc, "block/stat", [
    ["arg", id],
    ["offline", "true"],
  ]);
}

/** Whether Kubo answers at all: of what it does not have it says no. */
async function allows(rpc: KuboRpc, command: string, args: KuboArguments): Promise<boolean> {
  try {
    await askText(rpc, command, args);
    return true;
  } catch (error) {
    if (error instanceof R3mesError && error.code === "STORE_REFUSED") return false;
    throw error;
  }
}

/** Deletes the blocks that nobody holds, and returns how many went. */
export async function collectGarbage(rpc: KuboRpc): Promise<number> {
  const lines = (await askText(rpc, "repo/gc")).split("\n");
  return lines.filter((line) => line.includes('"Key"')).length;
}
