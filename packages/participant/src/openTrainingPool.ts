/** Opens pools as the chain describes them, with sessions that run their programs. Each is opened once and kept. */
import { setImmediate } from "node:timers/promises";
import type { Client } from "@connectrpc/connect";
import type { Backend, Session, WeightSource } from "@r3mes/engine";
import { sha256Of } from "@r3mes/models/node";
import type { Query } from "@r3mes/protocol/messages";
import {
  type ContentSource,
  createPoolReader,
  type OpenedPool,
  type PoolReader,
} from "@r3mes/training";
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
  const sessions: Sessions = new Map();
  const read = createPoolReader(deps.content, sha256Of);
  return (id) => kept(pools, id, () => openTrainingPool(deps, { sessions, read }, id));
}

/** By model, program and part: pools that run one program share its session, since every step writes what it reads. */
type Sessions = Map<string, Promise<Session>>;

async function openTrainingPool(
  deps: PoolOpenerDeps,
  { sessions, read }: { readonly sessions: Sessions; readonly read: PoolReader },
  id: bigint,
): Promise<TrainingPool> {
  const records = await recordsOfPool(deps.query, id);
  const opened = keepFetched(await read(records));
  const weights: WeightSource = async (name) => {
    await setImmediate();
    return opened.weights(name);
  };
  const prepare = (name: string, program: OpenedPool["evaluation"]) => {
    const key = `${records.pool.modelId}/${records.pool.program}/${name}`;
    return kept(sessions, key, async () =>
      forgetLost(await deps.backend.prepare(program, weights), () => sessions.delete(key)),
    );
  };
  return {
    opened,
    session: () => prepare("training", opened.plan.program),
    evaluation: () => prepare("evaluation", opened.evaluation),
  };
}
