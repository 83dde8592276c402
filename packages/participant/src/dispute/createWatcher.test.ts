import { asHash } from "@r3mes/protocol";
import { CaseKind, CaseOutcome, DutyKind, SubmissionStatus } from "@r3mes/protocol/messages";
import type { JournalRecord } from "@r3mes/service";
import { expect, test } from "vitest";
import { checkedWorkOf, findCheck } from "./checkRecord.ts";
import { createCaseLoad } from "./createCaseLoad.ts";
import { createWatcher, isDoneWith, type WatcherDeps } from "./createWatcher.ts";
import { challengeMessage } from "./replayChunk.ts";

const address = "challenger";
const log = { info() {}, warn() {} } as unknown as WatcherDeps["log"];

const last = 20;
const open = 2;
const height = 40n;
const stateRoots = [1, 2].map((byte) => asHash(new Uint8Array(32).fill(byte)));

/** The chain has settled and deleted the submissions of all other rounds but the newest. */
const roundOf = (number: number) => ({
  ...{ poolId: 1n, number },
  submissionsRoot: new Uint8Array([open, last].includes(number) ? 0 : 32),
});

/** As the chain starts it: the clock of its defender runs, and that of its challenger stands. */
const caseOf = (submissionId: bigint, i: number) => ({
  ...{ id: BigInt(i + 1), submissionId, poolId: 1n, challenger: address, queue: [] },
  challengerClock: { blocksLeft: 60, startedHeight: 0n },
});

/** A chain with one pool in round 20. The submissions 1 to 3 of round 2 are accepted and not settled; the third is the watcher's own. */
function setup(frauds: readonly bigint[], journaled: readonly JournalRecord[] = []) {
  const records = [...journaled];
  const checked: bigint[] = [];
  const challenged: bigint[] = [];
  const played: bigint[] = [];
  const world = { checkMs: 0, nowMs: 0 };
  const ended = new Set<bigint>();
  const queued: bigint[] = [];
  const submissions = [1n, 2n, 3n].map((id) => ({
    ...{ id, poolId: 1n },
    miner: id === 3n ? address : "somebody",
    status: SubmissionStatus.ACCEPTED,
    acceptedHeight: 5n,
  }));
  const query = {
    pools: async () => ({ pools: [{ id: 1n, round: last }] }),
    rounds: async () => ({ rounds: Array.from({ length: last }, (_, i) => roundOf(i + 1)) }),
    round: async ({ number }: { number: number }) => ({ round: roundOf(number) }),
    submissions: async ({ round }: { round: number }) => ({
      submissions: round === open ? submissions : [],
    }),
    submission: async ({ id }: { id: bigint }) => ({
      submission: submissions.find((one) => one.id === id),
    }),
    cases: async ({ submissionId }: { submissionId?: bigint }) => ({
      cases: challenged
        .map(caseOf)
        .filter(({ id }) => !ended.has(id))
        .concat(
          queued.includes(submissionId ?? 0n)
            ? [{ ...caseOf(submissionId!, 90), queue: [{ challenger: address }] as never }]
            : [],
        ),
    }),
    case: async () => ({ case: { outcome: CaseOutcome.CONVICTED } }),
    params: async () => ({ params: { params: { dispute: { clockBlocks: 60 } } } }),
    duties: async () => ({
      // Its owner mines, too: the number of a lease is no case.
      duties: [
        { kind: DutyKind.COMMIT, id: 7n, endHeight: 50n },
        ...challenged.map((_, i) => ({
          kind: DutyKind.PINPOINT,
          id: BigInt(i + 1),
          endHeight: 60n,
        })),
      ],
    }),
  } as unknown as WatcherDeps["query"];
  const journal = {
    records,
    append: async (record: JournalRecord) => void records.push(record),
  };
  const load = createCaseLoad(address, {
    ...{ query, journal, log, blockMs: () => 1_000 },
    submit: async ([message]) => {
      const ids = submissions.map(({ id }) => id);
      expect(ids.map((id) => challengeMessage(address, id))).toContainEqual(message);
      challenged.push(
        ids.find((id) => String(challengeMessage(address, id).value) === String(message!.value))!,
      );
    },
  });
  const deps: WatcherDeps = {
    ...{ query, journal, load },
    openCheck: async (id) => async () => {
      checked.push(id);
      world.nowMs += world.checkMs;
      return { differs: frauds.includes(id) ? "steps" : null, stateRoots };
    },
    monotonicMs: () => world.nowMs,
    cases: {
      prepare: async (id) => async () => {
        played.push(id);
        return true;
      },
    },
    draw: () => 0,
    log,
  };
  return {
    deps,
    records,
    checked,
    challenged,
    played,
    submissions,
    queued,
    world,
    /** All cases that are open. */
    end: () => {
      for (const i of challenged.keys()) ended.add(BigInt(i + 1));
    },
  };
}

async function ticks(watcher: ReturnType<typeof createWatcher>, count: number): Promise<boolean> {
  let isDone = false;
  for (let i = 0; i < count; i += 1) {
    isDone = await watcher.tick(height);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return isDone;
}

test("fraud is challenged once, however old and whatever restarts, and its case played; honest and own work is left alone", async () => {
  const world = setup([2n]);
  // The second life finds the case of the first.
  for (let life = 0; life < 2; life += 1) {
    await ticks(createWatcher({ address }, world.deps), 6);
  }
  expect(world.checked).toEqual([1n, 2n]);
  expect(world.challenged).toEqual([2n]);
  expect(new Set(world.played)).toEqual(new Set([1n]));
});

test("after a restart nothing is trained again, and a fraud that was found is still challenged", async () => {
  const world = setup(
    [2n],
    [
      { kind: "checked", submission: "1", equal: true },
      { kind: "checked", submission: "2", equal: false },
    ],
  );
  await ticks(createWatcher({ address }, world.deps), 3);
  expect(world.checked).toEqual([]);
  expect(world.challenged).toEqual([2n]);
});

test("what its auditors dispute is left alone until it is accepted", async () => {
  const world = setup([1n]);
  const [first] = world.submissions;
  Object.assign(first!, { status: SubmissionStatus.DISPUTED, acceptedHeight: 0n });
  const watcher = createWatcher({ address, submission: 1n }, world.deps);
  await ticks(watcher, 3);
  expect(world.challenged).toEqual([]);
  first!.acceptedHeight = 5n;
  await ticks(watcher, 3);
  expect(world.challenged).toEqual([1n]);
});

test("with one submission it is done when that is equal, or when its case has ended", async () => {
  const honest = setup([]);
  expect(await ticks(createWatcher({ address, submission: 1n }, honest.deps), 3)).toBe(true);
  const world = setup([1n]);
  const watcher = createWatcher({ address, submission: 1n }, world.deps);
  expect(await ticks(watcher, 4)).toBe(false);
  world.end();
  expect(await ticks(watcher, 1)).toBe(true);
  expect(world.records.at(-1)).toEqual({
    kind: "caseEnded",
    case: "1",
    submission: "1",
    outcome: "convicted",
  });
  await ticks(watcher, 2);
  expect(world.challenged).toEqual([1n]);
});

test("with one submission it ends by an error where that can no longer be looked at, and waits for an audit", async () => {
  for (const status of [
    SubmissionStatus.MATURE,
    SubmissionStatus.UNCOUNTED,
    SubmissionStatus.FAULTY,
  ]) {
    const world = setup([]);
    Object.assign(world.submissions[0]!, { status });
    const watcher = createWatcher({ address, submission: 1n }, world.deps);
    await expect(watcher.tick(height)).rejects.toMatchObject({ code: "CHALLENGE_WINDOW_CLOSED" });
    expect(world.checked).toEqual([]);
  }
  const waiting = setup([]);
  Object.assign(waiting.submissions[0]!, { status: SubmissionStatus.AUDITED, acceptedHeight: 0n });
  expect(await ticks(createWatcher({ address, submission: 1n }, waiting.deps), 3)).toBe(false);
});

test("what was found of one submission is said again after the chain has deleted it", async () => {
  const found = { kind: "checked", submission: "7", equal: false, differs: "update" };
  const world = setup([], [found]);
  expect(await createWatcher({ address, submission: 7n }, world.deps).tick(height)).toBe(true);
  expect(findCheck(world.records, "7")).toEqual({
    ...{ submission: "7", equal: false, differs: "update", case: null, outcome: null },
  });
  const ended = { kind: "caseEnded", submission: "7", case: "3", outcome: "convicted" };
  expect(findCheck([...world.records, ended], "7")).toMatchObject({
    ...{ case: "3", outcome: "convicted" },
  });
  expect(findCheck(world.records, "8")).toBeUndefined();
});

test("a case about a sum is played too, and its end told by the round", async () => {
  const world = setup([]);
  let cases = [{ id: 9n, kind: CaseKind.AGGREGATE, submissionId: 0n, poolId: 1n, round: 4 }];
  const query = {
    ...world.deps.query,
    cases: async () => ({ cases }),
    duties: async () => ({
      duties: cases.map(({ id }) => ({ kind: DutyKind.PINPOINT, id, endHeight: 60n })),
    }),
  };
  const watcher = createWatcher(
    { address },
    { ...world.deps, query: query as unknown as WatcherDeps["query"] },
  );
  await ticks(watcher, 2);
  expect(world.played).toContain(9n);
  cases = [];
  world.end();
  await ticks(watcher, 1);
  expect(world.records.find(({ kind }) => kind === "caseEnded")).toEqual({
    kind: "caseEnded",
    ...{ case: "9", pool: "1", round: 4 },
    outcome: "convicted",
  });
});

test("what one case or check waits for holds up no other case, and a check waits for every move", async () => {
  const world = setup([]);
  const done: string[] = [];
  let end = () => {};
  const duties = [1n, 2n, 3n].map((id) => ({
    ...{ kind: DutyKind.PINPOINT, id },
    endHeight: 60n - id,
  }));
  const watcher = createWatcher(
    { address },
    {
      ...world.deps,
      query: { ...world.deps.query, duties: async () => ({ duties }) } as never,
      openCheck: async () => async () => {
        done.push("check");
        return { differs: null, stateRoots };
      },
      cases: {
        // Nobody offers what the first needs, and nobody says so.
        prepare: (id) =>
          id === 1n
            ? new Promise(() => {})
            : Promise.resolve(async () => {
                done.push(`move ${id}`);
                await new Promise<void>((resolve) => {
                  end = resolve;
                });
                return true;
              }),
      },
    },
  );
  await ticks(watcher, 3);
  // Its clock ends first.
  expect(done).toEqual(["move 3"]);
  end();
  await ticks(watcher, 1);
  expect(done).toEqual(["move 3", "move 2"]);
});

test("of many frauds only as many are challenged at once as their cases can be played, in whatever life", async () => {
  // Each case takes twice as long, and three quarters of a clock of 60 s are for that.
  const found = { kind: "checked", equal: false, pool: "1", ms: 15_000 };
  const world = setup(
    [1n, 2n],
    ["1", "2"].map((submission) => ({ ...found, submission })),
  );
  for (let life = 0; life < 2; life += 1) {
    await ticks(createWatcher({ address }, world.deps), 5);
    expect(world.challenged).toEqual([1n]);
  }
  const watcher = createWatcher({ address }, world.deps);
  await ticks(watcher, 1);
  world.end();
  await ticks(watcher, 5);
  expect(world.challenged).toEqual([1n, 2n]);
  expect(world.checked).toEqual([]);
});

test("nothing is looked at while a case is open that cannot wait for it", async () => {
  const world = setup([1n]);
  world.world.checkMs = 20_000;
  const watcher = createWatcher({ address }, world.deps);
  await ticks(watcher, 8);
  expect([world.checked, world.challenged]).toEqual([[1n], [1n]]);
  world.end();
  await ticks(watcher, 8);
  expect(world.checked).toEqual([1n, 2n]);
});

test("a challenge that waits for its case is not filed again at every height", async () => {
  const world = setup([1n]);
  world.queued.push(1n);
  const warnings: unknown[] = [];
  const log = { info() {}, warn: (fields: unknown) => warnings.push(fields) } as never;
  await ticks(createWatcher({ address, submission: 1n }, { ...world.deps, log }), 5);
  expect(world.checked).toEqual([1n]);
  expect(world.challenged).toEqual([]);
  expect(warnings).toEqual([]);
});

test("what training gave that differs is known in the next life, and of the honest nothing is kept", async () => {
  const world = setup([2n]);
  await ticks(createWatcher({ address }, world.deps), 6);
  expect(checkedWorkOf(world.deps.journal, 2n)).toEqual({ stateRoots });
  expect(checkedWorkOf(world.deps.journal, 1n)).toBeUndefined();
});

test("of an unknown submission it is known before a device is opened", async () => {
  const world = setup([]);
  const query = {
    ...world.deps.query,
    submission: async () => ({ submission: undefined }),
  } as unknown as WatcherDeps["query"];
  const asked = isDoneWith({ query, journal: world.deps.journal }, 9n);
  await expect(asked).rejects.toMatchObject({ code: "SUBMISSION_NOT_FOUND" });
  expect(await isDoneWith(world.deps, 1n)).toBe(false);
});
