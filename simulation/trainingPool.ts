/** The one pool of a test network, with sessions that all its actors share, and the loop in which they act. */
import { createWasmBackend } from "@r3mes/engine";
import { createNodeWasmHost } from "@r3mes/engine/node";
import { contentOf } from "@r3mes/participant";
import { systemClock } from "@r3mes/service";
import type { ContentStore } from "@r3mes/storage";
import { openPool } from "@r3mes/training";
import type { Actor } from "./createActor.ts";
import type { RunningChain } from "./startChain.ts";

export async function openSessions(actor: Actor, store: ContentStore, pool: bigint) {
  const { pool: record } = await actor.query.pool({ id: pool });
  const { model } = await actor.query.model({ id: record!.modelId });
  const { dataset } = await actor.query.dataset({ id: record!.datasetId });
  const records = { pool: record!, model: model!, dataset: dataset! };
  const opened = await openPool(records, contentOf(store));
  const backend = createWasmBackend(createNodeWasmHost(), { threads: 1 });
  const training = await backend.prepare(opened.plan.program, opened.weights);
  const evaluation = await backend.prepare(opened.evaluation, opened.weights);
  return {
    opened,
    session: training,
    training: async () => training,
    replay: async () => training,
    evaluation: async () => evaluation,
  };
}

export type Actors = readonly { tick(height: bigint): Promise<unknown> }[];

/** Lets every actor act once at each height, until the condition holds. */
export async function runActors(
  chain: RunningChain,
  actors: Actors,
  until: (height: bigint) => Promise<boolean>,
): Promise<void> {
  const end = systemClock.monotonicMs() + 400_000;
  let seen = 0n;
  while (systemClock.monotonicMs() < end) {
    const { latestHeight } = await chain.rpc.status();
    if (latestHeight > seen) {
      seen = latestHeight;
      await Promise.all(actors.map((actor) => actor.tick(latestHeight)));
      if (await until(latestHeight)) return;
    }
    await systemClock.sleep(100);
  }
  throw new Error("the network did not get there in time");
}
