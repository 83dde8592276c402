import { recordsOf } from "@r3mes/engine";
import { type CasePlayer, challengeMessage } from "@r3mes/participant";
import {
  type Case,
  CaseOutcome,
  Fault,
  type QueryCaseResponse,
  SubmissionStatus,
} from "@r3mes/protocol/messages";
import { memoryStore } from "@r3mes/storage";
import { afterAll, beforeAll, expect, test } from "vitest";
import { wrongTile } from "./actors/wrongTile.ts";
import { type Actor, createActor, createKey } from "./createActor.ts";
import {
  createChallenger,
  createWorkingMiner,
  createWorkingVerifier,
  type Workplace,
} from "./createWorkers.ts";
import { foundNetwork, remes } from "./foundNetwork.ts";
import { type RunningChain, startChain } from "./startChain.ts";
import { openSessions, runActors } from "./trainingPool.ts";

/** Where the cheats' devices are wrong. */
const WRONG_TENSOR = "layers.0.q.y";

const cleanups: (() => Promise<unknown>)[] = [];
let chain: RunningChain;
let place: Workplace;
let actors: Readonly<Record<(typeof names)[number], Actor>>;
/** How the two cases ended: against a miner with a wrong tile, and of a challenger with one. */
let ofLiar: QueryCaseResponse;
let ofGriefer: QueryCaseResponse;

const names = ["sponsor", "miner", "liar", "griefer", "verifier-1", "verifier-2"] as const;

beforeAll(async () => {
  const keys = await Promise.all(names.map(createKey));
  const accounts = new Map(keys.map(({ address }) => [address, 20_000n * remes]));
  chain = await startChain({ accounts, blockMs: 1_000 });
  cleanups.push(() => chain.stop());
  const opened = await Promise.all(
    names.map(async (name, i) => [name, await createActor(name, keys[i]!, chain.rpc)] as const),
  );
  for (const [, actor] of opened) cleanups.push(() => actor.close());
  actors = Object.fromEntries(opened) as typeof actors;
  const { sponsor, miner, liar } = actors;
  const verifiers = [actors["verifier-1"], actors["verifier-2"]];
  const store = memoryStore();
  const founders = { sponsor, miners: [miner, liar], verifiers };
  place = { store, pool: await foundNetwork(chain, founders, store) };
  await playBothCases();
});

afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function playBothCases(): Promise<void> {
  const { sponsor, miner, liar, griefer } = actors;
  const { query } = sponsor;
  const lie = (session: Parameters<typeof wrongTile>[0]) => wrongTile(session, WRONG_TENSOR);
  const player = createChallenger(griefer, place, lie);
  const workers = [
    createWorkingMiner(miner, place),
    createWorkingMiner(liar, place, lie),
    createWorkingVerifier(actors["verifier-1"], place),
    createWorkingVerifier(actors["verifier-2"], place),
    { tick: () => playCases(griefer, player) },
  ];
  await runActors(chain, workers, async () => {
    const { cases } = await query.cases({});
    const closed = (party: (one: Case) => boolean) =>
      cases.find((one) => party(one) && one.outcome !== CaseOutcome.UNSPECIFIED);
    const griefed = cases.find((one) => one.challenger === griefer.address);
    if (griefed === undefined) await challengeHonestWork(griefer, miner);
    const caught = closed((one) => one.defender === liar.address);
    const lost = closed((one) => one === griefed);
    if (caught === undefined || lost === undefined) return false;
    ofLiar = await query.case({ id: caught.id });
    ofGriefer = await query.case({ id: lost.id });
    return true;
  });
}

/** Moves in every open case of the actor in which it is to move. */
async function playCases(actor: Actor, player: CasePlayer): Promise<void> {
  const { cases } = await actor.query.cases({ party: actor.address });
  for (const { id } of cases) await player.play(id);
}

async function challengeHonestWork(griefer: Actor, miner: Actor): Promise<void> {
  const { submissions } = await griefer.query.submissions({ poolId: place.pool, round: 1 });
  const accepted = submissions.find(
    (one) => one.miner === miner.address && one.status === SubmissionStatus.ACCEPTED,
  );
  if (accepted !== undefined)
    await griefer.submit([challengeMessage(griefer.address, accepted.id)]);
}

test("a miner that defends a wrong tile is convicted by its execution, within sixty blocks", async () => {
  const { case: record, offences } = ofLiar;
  expect(record!.outcome).toBe(CaseOutcome.CONVICTED);
  expect(record!.closeHeight - record!.openHeight).toBeLessThanOrEqual(60n);
  expect(record!.executedHash).toHaveLength(32);
  expect(record!.executedHash).not.toEqual(record!.claim!.hash);
  const { opened } = await openSessions(actors.sponsor, place.store, place.pool);
  const operation = recordsOf(opened.plan.program)[record!.operation]!.operation.name;
  expect(operation).toBe(WRONG_TENSOR);
  const offence = offences.find(({ fault }) => fault === Fault.WRONG_STEP)!;
  expect(offence.offender).toBe(actors.liar.address);
  expect(offence.taken).toBeGreaterThan(0n);
});

test("a challenger that stands by a wrong tile loses its bond, half of it to the miner", () => {
  const { case: record, offences } = ofGriefer;
  expect(record!.outcome).toBe(CaseOutcome.ACQUITTED);
  expect(record!.executedHash).toEqual(record!.claim!.hash);
  const offence = offences.find(({ fault }) => fault === Fault.FALSE_CHALLENGE)!;
  expect(offence.offender).toBe(actors.griefer.address);
  expect(offence.taken).toBe(record!.bond);
  expect(2n * offence.awarded).toBe(record!.bond);
});

test("what the chain holds is what its records say", async () => {
  const { balances } = await actors.sponsor.query.supply({});
  for (const balance of balances) expect(balance.held, balance.account).toBe(balance.recorded);
});
