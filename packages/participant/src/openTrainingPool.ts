/** Opens pools as the chain describes them, with sessions that run their programs. Each is opened once, and kept until it is over. */
import { setImmediate } from "node:timers/promises";
import type { Client } from "@connectrpc/connect";
import type { Session, SharedBackend, WeightSource } from "@r3mes/engine";
import { nodeSha256 } from "@r3mes/engine/node";
import { assert } from "@r3mes/protocol";
import type { Pool, Query } from "@r3mes/protocol/messages";
import {
  type ContentSource,
  createPoolReader,
  type OpenedPool,
  type PoolReader,
} from "@r3mes/training";
import { createLivePools } from "./createLivePools.ts";
import { type Endable, endable } from "./device/endable.ts";
import { forgetLost } from "./device/forgetLost.ts";
import { keepFetched } from "./keepFetched.ts";
import { kept } from "./kept.ts";
import { recordsOfPool } from "./recordsOfPool.ts";

type PoolPart = "training" | "evaluation";

export interface TrainingPool {
  readonly opened: OpenedPool;
  /** Prepared for the pool's training program. */
  readonly session: () => Promise<Session>;
  /** Prepared for its forward part, where pools are opened for it. */
  readonly evaluation: () => Promise<Session>;
}

export interface PoolOpenerOptions {
  /** What pools are opened for: the programs of one machine, with one backbone, which run one at a time. */
  readonly parts: readonly PoolPart[];
}

export interface PoolOpenerDeps {
  readonly query: Client<typeof Query>;
  readonly content: ContentSource;
  readonly backend: SharedBackend;
}

export function createPoolOpener(
  options: PoolOpenerOptions,
  deps: PoolOpenerDeps,
): (pool: bigint) => Promise<TrainingPool> {
  const pools = new Map<bigint, Promise<TrainingPool>>();
  const shared: Shared = { readers: new Map(), machines: new Map() };
  const livePools = createLivePools(deps.query);
  return (id) =>
    kept(pools, id, async () => {
      await forgetOver();
      return openTrainingPool(options, { ...deps, ...shared }, id);
    });

  /** What only pools need that are over makes room for the one that is opened; the others go on. */
  async function forgetOver(): Promise<void> {
    const before = { pools: [...pools.keys()], machines: [...shared.machines.keys()] };
    const live = await livePools();
    const isLive = new Set(live.map(({ id }) => id));
    for (const id of before.pools) if (!isLive.has(id)) pools.delete(id);
    const models = new Set(live.map(({ modelId }) => modelId));
    for (const id of shared.readers.keys()) if (!models.has(id)) shared.readers.delete(id);
    const needed = new Set(live.map(keyOf));
    for (const key of before.machines) {
      if (!needed.has(key)) await endMachine(shared.machines, key);
    }
  }
}

/** What pools have in common. */
interface Shared {
  /** By model: pools of one share its backbone. */
  readonly readers: Map<bigint, PoolReader>;
  /** By model and program: pools that run one program share its machine, since every step writes what it reads. */
  readonly machines: Map<string, Promise<Endable>>;
}

function keyOf({ modelId, program }: Pool): string {
  return `${modelId}/${program}`;
}

async function endMachine(machines: Shared["machines"], key: string): Promise<void> {
  const prepared = machines.get(key);
  machines.delete(key);
  // One that could not be prepared holds nothing.
  const open = await prepared?.catch(() => undefined);
  await open?.end();
}

async function openTrainingPool(
  { parts }: PoolOpenerOptions,
  { query, content, backend, readers, machines }: PoolOpenerDeps & Shared,
  id: bigint,
): Promise<TrainingPool> {
  const records = await recordsOfPool(query, id);
  const { modelId } = records.pool;
  const read = readers.get(modelId) ?? createPoolReader(content, nodeSha256);
  readers.set(modelId, read);
  const opened = keepFetched(await read(records));
  const weights: WeightSource = async (name) => {
    await setImmediate();
    return opened.weights(name);
  };
  const programs = { training: opened.plan.program, evaluation: opened.evaluation };
  const key = keyOf(records.pool);
  const prepare = async () => {
    const members = parts.map((part) => ({ program: programs[part], state: part }));
    const prepared = await backend.prepareAll(members, weights);
    return endable(prepared.map((one) => forgetLost(one, () => machines.delete(key))));
  };
  const sessionOf = async (part: PoolPart) => {
    assert(parts.includes(part), "whoever opens pools says what they are opened for");
    const { sessions } = await kept(machines, key, prepare);
    return sessions[parts.indexOf(part)]!;
  };
  return {
    opened,
    session: () => sessionOf("training"),
    evaluation: () => sessionOf("evaluation"),
  };
}
