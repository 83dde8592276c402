import { chainMessage, decodeEvent } from "@r3mes/chain-client";
import { createWasmBackend } from "@r3mes/engine";
import { createNodeWasmHost, createReferee } from "@r3mes/engine/node";
import { toHex } from "@r3mes/protocol";
import {
  EventRewardWithdrawnSchema,
  MsgWithdrawRewardsSchema,
  SubmissionStatus,
} from "@r3mes/protocol/messages";
import { type Journal, systemClock, systemRandomness } from "@r3mes/service";
import {
  type ContentStore,
  contentIdFromBytes,
  contentIdToBytes,
  memoryStore,
} from "@r3mes/storage";
import { openPool as openTrainingPool } from "@r3mes/training";
import { afterAll, expect, test } from "vitest";
import { createMiner } from "../apps/miner/src/createMiner.ts";
import type { MinerRecord } from "../apps/miner/src/minerRecord.ts";
import { createSpeed } from "../apps/miner/src/speed.ts";
import { createVerifier } from "../apps/verifier/src/createVerifier.ts";
import type { VerifierRecord } from "../apps/verifier/src/verifierRecord.ts";
import { skipSteps } from "./actors/skipSteps.ts";
import { type Actor, createActor, createKey } from "./createActor.ts";
import { type Founders, foundNetwork, remes } from "./foundNetwork.ts";
import { chainId, type RunningChain, startChain } from "./startChain.ts";

const cleanups: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const salt = () => systemRandomness.bytes(32);

/** Content by the chain's addresses, from one store that all share. */
function contentOf(store: ContentStore) {
  return {
    get: (cid: Uint8Array, bytesMax: number) => store.get(contentIdFromBytes(cid), { bytesMax }),
    async openFolder(cid: Uint8Array) {
      const folder = await store.openFolder(contentIdFromBytes(cid));
      return new Map([...folder].map(([name, id]) => [name, contentIdToBytes(id)]));
    },
  };
}

async function setup() {
  const keys = await Promise.all(Array.from({ length: 6 }, createKey));
  const accounts = new Map(keys.map(({ address }) => [address, 20_000n * remes]));
  const chain = await startChain({ accounts, blockMs: 1_000 });
  cleanups.push(() => chain.stop());
  const names = ["sponsor", "miner-1", "miner-2", "cheat", "verifier-1", "verifier-2"];
  const actors = await Promise.all(keys.map((key, i) => createActor(names[i]!, key, chain.rpc)));
  for (const actor of actors) cleanups.push(() => actor.close());
  const [sponsor, ...rest] = actors as [Actor, ...Actor[]];
  const founders = { sponsor, miners: rest.slice(0, 3), verifiers: rest.slice(3) };
  const store = memoryStore();
  const pool = await foundNetwork(chain, founders, store);
  return { chain, founders, store, pool };
}

async function openSessions(actor: Actor, store: ContentStore, pool: bigint) {
  const { pool: record } = await actor.query.pool({ id: pool });
  const { model } = await actor.query.model({ id: record!.modelId });
  const { dataset } = await actor.query.dataset({ id: record!.datasetId });
  const records = { pool: record!, model: model!, dataset: dataset! };
  const opened = await openTrainingPool(records, contentOf(store));
  const backend = createWasmBackend(createNodeWasmHost(), { threads: 1 });
  const training = await backend.prepare(opened.plan.program, opened.weights);
  const evaluation = await backend.prepare(opened.evaluation, opened.weights);
  const evaluated = async () => evaluation;
  return { opened, session: training, training: async () => training, evaluation: evaluated };
}

test("chunks go from lease to pay on a real chain, and a miner that skips its steps earns nothing", async () => {
  const { chain, founders, store, pool } = await setup();
  const { query } = founders.sponsor;
  const actors = await createActors(founders, store, pool);
  const run = (until: () => Promise<boolean>) => runActors(chain, actors, until);

  await run(async () => (await query.adapters({})).adapters.length === 2);
  const { adapters } = await query.adapters({});
  for (const [i, adapter] of adapters.entries()) {
    const { round } = await query.round({ poolId: pool, number: i + 1 });
    expect(round).toMatchObject({
      committed: 3,
      revealed: 3,
      accepted: 2,
      resultAdapterId: adapter.id,
    });
    const { attestations } = await query.attestations({ poolId: pool, round: i + 1 });
    expect(new Set(attestations.map(({ root }) => toHex(root))).size).toBeLessThanOrEqual(1);
  }
  expect(adapters[1]!.parentId).toBe(adapters[0]!.id);
  expect(adapters[1]!.heldOutLoss).toBeLessThan(adapters[0]!.heldOutLoss);

  const earned = async (actor: Actor) => (await query.rewards({ owner: actor.address })).amount;
  const cheat = founders.miners[2]!;
  const workers = [...founders.miners.slice(0, 2), ...founders.verifiers];
  await run(async () => (await Promise.all(workers.map(earned))).every((amount) => amount > 0n));
  for (const worker of workers) {
    const { result } = await worker.submit([
      chainMessage(MsgWithdrawRewardsSchema, { owner: worker.address }),
    ]);
    const paid = result.events.flatMap(
      (event) => decodeEvent(EventRewardWithdrawnSchema, event) ?? [],
    );
    expect(paid[0]?.amount).toBeGreaterThan(0n);
  }
  expect(await earned(cheat)).toBe(0n);
  const { submissions } = await query.submissions({ poolId: pool, round: 1 });
  const disputed = submissions.filter(({ status }) => status === SubmissionStatus.DISPUTED);
  expect(disputed.map(({ miner }) => miner)).toEqual([cheat.address]);
  const { balances } = await query.supply({});
  for (const balance of balances) expect(balance.held, balance.account).toBe(balance.recorded);
});

type Actors = readonly { tick(height: bigint): Promise<unknown> }[];

async function createActors(
  founders: Founders,
  store: ContentStore,
  pool: bigint,
): Promise<Actors> {
  const shared = await openSessions(founders.sponsor, store, pool);
  const openPool = async () => shared;
  const idle = { ...shared, session: skipSteps(shared.session) };
  const { get: fetch } = contentOf(store);
  const referee = createReferee();
  const miners = founders.miners.map((actor, i) =>
    createMiner(
      { chainId, operator: actor.address, owner: actor.address, pool, leases: 1 },
      {
        ...actor,
        journal: actor.journal as Journal<MinerRecord>,
        store,
        fetch,
        referee,
        openPool: i === 2 ? async () => idle : openPool,
        salt,
        speed: createSpeed(),
        monotonicMs: systemClock.monotonicMs,
        blockMs: () => 1_000,
      },
    ),
  );
  const verifiers = founders.verifiers.map((actor) =>
    createVerifier(
      { chainId, operator: actor.address, owner: actor.address, pools: [pool] },
      {
        ...actor,
        journal: actor.journal as Journal<VerifierRecord>,
        store,
        fetch,
        referee,
        openPool,
        salt,
      },
    ),
  );
  return [...miners, ...verifiers];
}

/** Lets every actor act once at each height, until the condition holds. */
async function runActors(
  chain: RunningChain,
  actors: Actors,
  until: () => Promise<boolean>,
): Promise<void> {
  const end = systemClock.monotonicMs() + 400_000;
  let seen = 0n;
  while (systemClock.monotonicMs() < end) {
    const { latestHeight } = await chain.rpc.status();
    if (latestHeight > seen) {
      seen = latestHeight;
      await Promise.all(actors.map((actor) => actor.tick(latestHeight)));
      if (await until()) return;
    }
    await systemClock.sleep(100);
  }
  throw new Error("the network did not get there in time");
}
