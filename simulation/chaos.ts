/**
 * Kills random processes of a real localnet, again and again, and looks whether anything was lost: `npm run chaos -- --minutes 3`.
 * Rounds must go on, nobody honest may be convicted of a deed, no promise may be made twice, and the money must balance. Whoever was
 * dead when it was its turn pays for its silence; such fines are told, too.
 */
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@connectrpc/connect";
import { connectRpc, queryTransport } from "@r3mes/chain-client";
import { R3mesError } from "@r3mes/protocol";
import { type Fault, Query } from "@r3mes/protocol/messages";
import { openJournal, systemClock } from "@r3mes/service";
import { contradictions } from "./contradictions.ts";
import { nameOf, silence } from "./network/faults.ts";
import { readOptions } from "./readOptions.ts";

const usage = `Usage: npm run --silent chaos -- [options]

Kills random processes of a real localnet for a while and looks whether anything was lost.

  --minutes <n>   how long, once everything runs (3)
  --every <n>     seconds from one kill to the next (8)
  --together <n>  how many are killed at one moment (1)
  --home <dir>    keeps the network's folder there, with its logs (a temporary one that is removed)
  --help          this text
`;

const door = join(import.meta.dirname, "../apps/cli/bin/r3mes.js");

const { values, wholeNumber } = readOptions(usage, {
  minutes: { type: "string" },
  every: { type: "string" },
  together: { type: "string" },
  home: { type: "string" },
});
const minutes = wholeNumber("minutes", 3, 1);
const everySeconds = wholeNumber("every", 8, 1);
const together = wholeNumber("together", 1, 1);

const home = values.home ?? (await mkdtemp(join(tmpdir(), "r3mes-chaos-")));
const localnet = spawn(process.execPath, [door, "localnet", "--ports", "auto", "--home", home], {
  stdio: "inherit",
});
const ended = new Promise((resolve) => localnet.once("exit", resolve));
try {
  const kills = await torment();
  // The last one that was killed may be the node that is asked.
  await untilRunning();
  const network: Network = JSON.parse(await readFile(join(home, "localnet/network.json"), "utf8"));
  const found = { kills, ...(await onChain(network)) };
  localnet.kill("SIGTERM");
  await ended;
  // A journal is its process's own as long as that runs.
  const twice = await promisedTwice(network);
  const { versions, deeds, unbalanced } = found;
  const ok = versions > 0 && deeds.length + twice.length + unbalanced.length === 0;
  process.stdout.write(`${JSON.stringify({ ok, ...found, twice })}\n`);
  process.exitCode = ok ? 0 : 1;
} catch (error) {
  if (!(error instanceof R3mesError)) throw error;
  process.stderr.write(`${error.code}: ${error.message}. ${error.next}\n`);
  process.exitCode = 1;
} finally {
  localnet.kill("SIGTERM");
  await ended;
  if (values.home === undefined) await rm(home, { recursive: true, force: true });
}

/** Kills for the time that was asked for; returns how often. */
async function torment(): Promise<number> {
  const names = await untilRunning();
  const deadlineMs = systemClock.monotonicMs() + minutes * 60_000;
  let kills = 0;
  while (systemClock.monotonicMs() < deadlineMs) {
    await systemClock.sleep(everySeconds * 1_000);
    mustRun();
    const killed = await Promise.all(drawn(names).map(kill));
    kills += killed.filter(Boolean).length;
  }
  return kills;
}

/** Some of them, none twice. */
function drawn(names: readonly string[]): string[] {
  const left = [...names];
  const count = Math.min(together, left.length);
  return Array.from({ length: count }, () => left.splice(randomInt(left.length), 1)[0]!);
}

/** Names of everything, validators too: while one of few is gone the chain stands still, and everybody has to wait for it. */
async function untilRunning(): Promise<readonly string[]> {
  for (;;) {
    mustRun();
    const { stdout } = await run(["localnet", "status", "--json", "--home", home]);
    const status = parse<{ processes?: readonly { name: string; state: string }[] }>(stdout);
    const processes = status?.processes ?? [];
    if (processes.length > 0 && processes.every(({ state }) => state === "ready")) {
      return processes.map(({ name }) => name);
    }
    await systemClock.sleep(2_000);
  }
}

/** @throws LOCALNET_NOT_RUNNING; its own words are above */
function mustRun(): void {
  const hasEnded = localnet.exitCode !== null || localnet.signalCode !== null;
  if (hasEnded) throw new R3mesError({ code: "LOCALNET_NOT_RUNNING", home });
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
  const fines: { readonly fault: Fault; readonly text: string }[] = [];
  for (const { name, address } of processes) {
    if (address === undefined) continue;
    const { offences } = await query.offences({ owner: address });
    for (const { fault, subject } of offences) {
      fines.push({ fault, text: `${name}: ${nameOf(fault)} ${subject}` });
    }
  }
  const { pools } = await query.pools({});
  rpc.close();
  const told = (isSilence: boolean) =>
    fines.filter(({ fault }) => silence.has(fault) === isSilence).map(({ text }) => text);
  return {
    rounds: pools.reduce((most, { round }) => Math.max(most, round - 1), 0),
    versions: adapters.length,
    silences: told(true),
    deeds: told(false),
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
