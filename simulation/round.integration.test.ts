import { chainMessage, decodeEvent } from "@r3mes/chain-client";
import { asUremes, toHex } from "@r3mes/protocol";
import {
  EventRewardWithdrawnSchema,
  MsgWithdrawRewardsSchema,
  SubmissionStatus,
} from "@r3mes/protocol/messages";
import { memoryStore } from "@r3mes/storage";
import { afterAll, expect, test } from "vitest";
import { skipSteps } from "./actors/skipSteps.ts";
import { type Actor, createActor, createKey } from "./createActor.ts";
import { createWorkingMiner, createWorkingVerifier } from "./createWorkers.ts";
import { foundNetwork, remes } from "./foundNetwork.ts";
import { payEqualChunks } from "./payEqualChunks.ts";
import { type Credit, readPay } from "./readPay.ts";
import { type RunningChain, startChain } from "./startChain.ts";
import { runActors } from "./trainingPool.ts";

const cleanups: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

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

test("chunks go from lease to pay, to the unit, on a real chain, and a miner that skips its steps earns nothing", async () => {
  const { chain, founders, store, pool } = await setup();
  const { query } = founders.sponsor;
  const place = { store, pool };
  const cheat = founders.miners[2]!;
  const actors = [
    ...founders.miners.map((miner) =>
      createWorkingMiner(miner, place, miner === cheat ? skipSteps : undefined),
    ),
    ...founders.verifiers.map((verifier) => createWorkingVerifier(verifier, place)),
  ];
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
  const workers = [...founders.miners.slice(0, 2), ...founders.verifiers];
  await run(async () => (await Promise.all(workers.map(earned))).every((amount) => amount > 0n));
  const withdrawn = await Promise.all(
    workers.map(async (worker) => {
      const message = chainMessage(MsgWithdrawRewardsSchema, { owner: worker.address });
      const { height, result } = await worker.submit([message]);
      const [paid] = result.events.flatMap(
        (event) => decodeEvent(EventRewardWithdrawnSchema, event) ?? [],
      );
      return { owner: worker.address, height, amount: paid!.amount };
    }),
  );
  await requireRulesOfPay(chain, founders.sponsor, pool, withdrawn);
  expect(await earned(cheat)).toBe(0n);
  const { submissions } = await query.submissions({ poolId: pool, round: 1 });
  const caught = new Set<SubmissionStatus>([SubmissionStatus.DISPUTED, SubmissionStatus.FAULTY]);
  const disputed = submissions.filter(({ status }) => caught.has(status));
  expect(disputed.map(({ miner }) => miner)).toEqual([cheat.address]);
  const { balances } = await query.supply({});
  for (const balance of balances) expect(balance.held, balance.account).toBe(balance.recorded);
});

/** Holds what was credited and withdrawn, to the unit, against the rules of spec/reward.md. */
async function requireRulesOfPay(
  chain: RunningChain,
  { query }: Actor,
  id: bigint,
  withdrawn: readonly Credit[],
): Promise<void> {
  const { pool } = await query.pool({ id });
  const { model } = await query.model({ id: pool!.modelId });
  const { params } = await query.params({});
  const steps = BigInt(pool!.hyperparameters!.localSteps);
  const chunk = {
    price: asUremes(pool!.chunkPrice),
    work: model!.programs[pool!.program]!.work * steps,
    seats: 2,
  };
  const { epochs, credits } = await readPay(chain.rpc);
  let matured = 0;
  for (const { minted, accepted } of epochs) {
    const pay = payEqualChunks(accepted.length, chunk, params!.params!.reward!);
    expect(minted).toBe(pay.minted);
    const paid = [...credits].filter(([submission]) => accepted.includes(submission));
    for (const [i, [, credited]] of paid.entries()) {
      const { miner, verifiers, dataProvider } = pay.chunks[i]!;
      expect(credited.map(({ amount }) => amount)).toEqual([miner, ...verifiers, dataProvider]);
    }
    matured += paid.length;
  }
  expect(matured).toBe(credits.size);
  const everything = [...credits.values()].flat();
  for (const { owner, height, amount } of withdrawn) {
    const before = everything.filter((one) => one.owner === owner && one.height < height);
    expect(before.reduce((sum, one) => sum + one.amount, 0n)).toBe(amount);
  }
}
