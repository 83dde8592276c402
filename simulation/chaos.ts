/**
 * Kills random processes of a real localnet, again and again, and looks whether anything was lost: `npm run chaos -- --minutes 3`.
 * Rounds must go on, nobody honest may be fined, no promise may be made twice, and the money must balance.
 */
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createClient } from "@connectrpc/connect";
import { connectRpc, queryTransport } from "@r3mes/chain-client";
import { Fault, Query } from "@r3mes/protocol/messages";
import { openJournal, systemClock } from "@r3mes/service";
import { contradictions } from "./contradictions.ts";

const door = join(import.meta.dirname, "../apps/cli/bin/r3mes.js");

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "3" },
    every: { type: "string", default: "8" },
  },
});
const minutes = Number(values.minutes);
const everySeconds = Number(values.every);

const home = await mkdtemp(join(tmpdir(), "r3mes-chaos-"));
const localnet = spawn(process.execPath, [door, "localnet", "--ports", "auto", "--home", home], {
  stdio: "inherit",
});
const ended = new Promise((resolve) => localnet.once("exit", resolve));
try {
  const kills = await torment();
  const network: Network = JSON.parse(await readFile(join(home, "localnet/network.json"), "utf8"));
  const found = { kills, ...(await onChain(network)) };
  localnet.kill("SIGTERM");
  await ended;
  // A journal is its process's own as long as that runs.
  const twice = await promisedTwice(network);
  const { versions, fines, unbalanced } = found;
  const ok = versions > 0 && fines.length + twice.length + unbalanced.length === 0;
  process.stdout.write(`${JSON.stringify({ ok, ...found, twice })}\n`);
  process.exitCode = ok ? 0 : 1;
} finally {
  localnet.kill("SIGTERM");
  await ended;
  await rm(home, { recursive: true, force: true });
}

/** Kills for the time that was asked for; returns how often. */
async function torment(): Promise<number> {
  const names = await untilRunning();
  const deadlineMs = systemClock.monotonicMs() + minutes * 60_000;
  let kills = 0;
  while (systemClock.monotonicMs() < deadlineMs && localnet.exitCode === null) {
    await systemClock.sleep(everySeconds * 1_000);
    const name = names[randomInt(names.length)]!;
    if (await kill(name)) kills += 1;
  }
  return kills;
}

/** Names of everything that may be killed: whoever takes part. The chain's own node is CometBFT's to test. */
async function untilRunning(): Promise<readonly string[]> {
  for (;;) {
    if (localnet.exitCode !== null) throw new Error("the localnet did not start");
    const { stdout } = await run(["localnet", "status", "--json", "--home", home]);
    const status = parse<{ processes?: readonly { name: string; state: string }[] }>(stdout);
    const others = (status?.processes ?? []).filter(({ name }) => !name.startsWith("validator"));
    if (others.length > 0 && others.every(({ state }) => state === "ready")) {
      return others.map(({ name }) => name);
    }
    await systemClock.sleep(2_000);
  }
}

async function kill(name: string): Promise<boolean> {
  const { code } = await run(["localnet", "kill", name, "--home", home]);
  if (code === 0) process.stdout.write(`killed ${name}\n`);
  return code === 0;
}

interface Network {
  readonly rpc: string;
  readonly processes: readonly {
    readonly name: string;
    readonly address?: string;
    readonly folder: string;
  }[];
}

async function onChain({ rpc: url, processes }: Network) {
  const rpc = await connectRpc(url);
  const query = createClient(Query, queryTransport(rpc));
  const { adapters } = await query.adapters({});
  const { balances } = await query.supply({});
  const fines: string[] = [];
  for (const { name, address } of processes) {
    if (address === undefined) continue;
    const { offences } = await query.offences({ owner: address });
    for (const { fault, subject } of offences) fines.push(`${name}: ${nameOf(fault)} ${subject}`);
  }
  rpc.close();
  return {
    versions: adapters.length,
    fines,
    unbalanced: balances.flatMap(({ held, recorded, account }) =>
      held === recorded ? [] : [account],
    ),
  };
}

async function promisedTwice({ processes }: Network): Promise<string[]> {
  const twice: string[] = [];
  for (const { name, address, folder } of processes) {
    if (address === undefined) continue;
    const journal = await openJournal(join(folder, "journal"));
    twice.push(...contradictions(journal.records).map((what) => `${name}: ${what}`));
    await journal.close();
  }
  return twice;
}

function nameOf(fault: Fault): string {
  return Object.entries(Fault).find(([, value]) => value === fault)?.[0] ?? "unknown";
}

function run(args: readonly string[]): Promise<{ code: number | null; stdout: string }> {
  const child = spawn(process.execPath, [door, ...args], { stdio: ["ignore", "pipe", "ignore"] });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, stdout })));
}

function parse<T>(text: string): T | null {
  try {
    return JSON.parse(text) as T;
  } catch {
    return null;
  }
}
