/** `r3mes init`: a folder with a fresh sealed key and settings for a miner or a verifier, funded where there is a faucet. */
import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { createClient } from "@connectrpc/connect";
import { connectRpc, queryTransport } from "@r3mes/chain-client";
import { settingsFile } from "@r3mes/participant";
import { R3mesError } from "@r3mes/protocol";
import { Query } from "@r3mes/protocol/messages";
import type { CommandContext } from "../commandContext.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { fileFailure } from "../localnet/fileFailure.ts";
import type { LocalnetNetwork } from "../localnet/localnetNetwork.ts";
import { prepareKey, writeParticipantConfig } from "../processes/participantFiles.ts";
import { sendFirstFunds } from "../processes/sendFirstFunds.ts";
import { readNetwork } from "../proof/openNetwork.ts";

export type InitOptions = { readonly role: "miner" | "verifier"; readonly folder?: string };

const remes = 1_000_000n;
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
  const table = options.role === "miner" ? { mine: { threads: 1 } } : { verify: { threads: 1 } };
  writeParticipantConfig(own, { network, logLevel: "info" }, table);
  const locked = await lockedBy(options.role, network);
  const found = { address, folder, funded: String(uremes), locked: String(locked) };
  const next = options.role === "miner" ? "mine" : "verify";
  const lines = [
    `key      ${address}, sealed in ${folder}`,
    `funded   ${uremes / remes} REMES by the faucet of ${network.chainId}`,
    `to lock  ${locked / remes} REMES as the bond of a ${options.role}, when it starts`,
    `next     r3mes ${next} ${folder}`,
  ];
  host.stdout.write(json ? `${JSON.stringify(found)}\n` : `${lines.join("\n")}\n`);
  return exitCodes.ok;
}

/** What the role's bond takes, in uremes. */
async function lockedBy(role: InitOptions["role"], { rpc: url }: LocalnetNetwork): Promise<bigint> {
  const rpc = await connectRpc(url);
  try {
    const { params } = await createClient(Query, queryTransport(rpc)).params({});
    const bond = params?.params?.bond;
    return role === "miner"
      ? (bond?.minerSlot ?? 0n) * minerSlots
      : (bond?.verifier ?? 0n) * verifierTimes;
  } finally {
    rpc.close();
  }
}
