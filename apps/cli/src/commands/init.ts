/** `r3mes init`: a folder with a fresh sealed key and settings for a miner, a verifier or a challenger, funded where there is a faucet. */
import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { createClient } from "@connectrpc/connect";
import { connectRpc, queryTransport } from "@r3mes/chain-client";
import { settingsFile } from "@r3mes/participant";
import { R3mesError } from "@r3mes/protocol";
import { Query } from "@r3mes/protocol/messages";
import { fileFailure } from "@r3mes/service/command";
import type { CommandContext } from "../commandContext.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import type { LocalnetNetwork } from "../localnet/localnetNetwork.ts";
import { prepareKey, writeParticipantConfig } from "../processes/participantFiles.ts";
import { sendFirstFunds } from "../processes/sendFirstFunds.ts";
import { readNetwork } from "../proof/openNetwork.ts";

type Role = "miner" | "verifier" | "challenger";

export type InitOptions = { readonly role: Role; readonly folder?: string };

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

export async function init(
  { host, home, json }: CommandContext,
  options: InitOptions,
): Promise<ExitCode> {
  const network = readNetwork(home);
  const folder = resolve(host.cwd, options.folder ?? join(home, options.role));
  if (existsSync(join(folder, settingsFile))) {
    throw new R3mesError({ code: "FOLDER_OCCUPIED", path: folder });
  }
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw fileFailure(error, folder);
  }
  const address = await prepareKey(folder);
  const uremes = await sendFirstFunds(home, network, address);
  const own = { name: options.role, folder, ports: { http: 0, store: 0 } };
  const { table, next } = commands[options.role];
  writeParticipantConfig(own, { network, logLevel: "info" }, { [table]: { threads: 1 } });
  const locked = await lockedBy(options.role, network);
  const found = { address, folder, funded: String(uremes), locked: String(locked) };
  const lines = [
    `key      ${address}, sealed in ${folder}`,
    `funded   ${uremes / remes} REMES by the faucet of ${network.chainId}`,
    `to lock  ${locked / remes} REMES ${options.role === "challenger" ? "for each case, when it is filed" : `as the bond of a ${options.role}, when it starts`}`,
    `next     r3mes ${next} ${folder}`,
  ];
  host.stdout.write(json ? `${JSON.stringify(found)}\n` : `${lines.join("\n")}\n`);
  return exitCodes.ok;
}

/** What the role locks, in uremes; of a challenger, for each case. */
async function lockedBy(role: Role, { rpc: url }: LocalnetNetwork): Promise<bigint> {
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
