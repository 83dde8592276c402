/** The folder of a process that takes part: a sealed key with its password, and the settings of each start. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  createKeyFile,
  type Key,
  openKeyFile,
  settingsFile,
  wordsOfKeyFile,
} from "@r3mes/participant/process";
import { makeFolder, writeWhole } from "@r3mes/service/command";
import { stringify } from "smol-toml";
import { storeAddress } from "../localnet/storeAddress.ts";
import type { Network } from "../networkFile.ts";
import type { Launch, OwnProcess } from "./processKind.ts";

const keyFile = "keystore.json";
const passwordFile = "password";

/** Where the key of a process and what opens it lie. */
export function keyPaths(folder: string): { readonly key: string; readonly password: string } {
  return { key: join(folder, keyFile), password: join(folder, passwordFile) };
}

/** Makes the key of a process, once, under a password that only this user's files know: a fresh one, or that of the words. Returns its address. */
export async function prepareKey(folder: string, words?: string): Promise<string> {
  makeFolder(folder);
  const { key, password } = keyPaths(folder);
  if (!existsSync(password)) {
    // A key without its password was left by a set-up that was killed; nobody can have used it.
    rmSync(key, { force: true });
    writeWhole(password, randomBytes(24).toString("base64url"));
  }
  if (!existsSync(key)) await createKeyFile(key, readFileSync(password, "utf8"), words);
  return (await openKey(folder)).address;
}

/** Opens the key that `prepareKey` made. */
export function openKey(folder: string): Promise<Key> {
  const { key, password } = keyPaths(folder);
  return openKeyFile(key, readFileSync(password, "utf8"));
}

/** The words of the key that `prepareKey` made. */
export function wordsOfKey(folder: string): Promise<string> {
  const { key, password } = keyPaths(folder);
  return wordsOfKeyFile(key, readFileSync(password, "utf8"));
}

/** A store of its own among those of the others, or the Kubo that all share. */
export function storeSettings(
  port: number | undefined,
  { store }: Pick<Launch["network"], "store">,
) {
  const { swarmKeyFile: swarmKey, kubo } = store;
  if (kubo !== undefined) return { kubo, swarmKey };
  const listen = storeAddress(port ?? 0);
  return { listen, peers: store.peers.filter((peer) => peer !== listen), swarmKey };
}

/** Settings of a process that are not those of every participant. */
export type OwnSettings = { readonly [table: string]: { readonly [key: string]: unknown } };

export function writeParticipantConfig(
  { folder, ports }: OwnProcess,
  { network, logLevel }: { readonly network: Network } & Pick<Launch, "logLevel">,
  own: OwnSettings = {},
): void {
  const settings = {
    log: { level: logLevel },
    chain: { id: network.chainId, rpc: network.rpc },
    key: { file: keyFile, passwordFile },
    store: storeSettings(ports.store, network),
    http: { port: ports.http },
    ...own,
  };
  writeWhole(join(folder, settingsFile), stringify(settings));
}
