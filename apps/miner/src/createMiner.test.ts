import { setImmediate } from "node:timers/promises";
import type { Inclusion } from "@r3mes/chain-client";
import { programWork, type Session } from "@r3mes/engine";
import { buildTrainingProgram, initialFactors } from "@r3mes/models";
import { TINY_ADAPTER, TINY_SHAPE, tinyWeights } from "@r3mes/models/testing";
import { createDevice, type Device } from "@r3mes/participant";
import { encodeAddress, R3mesError, toHex } from "@r3mes/protocol";
import {
  DutyKind,
  EventChunkLeasedSchema,
  MsgClaimChunkSchema,
  PoolStatus,
  RoundPhase,
} from "@r3mes/protocol/messages";
import { memoryStore } from "@r3mes/storage";
import { freshAdapter, stateBytes, type TrainingPlan, trainChunk } from "@r3mes/training";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createMiner } from "./createMiner.ts";
import type { MinerDeps } from "./minerDeps.ts";
import type { MinerRecord, WorkRecord } from "./minerRecord.ts";
import type { Look } from "./minerStatus.ts";
import { createSpeed } from "./speed.ts";

const log = { debug() {}, info() {}, warn() {} } as unknown as MinerDeps["log"] &
  Parameters<typeof createDevice>[1];
const operator = encodeAddress(new Uint8Array(20).fill(7));
const program = buildTrainingProgram(TINY_SHAPE, {
  ...{ sequences: 1, length: 8, adapter: TINY_ADAPTER, optimizer: "adam" },
});
const plan: TrainingPlan = {
  ...{ pool: 1n, program, localSteps: 4, sequences: 1, length: 8 },
  ...{ learningRates: [100_000], decay: 0, density: 90 },
  outer: { momentum: 128, learningRate: 640 },
};
const weights = tinyWeights(program, 1);
const adapter = freshAdapter(plan, initialFactors(program, { low: 1, high: 0 }));
const shards = new Map([[0, Uint32Array.from({ length: 400 }, (_, i) => (i * 7) % 50)]]);
const roundSeed = new Uint8Array(32).fill(5);

let device: Device;
beforeAll(async () => {
  device = await createDevice({ threads: 1, bytesMax: 2 ** 24, niceness: 0 }, log);
});
afterAll(() => device.close());

/** A pool with three chunks in its queue; a lease and its chunk have one number. A commitment is for the oldest lease whose work is journaled. */
function chain(records: readonly MinerRecord[]) {
  const leased: bigint[] = [];
  const committed = new Set<bigint>();
  const inHand = () => leased.filter((id) => !committed.has(id));
  const round = () => ({
    ...{ poolId: 1n, number: 1, adapterId: 0n, seed: roundSeed, phase: RoundPhase.TRAINING },
    ...{ trainingEndHeight: 0n, nextPosition: leased.length },
    ...{ leased: inHand().length, committed: committed.size },
  });
  const pool = { id: 1n, status: PoolStatus.OPEN, chunksPerRound: 3, leaseBlocks: 1_000_000 };
  const query = {
    duties: async () => ({
      duties: inHand().map((id) => ({
        ...{ kind: DutyKind.COMMIT, id, fromHeight: 0n, endHeight: 1_000_000n },
      })),
    }),
    pool: async () => ({ pool, round: round() }),
    round: async () => ({ round: round() }),
    model: async () => ({ model: { initialAdapterCid: new Uint8Array(36) } }),
    estimate: async () => ({ chunkWork: 1n, minerTotal: 1n }),
    lease: async ({ id }: { readonly id: bigint }) => ({
      lease: { id, poolId: 1n, round: 1, chunk: id },
    }),
  } as unknown as MinerDeps["query"];
  const claim = () => {
    expect(inHand().length).toBeLessThan(2);
    const id = leased.length + 1;
    leased.push(BigInt(id));
    const attributes = [
      { key: "lease_id", value: `"${id}"` },
      { key: "chunk", value: `"${id}"` },
    ];
    return { type: EventChunkLeasedSchema.typeName, attributes };
  };
  const commit = () => {
    const isDone = (id: bigint) =>
      records.some((record) => record.kind === "work" && record.lease === String(id));
    committed.add(inHand().find(isDone)!);
  };
  const submit: MinerDeps["submit"] = async ([message]) => {
    const isClaim = message!.typeUrl === `/${MsgClaimChunkSchema.typeName}`;
    const events = isClaim ? [claim()] : [];
    if (!isClaim) commit();
    return { height: 1n, index: 0, result: { events } } as unknown as Inclusion;
  };
  return { query, submit, leased, committed };
}

const options = { chainId: "test-1", operator, owner: operator, leases: 2 };

function ports(session: Session) {
  return {
    pools: async () => [1n],
    ...{ store: memoryStore(), speed: createSpeed(() => 0) },
    bring: () => Promise.reject(new Error("nothing is asked for")),
    referee: () => Promise.reject(new Error("nothing is disputed")),
    openPool: async () => ({
      opened: { plan, weights, adapter: async () => adapter, shards: async () => shards },
      session,
    }),
    salt: () => new Uint8Array(32).fill(3),
    monotonicMs: () => 0,
    blockMs: () => 1_000,
  } as unknown as Omit<MinerDeps, "query" | "submit" | "log" | "journal">;
}

test("of two leased chunks the device begins the second before the first is written down, and neither is changed by it", async () => {
  const records: MinerRecord[] = [];
  const { query, submit, committed } = chain(records);
  const plain = await device.prepare(program, weights);
  const prepared = await device.prepare(program, weights);
  let runs = 0;
  let beginSecond = () => {};
  const hasBegunSecond = new Promise<void>((resolve) => {
    beginSecond = resolve;
  });
  const session: Session = {
    ...prepared,
    run(...shown) {
      runs += 1;
      if (runs > plan.localSteps) beginSecond();
      return prepared.run(...shown);
    },
  };
  const journal = {
    records,
    async append(record: MinerRecord) {
      // Whoever trains one chunk after the other waits here for ever.
      if (record.kind === "work" && record.lease === "1") await hasBegunSecond;
      records.push(record);
    },
    close: async () => {},
  };
  const miner = createMiner(options, { ...ports(session), query, submit, log, journal });
  for (let height = 1n; committed.size < 3; height += 1n) {
    await miner.tick(height);
    await setImmediate();
  }
  const works = records.filter((record): record is WorkRecord => record.kind === "work");
  expect(works.map(({ lease }) => lease)).toEqual(["1", "2", "3"]);
  for (const { lease, stateRoots, updateRoot } of works) {
    const leased = { round: 1, chunk: Number(lease), roundSeed, shards };
    const alone = await trainChunk(plain, { plan, leased, adapter });
    expect(stateRoots).toEqual(alone.stateRoots.map(toHex));
    expect(updateRoot).toBe(toHex(alone.updateRoot));
  }
});

test("what the next chunk needs is fetched while the one before it is trained", async () => {
  const records: MinerRecord[] = [];
  const { query, submit, leased } = chain(records);
  const prepared = await device.prepare(program, weights);
  let steps = 0;
  let isSecondFetched = () => {};
  const hasFetchedSecond = new Promise<void>((resolve) => {
    isSecondFetched = resolve;
  });
  const session: Session = {
    ...prepared,
    // One step tells how fast it is. Whoever fetches when training begins waits for the second one for ever.
    async readAll(names) {
      steps += 1;
      const isLater = steps > 1;
      const state = prepared.readAll!(names);
      if (isLater) await hasFetchedSecond;
      return state;
    },
  };
  const opened = {
    // So many steps that the device has not heard of the last ones, and lets nobody go.
    ...{ plan: { ...plan, localSteps: 8 }, weights, adapter: async () => adapter },
    async shards() {
      if (leased.length === 2) isSecondFetched();
      return shards;
    },
  };
  const miner = createMiner(options, {
    ...{ ...ports(session), query, submit, log },
    openPool: async () => ({ opened, session }),
    journal: { records, append: async (record: MinerRecord) => void records.push(record) },
  } as unknown as MinerDeps);
  for (let height = 1n; records.length < 2; height += 1n) {
    await miner.tick(height);
    await setImmediate();
  }
  expect(leased.length).toBeGreaterThan(1);
});

test("a disk without room for a chunk says so and leases nothing, until there is room for it and for those in hand", async () => {
  const records: MinerRecord[] = [];
  const { query, submit, leased } = chain(records);
  const codes: unknown[] = [];
  let freeBytes = 6 * stateBytes(plan) - 1;
  let trained = () => {};
  const hasTrained = new Promise<void>((resolve) => {
    trained = resolve;
  });
  const miner = createMiner(options, {
    ...ports(await device.prepare(program, weights)),
    ...{ query, submit },
    log: { ...log, warn: ({ error }: { error: { code: string } }) => codes.push(error.code) },
    // Its work is trained and never written down, so that its lease stays in hand.
    journal: {
      records,
      append() {
        trained();
        return new Promise(() => {});
      },
    },
    disk: { path: "store", freeBytes: async () => freeBytes },
  } as unknown as MinerDeps);
  let height = 0n;
  const tick = async () => {
    height += 1n;
    await miner.tick(height);
    await setImmediate();
  };
  while (codes.length < 2) await tick();
  expect(leased).toEqual([]);
  freeBytes += 1;
  while (leased.length < 1) await tick();
  codes.length = 0;
  while (codes.length < 2) await tick();
  expect(leased).toEqual([1n]);
  expect(new Set(codes)).toEqual(new Set(["DISK_FULL"]));
  await hasTrained;
});

test("a device that is too slow ends a chunk whose lease is over, says so, and leases none until it may be quicker", async () => {
  const records: MinerRecord[] = [];
  const { query, submit, leased } = chain(records);
  const prepared = await device.prepare(program, weights);
  let over = false;
  let heardOfEnd = () => {};
  const hasHeardOfEnd = new Promise<void>((resolve) => {
    heardOfEnd = resolve;
  });
  const session = {
    ...prepared,
    // Of 1,000,000 blocks of a second that a lease lasts, a step takes more than half.
    lastRun: () => ({ ms: 600_000_000, ranMs: 600_000_000 }),
    async run(...shown: Parameters<Session["run"]>) {
      over = true;
      await hasHeardOfEnd;
      await prepared.run(...shown);
    },
  };
  const told: Record<string, unknown>[] = [];
  const slowFor: (readonly bigint[])[] = [];
  const miner = createMiner(options, {
    ...ports(session),
    submit,
    query: {
      ...query,
      estimate: async () => ({ chunkWork: BigInt(programWork(program) * 4), minerTotal: 1n }),
      // The lease ends while the first step runs.
      duties: async (request: never) => (over ? { duties: [] } : await query.duties(request)),
    },
    log: { ...log, warn: (facts: Record<string, unknown>) => told.push(facts) },
    onLook: (look: Look) => slowFor.push(look.slowFor),
    journal: {
      records,
      async append(record: MinerRecord) {
        records.push(record);
      },
    },
  } as unknown as MinerDeps);
  await miner.tick(1n);
  for (let height = 2n; !over; height += 1n) {
    await miner.tick(height);
    await setImmediate();
  }
  for (let height = 1_000_000n; told.length < 2; height += 1n) {
    await miner.tick(height);
    heardOfEnd();
    await setImmediate();
  }
  for (let i = 0n; i < 3n; i += 1n) await miner.tick(2_000_000n + i);
  expect(leased).toEqual([1n]);
  expect(records).toEqual([]);
  // Its log says it once, its status as long as it holds.
  expect([slowFor[0], ...slowFor.slice(-3)]).toEqual([[], [1n], [1n], [1n]]);
  expect(told.map(({ error, pool }) => (error as { code: string })?.code ?? pool).sort()).toEqual([
    "1",
    "LEASE_EXPIRED",
  ]);
});

test("a miner whom the chain leases nothing for a while hears until when, once, and does not ask before", async () => {
  const { query, leased } = chain([]);
  const told: unknown[][] = [];
  const looks: Look[] = [];
  let claims = 0;
  const miner = createMiner(options, {
    ...ports({} as Session),
    query: { ...query, participant: async () => ({ participant: { pausedUntil: 50n } }) },
    async submit() {
      claims += 1;
      throw new R3mesError({ code: "LEASE_LIMIT_REACHED" });
    },
    log: { ...log, warn: (...facts: unknown[]) => told.push(facts) },
    onLook: (look: Look) => looks.push(look),
    journal: { records: [], append: async () => {} },
  } as unknown as MinerDeps);
  let height = 1n;
  for (; claims === 0; height += 1n) {
    await miner.tick(height);
    await setImmediate();
  }
  for (; height < 50n; height += 1n) await miner.tick(height);
  expect([claims, leased.length, looks.at(-1)!.pausedUntil]).toEqual([1, 0, 50n]);
  expect(told).toEqual([[{ height: "50" }, expect.stringMatching(/left chunks behind/)]]);
  await miner.tick(50n);
  expect([claims, looks.at(-1)!.pausedUntil]).toEqual([2, null]);
  expect(told).toHaveLength(1);
});

test("what one case waits for holds up no other", async () => {
  const asked: bigint[] = [];
  const duties = [4n, 5n].map((id) => ({
    ...{ kind: DutyKind.POST_TRACE, id, fromHeight: 0n, endHeight: 60n },
  }));
  const miner = createMiner({ ...options, leases: 0 }, {
    ...{ ...ports({} as Session), log },
    query: {
      duties: async () => ({ duties }),
      // Nobody offers what it needs, and nobody says so.
      case: ({ id }: { readonly id: bigint }) => {
        asked.push(id);
        return new Promise(() => undefined);
      },
    },
    journal: { records: [], append: async () => {} },
  } as unknown as MinerDeps);
  for (let height = 1n; height < 4n; height += 1n) {
    await miner.tick(height);
    await setImmediate();
  }
  expect(asked).toEqual([4n, 5n]);
});
