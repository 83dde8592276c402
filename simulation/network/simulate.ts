/**
 * The whole network in one process from one seed: the product's loops and training, the real keeper, simulated time, network and disks.
 * It is checked after every block; what was found, and what it cost whom, is the report.
 */
import { createHash } from "node:crypto";
import { Writable } from "node:stream";
import { type Client, createClient } from "@connectrpc/connect";
import { type ChainRpc, queryTransport } from "@r3mes/chain-client";
import { encodeAddress, R3mesError } from "@r3mes/protocol";
import { PoolStatus, Query } from "@r3mes/protocol/messages";
import { createLogger } from "@r3mes/service";
import type { MemoryPeer } from "@r3mes/storage/testing";
import { type Actor, type Cast, drawActors } from "./actors.ts";
import { wealthOf } from "./books.ts";
import { createFailures, type FaultKind } from "./breakNetwork.ts";
import { createNetworkChecks } from "./checkNetwork.ts";
import { createRecallCheck } from "./checkRecalls.ts";
import { createHealth } from "./createHealth.ts";
import { foundSimulatedNetwork } from "./foundSimulatedNetwork.ts";
import { createJudge } from "./judgeVersions.ts";
import { type Outcome, unfair } from "./outcome.ts";
import type { Devices } from "./prepareDevices.ts";
import { asked, type Remesim } from "./remesim.ts";
import { type Dice, seededDice } from "./seededDice.ts";
import { createSharedAnswers } from "./sharedAnswers.ts";
import { createSimulatedNode, type MadeBlock, type SimulatedNode } from "./simulatedNode.ts";
import {
  addressOf,
  createSimulatedParticipant,
  type Place,
  type SimulatedParticipant,
} from "./simulatedParticipant.ts";
import { createSimulatedSwarm } from "./simulatedSwarm.ts";
import { createSimulatedTime, type SimulatedTime } from "./simulatedTime.ts";

export interface SimulationOptions extends Cast {
  readonly seed: number;
  readonly rounds: number;
  /** Failures for each thousand blocks. With none the order of transactions is theirs too. */
  readonly faultsPerMille: number;
  /** Told of every line of the event log. */
  readonly onLine?: (line: string) => void;
  readonly onBlock?: (block: MadeBlock) => void;
}

export interface SimulationDeps {
  readonly remesim: Remesim;
  readonly devices: Devices;
}

export interface SimulationReport {
  readonly ok: boolean;
  readonly seed: number;
  readonly rounds: number;
  readonly blocks: number;
  readonly faults: number;
  readonly honestSlashed: number;
  /** How often an honest process was fined for what it could not do, by what that was and what kept it from it. */
  readonly excused: Readonly<Record<string, number>>;
  /** What all cheats together have won, less what they have lost, in uremes. */
  readonly cheatIncome: bigint;
  /** Of everything that has happened, in its order, in hex. */
  readonly logHash: string;
  readonly adapters: number;
  /** Chunks that were trained again because nobody offered their update. */
  readonly trainedAgain: number;
  /** What did not hold, in words. */
  readonly failures: readonly string[];
  readonly outcomes: readonly Outcome[];
}

interface World {
  readonly options: SimulationOptions;
  readonly time: SimulatedTime;
  readonly node: SimulatedNode;
  readonly place: Place;
  readonly query: Client<typeof Query>;
  readonly rpc: ChainRpc;
  readonly dice: (purpose: string) => Dice;
  readonly write: (line: string) => void;
  readonly logHash: () => string;
  readonly updatesMade: () => number;
  readonly failures: string[];
}

const chainId = "remesdev-1";
const startSeconds = 1_700_000_000;
const blockSeconds = 1;
/** It names files of this machine, and lines that any change moves: no part of what has happened. */
const stackOfError = /,"stack":"(?:[^"\\]|\\.)*"/g;
/** 1,000,000 REMES each. */
const fortune = 1_000_000_000_000n;
/** A round takes about 40 blocks; with redraws, disputes and failures some hundred. */
const blocksPerRoundMax = 800;

export async function simulate(
  options: SimulationOptions,
  { remesim, devices }: SimulationDeps,
): Promise<SimulationReport> {
  const world = createWorld(options, { remesim, devices });
  const { dice, node, failures } = world;
  const actors = drawActors(options, dice("actors"), (name) => addressOf(options.seed, name));
  const participants = await Promise.all(
    actors.map(async (actor, i) =>
      createSimulatedParticipant(
        { ...actor, device: await devices.device(i), stepMs: 50 + dice(actor.name).below(400) },
        world.place,
      ),
    ),
  );
  const sponsor = encodeAddress(dice("sponsor").bytes(20));
  const addresses = [...participants.map(({ address }) => address), sponsor];
  const balances = Object.fromEntries(addresses.map((address) => [address, String(fortune)]));
  asked(remesim, { start: { chainId, preset: "dev", time: String(startSeconds), balances } });
  // A chunk for each name that mines.
  const chunksPerRound = actors.filter(({ role }) => role === "miner").length;
  const founding = { rounds: options.rounds, chunksPerRound, sponsor };
  await foundSimulatedNetwork(founding, { node, query: world.query }, devices);
  const library = world.place.swarm.join({ isCut: () => false });
  for (const [hash, bytes] of devices.blocks) library.blocks.set(hash, bytes);

  const stopWatching = watchCrashes(failures);
  try {
    const stores = [library, ...participants.map(({ store }) => store)];
    const judge = createJudge({
      query: world.query,
      openPool: devices.openPool,
      device: await devices.device(actors.length),
      findBlock: (hash) => findBlock(stores, hash),
      isHonest: (address) =>
        actors.some(({ isHonest }, i) => isHonest && participants[i]!.address === address),
    });
    return await run(world, { actors, participants, judge });
  } finally {
    stopWatching();
  }
}

function createWorld(options: SimulationOptions, { remesim, devices }: SimulationDeps): World {
  const { seed } = options;
  const dice = (purpose: string) => seededDice(seed, "network", purpose);
  const time = createSimulatedTime();
  const { clock } = time;
  const hash = createHash("sha256");
  const write = (line: string) => {
    hash.update(line);
    options.onLine?.(line);
  };
  const order = dice("order");
  const node = createSimulatedNode(
    {
      ...{ chainId, startSeconds, blockSeconds },
      order: (waiting) => (options.faultsPerMille > 0 ? order.shuffled(waiting) : waiting),
    },
    { remesim, clock },
  );
  const stream = new Writable({
    write(line, _encoding, done) {
      write(String(line).trimEnd().replace(stackOfError, ""));
      done();
    },
  });
  const rpc = node.rpcOver({ isCut: () => false, delayMs: () => 0 });
  const failures: string[] = [];
  let updatesMade = 0;
  const place: Place = {
    ...{ chainId, seed, node, clock },
    decode: createSharedAnswers(),
    swarm: createSimulatedSwarm(clock),
    openPool: devices.openPool,
    log: (name) => createLogger({ name, level: "info", format: "json" }, { stream, clock }),
    onUpdateMade: () => {
      updatesMade += 1;
    },
    onCrash: (name, error) => failures.push(`${name} crashed: ${textOf(error)}`),
  };
  const query = createClient(Query, queryTransport(rpc));
  return {
    ...{ options, time, node, place, query, rpc, dice, write, failures },
    updatesMade: () => updatesMade,
    logHash: () => hash.copy().digest("hex"),
  };
}

interface Company {
  readonly actors: readonly Actor[];
  readonly participants: readonly SimulatedParticipant[];
  readonly judge: ReturnType<typeof createJudge>;
}

async function run(
  world: World,
  { actors, participants, judge }: Company,
): Promise<SimulationReport> {
  const { options, time, node, query, write, failures } = world;
  const first = node.height();
  const health = new Map(participants.map((participant) => [participant, createHealth()]));
  const watched = participants.map((participant, i) => ({
    ...actors[i]!,
    ...participant,
    health: health.get(participant)!,
  }));
  const checks = createNetworkChecks(watched);
  const recalls = createRecallCheck(watched.filter(({ role }) => role === "verifier"));
  const breaking = createFailures(
    {
      perMille: options.faultsPerMille,
      onFault: (kind: FaultKind, victim) => write(`${node.height()} ${kind}: ${victim.name}`),
      onAilment(ailment, victim) {
        const next = node.height() + 1n;
        // Whoever is found dead has died on the way to this block.
        if (ailment === "kill") health.get(victim)!.ail(next, ailment);
        health.get(victim)!.ail(next + 1n, ailment);
      },
    },
    participants,
    { dice: world.dice("faults"), clock: world.place.clock },
  );
  for (const participant of participants) participant.begin();

  const last = first + BigInt(options.rounds * blocksPerRoundMax);
  let status: PoolStatus = PoolStatus.OPEN;
  while (status !== PoolStatus.CLOSED && node.height() < last && failures.length === 0) {
    await time.runUntil(Number(node.height() - first + 1n) * blockSeconds * 1_000);
    breaking.beforeBlock();
    const block = node.makeBlock();
    note(block, write);
    options.onBlock?.(block);
    const found = [...checks.after(block), ...recalls.after(block, await judge(block))];
    failures.push(...found.map((what) => `height ${block.height}: ${what}`));
    status = (await query.pool({ id: 1n })).pool!.status;
  }
  if (status !== PoolStatus.CLOSED) failures.push(`the pool is not closed at ${node.height()}`);
  failures.push(...checks.atEnd(), ...recalls.atEnd());
  const outcomes = await outcomesOf(world, actors, participants, checks);
  failures.push(...outcomes.flatMap((outcome) => unfair(outcome, options.rounds)));
  const { adapters } = await query.adapters({});
  const { seed, rounds } = options;
  return {
    ...{ ok: failures.length === 0, seed, rounds, blocks: Number(node.height() - first) },
    faults: breaking.count(),
    honestSlashed: checks.honestSlashed(),
    excused: Object.fromEntries(checks.excused),
    cheatIncome: outcomes.reduce((sum, one) => sum + (one.isHonest ? 0n : one.change), 0n),
    logHash: world.logHash(),
    adapters: adapters.length,
    trainedAgain: world.updatesMade(),
    ...{ failures, outcomes },
  };
}

/** On any disk on which it has not rotted. */
function findBlock(stores: readonly MemoryPeer[], hash: string): Uint8Array | undefined {
  return stores
    .map(({ blocks }) => blocks.get(hash))
    .find((bytes) => bytes && createHash("sha256").update(bytes).digest("hex") === hash);
}

function note(block: MadeBlock, write: (line: string) => void): void {
  write(`${block.height} ${block.appHash}`);
  for (const { type, attributes } of block.events) {
    if (!type.startsWith("remes.")) continue;
    write(
      `${block.height} ${type} ${attributes.map(({ key, value }) => `${key}=${value}`).join(" ")}`,
    );
  }
  for (const { code, log } of block.transactions) {
    if (code !== 0) write(`${block.height} refused: ${log}`);
  }
}

async function outcomesOf(
  world: World,
  actors: readonly Actor[],
  participants: readonly SimulatedParticipant[],
  checks: ReturnType<typeof createNetworkChecks>,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [i, { address }] of participants.entries()) {
    const { live: _live, ...actor } = actors[i]!;
    outcomes.push({
      ...actor,
      address,
      mayBePaid: actor.mayBePaid || checks.pay.explained.has(address),
      change: (await wealthOf(address, world)) - fortune,
      credited: checks.pay.credited.get(address) ?? 0n,
      awarded: checks.awarded.get(address) ?? 0n,
      fines: checks.fines.get(address) ?? [],
    });
  }
  return outcomes;
}

/** A task that nobody awaits fails in the process, as it would in a participant's own. */
function watchCrashes(failures: string[]): () => void {
  const onRejection = (error: unknown) => failures.push(`a process crashed: ${textOf(error)}`);
  process.on("unhandledRejection", onRejection);
  return () => process.off("unhandledRejection", onRejection);
}

function textOf(error: unknown): string {
  if (error instanceof R3mesError) return JSON.stringify(error.toJSON());
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
