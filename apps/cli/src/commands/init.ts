/** `r3mes init`: a folder with a sealed key and settings for a miner, a verifier or a challenger, funded where there is a faucet. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createClient } from "@connectrpc/connect";
import { connectRpc, isMnemonic, queryTransport } from "@r3mes/chain-client";
import { readText, settingsFile } from "@r3mes/participant/process";
import { R3mesError } from "@r3mes/protocol";
import { Query } from "@r3mes/protocol/messages";
import { makeFolder, systemClock, writeWhole } from "@r3mes/service/command";
import type { CommandContext } from "../commandContext.ts";
import { createProgress } from "../createProgress.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { columnsOf } from "../host.ts";
import { shellWord } from "../localnet/shellWord.ts";
import type { Network } from "../networkFile.ts";
import { prepareKey, wordsOfKey, writeParticipantConfig } from "../processes/participantFiles.ts";
import { sendFirstFunds } from "../processes/sendFirstFunds.ts";
import { readJoined } from "../proof/joinedNetwork.ts";
import { readNetwork } from "../proof/openChain.ts";
import { wrapText } from "../wrapText.ts";

type Role = "miner" | "verifier" | "challenger";

export type InitOptions = {
  readonly role: Role;
  readonly folder?: string;
  readonly words?: string;
};

type Made = {
  readonly address: string;
  readonly folder: string;
  readonly words: string;
  /** By the faucet of a localnet, in uremes. */
  readonly funded: bigint;
  /** What the role locks, in uremes; of a challenger, for each case. */
  readonly locked: bigint;
};

const remes = 1_000_000n;
/** The table of a role's settings, and the command that runs it. */
const commands = {
  miner: { table: "mine", next: "mine" },
  verifier: { table: "verify", next: "verify" },
  challenger: { table: "challenge", next: "challenge --watch --folder" },
} as const satisfies Readonly<Record<Role, { readonly table: string; readonly next: string }>>;
/** As many slots, and as many times the least bond, as the roles hold unless their settings say otherwise. */
const minerSlots = 6n;
const verifierTimes = 2n;
/** In the folder of a role; a path in its settings is meant from there. */
const swarmKeyName = "swarm.key";

export async function init(
  { host, home, json }: CommandContext,
  { role, words: wordsFile, folder: named }: InitOptions,
): Promise<ExitCode> {
  const network = readNetwork(home);
  const folder = resolve(host.cwd, named ?? join(home, role));
  if (existsSync(join(folder, settingsFile))) {
    throw new R3mesError({ code: "PARTICIPANT_EXISTS", folder });
  }
  const given = wordsFile === undefined ? undefined : await readWords(resolve(host.cwd, wordsFile));
  const progress = createProgress(host, json, systemClock);
  const locked = await progress.during(`asking ${network.rpc}`, lockedBy(role, network));
  makeFolder(folder);
  const address = await prepareKey(folder, given);
  const words = await wordsOfKey(folder);
  // A key that an init left there which was killed is not the one that was asked for.
  if (given !== undefined && given !== words) {
    throw new R3mesError({ code: "PARTICIPANT_EXISTS", folder });
  }
  const isElsewhere = readJoined(home) !== undefined;
  const funded = isElsewhere
    ? 0n
    : await progress.during("waiting for the faucet", sendFirstFunds(home, network, address));
  const reached = isElsewhere ? keepSwarmKey(folder, network) : network;
  const own = { name: role, folder, ports: { http: 0, store: 0 } };
  const settings = { [commands[role].table]: { threads: 1 } };
  writeParticipantConfig(own, { network: reached, logLevel: "info" }, settings);
  const made: Made = { address, folder, words, funded, locked };
  host.stdout.write(
    json
      ? `${JSON.stringify({ ...made, funded: String(funded), locked: String(locked) })}\n`
      : `${describe(role, made, network, columnsOf(host.stdout)).join("\n")}\n`,
  );
  return exitCodes.ok;
}

function describe(
  role: Role,
  { address, folder, words, funded, locked }: Made,
  { chainId }: Network,
  columns: number,
): readonly string[] {
  const indent = " ".repeat("words    ".length);
  const [first = "", ...rest] = wrapText(words, columns - indent.length);
  const bond =
    role === "challenger"
      ? "for each case, when it is filed"
      : `as the bond of a ${role}, when it starts`;
  return [
    `key      ${address}, sealed in ${folder}`,
    `words    ${first}`,
    ...rest.map((line) => `${indent}${line}`),
    `${indent}whoever has them has the key: write them down, off this machine`,
    funded > 0n
      ? `funded   ${funded / remes} REMES by the faucet of ${chainId}`
      : `to fund  send it what it locks, and some REMES for fees, on ${chainId}`,
    `to lock  ${locked / remes} REMES ${bond}`,
    `next     npx r3mes ${commands[role].next} ${shellWord(folder)}`,
  ];
}

/** Whoever moves to another machine moves this one folder: the key of the swarm lies in it. */
function keepSwarmKey(folder: string, { store, ...network }: Network): Network {
  writeWhole(join(folder, swarmKeyName), readFileSync(store.swarmKeyFile, "utf8"));
  return { ...network, store: { ...store, swarmKeyFile: swarmKeyName } };
}

/** @throws FILE_UNREADABLE, MNEMONIC_INVALID */
async function readWords(path: string): Promise<string> {
  const words = (await readText(path)).trim().split(/\s+/).join(" ");
  if (!isMnemonic(words)) throw new R3mesError({ code: "MNEMONIC_INVALID", path });
  return words;
}

async function lockedBy(role: Role, { rpc: url }: Network): Promise<bigint> {
  const rpc = await connectRpc(url);
  try {
    const { params } = await createClient(Query, queryTransport(rpc)).params({});
    const bond = params?.params?.bond;
    if (bond === undefined) return 0n;
    return {
      miner: bond.minerSlot * minerSlots,
      verifier: bond.verifier * verifierTimes,
      challenger: bond.challenge,
    }[role];
  } finally {
    rpc.close();
  }
}
