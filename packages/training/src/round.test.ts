import { asHash, toHex, verifyListItems } from "@r3mes/protocol";
import { beforeAll, expect, test } from "vitest";
import { decodeAdapter, encodeAdapter } from "./adapter/adapter.ts";
import { aggregateRound } from "./aggregation/aggregateRound.ts";
import {
  type ChunkState,
  decodeState,
  encodeState,
  firstState,
  rootOfAdapter,
  rootOfState,
} from "./step/chunkState.ts";
import { placeOf, type TrainedChunk, trainChunk, updateOf } from "./step/trainChunk.ts";
import { openedItems, openStep } from "./submission/openStep.ts";
import { openTinySession, tinyAdapter, tinyLeasedChunk, tinyPlan } from "./testing/tinyPool.ts";
import {
  type AuditedWork,
  auditSubmission,
  verdictOf,
  withReplay,
} from "./verification/auditSubmission.ts";

const adapter = tinyAdapter();
const leased = tinyLeasedChunk(1, 0);
const auditSeed = new Uint8Array(32).fill(5);
let trained: TrainedChunk;
const states: ChunkState[] = [];

beforeAll(async () => {
  trained = await trainChunk(
    await openTinySession(),
    { plan: tinyPlan, leased, adapter },
    {
      onState: (t, state) => {
        states[t] = state;
      },
    },
  );
});

function workOf(step: number): AuditedWork {
  return {
    step,
    rootBefore: rootOfState(tinyPlan, placeOf(tinyPlan, leased, step - 1), states[step - 1]!),
    rootAfter: trained.stateRoots[step - 1]!,
    rootFinal: trained.stateRoots.at(-1)!,
    updateRoot: trained.updateRoot,
    stateBefore: states[step - 1]!,
    stateFinal: states.at(-1)!,
    update: async () => trained.update,
  };
}

async function audit(work: AuditedWork) {
  const session = await openTinySession();
  return auditSubmission(session, { plan: tinyPlan, leased, adapter }, work, { auditSeed });
}

test("whoever trains a chunk again gets the same bytes", async () => {
  const again = await trainChunk(await openTinySession(), { plan: tinyPlan, leased, adapter });
  expect(again).toEqual(trained);
  const other = { plan: tinyPlan, leased: tinyLeasedChunk(1, 1), adapter };
  const elsewhere = await trainChunk(await openTinySession(), other);
  expect(toHex(elsewhere.stepsRoot)).not.toBe(toHex(trained.stepsRoot));
});

test("an honest step passes its audit, at every step, and two auditors get one digest", async () => {
  for (let step = 1; step <= tinyPlan.localSteps; step += 1) {
    const [first, second] = [await audit(workOf(step)), await audit(workOf(step))];
    expect(first.faults).toEqual([]);
    expect(first.digest).toEqual(second.digest);
  }
});

test("a step that was not computed is found, and the honest root is known", async () => {
  const lie = asHash(new Uint8Array(32).fill(1));
  const result = await audit({ ...workOf(2), rootAfter: lie });
  expect(result.faults).toEqual(["step"]);
  expect(result.root).toEqual(trained.stateRoots[1]);
});

test("published states and updates that differ from what was committed are found", async () => {
  const spoiled = states[1]!.map((tensor) => tensor.slice());
  spoiled[0]![0]! ^= 1;
  expect((await audit({ ...workOf(2), stateBefore: spoiled })).faults).toEqual([
    "stateBefore",
    "step",
  ]);
  expect((await audit({ ...workOf(2), stateFinal: states[1]! })).faults).toEqual([
    "stateFinal",
    "update",
  ]);
  const otherUpdate = asHash(new Uint8Array(32).fill(2));
  expect((await audit({ ...workOf(2), updateRoot: otherUpdate })).faults).toEqual(["update"]);
  const spoiledUpdate = async () => trained.update.subarray(1);
  expect((await audit({ ...workOf(2), update: spoiledUpdate })).faults).toEqual(["updateBytes"]);
});

test("a replay of the chunk finds steps that the drawn one does not show", async () => {
  const found = await audit(workOf(2));
  const rootAfterStep = trained.stateRoots[1]!;
  const replayed = { stepsRoot: trained.stepsRoot, rootAfterStep };
  expect(withReplay(found, replayed, trained.stepsRoot)).toBe(found);
  const lie = asHash(new Uint8Array(32).fill(3));
  const convicted = withReplay({ ...found, root: lie }, replayed, lie);
  expect(convicted).toEqual({ ...found, faults: ["steps"], root: rootAfterStep });
  expect(verdictOf(convicted.faults)).toBe("invalid");
});

test("invalid is only what a case can prove", () => {
  expect(verdictOf([])).toBe("valid");
  expect(verdictOf(["step"])).toBe("invalid");
  expect(verdictOf(["step", "update"])).toBe("invalid");
  expect(verdictOf(["steps"])).toBe("invalid");
  expect(verdictOf(["update"])).toBe("updateInvalid");
  expect(verdictOf(["updateBytes"])).toBe("cannotCheck");
  expect(verdictOf(["stateFinal", "update"])).toBe("cannotCheck");
  expect(verdictOf(["stateBefore", "step"])).toBe("cannotCheck");
});

test("an opening proves its roots under the steps root, at the first, a middle and the last step", () => {
  for (let step = 1; step <= tinyPlan.localSteps; step += 1) {
    const opening = openStep(trained.stateRoots, step);
    const items = openedItems(tinyPlan.localSteps, step);
    const slots = items.map((item) => trained.stateRoots[item]!);
    expect(opening.rootAfter).toEqual(trained.stateRoots[step - 1]);
    expect(opening.rootBefore).toEqual(trained.stateRoots[step - 2]);
    verifyListItems(
      { tag: "remes/steps/1", count: tinyPlan.localSteps, root: trained.stepsRoot },
      { indices: items, slots, siblings: opening.siblings },
    );
  }
});

test("states and adapters are files of one size, and come back from them", () => {
  expect(decodeState(tinyPlan, encodeState(states[2]!))).toEqual(states[2]);
  expect(decodeAdapter(tinyPlan, encodeAdapter(adapter))).toEqual(adapter);
  for (const [decode, code] of [
    [decodeState, "STATE_FILE_INVALID"],
    [decodeAdapter, "ADAPTER_FILE_INVALID"],
  ] as const) {
    expect(() => decode(tinyPlan, new Uint8Array(3))).toThrowError(
      expect.objectContaining({ code }),
    );
  }
});

test("an adapter's root is the state before step 1 of every chunk that starts from it", () => {
  expect(states[0]).toEqual(firstState(tinyPlan, adapter));
  expect(toHex(rootOfAdapter(tinyPlan, adapter))).toMatchInlineSnapshot(
    `"2c717d258279485c16da702d517cee6f0539ff8188aa5304658cb8de9ee9ad1a"`,
  );
});

test("rounds lower the loss, and the order of the updates does not matter", async () => {
  const session = await openTinySession();
  let current = adapter;
  const losses: bigint[] = [];
  for (let round = 1; round <= 3; round += 1) {
    const updates: Uint8Array[] = [];
    let loss = 0n;
    for (let miner = 0; miner < 2; miner += 1) {
      const leased = tinyLeasedChunk(round, 2 * (round - 1) + miner);
      const chunk = await trainChunk(session, { plan: tinyPlan, leased, adapter: current });
      updates.push(chunk.update);
      loss += chunk.lossSum;
    }
    losses.push(loss);
    const next = aggregateRound(tinyPlan, current, updates);
    expect(aggregateRound(tinyPlan, current, updates.toReversed())).toEqual(next);
    current = next;
  }
  expect(losses.at(-1)!).toBeLessThan(losses[0]!);
  expect(losses).toMatchInlineSnapshot(`
    [
      158869496n,
      138045075n,
      129709592n,
    ]
  `);
});

test("an update follows from the adapter and the last state alone", () => {
  expect(updateOf(tinyPlan, adapter, states.at(-1)!)).toEqual(trained.update);
});
