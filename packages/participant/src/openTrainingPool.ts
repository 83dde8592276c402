/** Opens pools as the chain describes them, with sessions that run their programs. Each is opened once, and kept until it is over. */
import { setImmediate } from "node:timers/promises";
import type { Client } from "@connectrpc/connect";
import type { Backend, Session, WeightSource } from "@r3mes/engine";
import { nodeSha256 } from "@r3mes/engine/node";
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

export interface TrainingPool {
  readonly opened: OpenedPool;
  /** Prepared for the pool's training program. */
  readonly session: () => Promise<Session>;
  /** Prepared for its forward part. */
  readonly evaluation: () => Promise<Session>;
}

export interface PoolOpenerDeps {
  readonly query: Client<typeof Query>;
  readonly content: ContentSource;
  readonly backend: Backend;
}

export function createPoolOpener(deps: PoolOpenerDeps): (pool: bigint) => Promise<TrainingPool> {
  const pools = new Map<bigint, Promise<TrainingPool>>();
  const shared: Shared = { readers: new Map(), sessions: new Map() };
  const livePools = createLivePools(deps.query);
  return (id) =>
    kept(pools, id, async () => {
      await forgetOver();
      return openTrainingPool(deps, shared, id);
    });

  /** What only pools need that are over makes room for the one that is opened; the others go on. */
  async function forgetOver(): Promise<void> {
    const before = { pools: [...pools.keys()], sessions: [...shared.sessions.keys()] };
    const live = await livePools();
    const isLive = new Set(live.map(({ id }) => id));
    for (const id of before.pools) if (!isLive.has(id)) pools.delete(id);
    const models = new Set(live.map(({ modelId }) => modelId));
    for (const id of shared.readers.keys()) if (!models.has(id)) shared.readers.delete(id);
    const needed = new Set(live.flatMap((pool) => parts.map((part) => keyOf(pool, part))));
    for (const key of before.sessions) {
      if (!needed.has(key)) await endSession(shared.sessions, key);
    }
  }
}

/** What pools have in common. */
interface Shared {
  /** By model: pools of one share its backbone. */
  readonly readers: Map<bigint, PoolReader>;
  /** By model, program and part: pools that run one program share its session, since every step writes what it reads. */
  readonly sessions: Map<string, Promise<Endable>>;
}

const parts = ["training", "evaluation"] as const;

function keyOf({ modelId, program }: Pool, part: (typeof parts)[number]): string {
  return `${modelId}/${program}/${part}`;
}

async function endSession(sessions: Shared["sessions"], key: string): Promise<void> {
  const prepared = sessions.get(key);
  sessions.delete(key);
  // One that could not be prepared holds nothing.
  const open = await prepared?.catch(() => undefined);
  await open?.end();
}

async function openTrainingPool(
  deps: PoolOpenerDeps,
  { readers, sessions }: Shared,
  id: bigint,
): Promise<TrainingPool> {
  const records = await recordsOfPool(deps.query, id);
  const { modelId } = records.pool;
  const read = readers.get(modelId) ?? createPoolReader(deps.content, nodeSha256);
  readers.set(modelId, read);
  const opened = keepFetched(await read(records));
  const weights: WeightSource = async (name) => {
    await setImmediate();
    return opened.weights(name);
  };
  const prepare = async (part: (typeof parts)[number], program: OpenedPool["evaluation"]) => {
    const key = keyOf(records.pool, part);
    const { session } = await kept(sessions, key, async () =>
      endable(forgetLost(await deps.backend.prepare(program, weights), () => sessions.delete(key))),
    );
    return session;
  };
  return {
    opened,
    session: () => prepare("training", opened.plan.program),
    evaluation: () => prepare("evaluation", opened.evaluation),
  };
}
