import { nodeSha256 as hash } from "@r3mes/engine/node";
import { type Hash, R3mesError, stepsRoot } from "@r3mes/protocol";
import { type Submission, WrongPart } from "@r3mes/protocol/messages";
import { type ChunkState, encodeState, rootOfState } from "@r3mes/training";
import { expect, test } from "vitest";
import { openInquiry } from "./openInquiry.ts";
import { handInChunk } from "./testing/handInChunk.ts";

const other = new Uint8Array(32).fill(1);
const cidOf = (t: number) => Uint8Array.of(t);

type Chunk = Awaited<ReturnType<typeof handInChunk>>;

/** The submission of a miner that says that these are its states, of which an audit drew the second. */
function withStates({ submission, plan, placeAt, states }: Chunk, claimed = states): Submission {
  const rootAt = (t: number) => rootOfState(plan, placeAt(t), claimed[t]!, hash);
  const roots: Hash[] = [rootAt(1), rootAt(2)];
  return {
    ...submission,
    stepsRoot: stepsRoot(roots, hash),
    opening: {
      step: 2,
      ...{ rootBefore: roots[0], rootAfter: roots[1], rootFinal: roots[1] },
      ...{ stateBeforeCid: cidOf(1), stateFinalCid: cidOf(2) },
    },
  } as unknown as Submission;
}

/** What whoever can have the published states finds, and what whoever has none. */
async function find({ deps }: Chunk, submission: Submission, published: readonly ChunkState[]) {
  const told: unknown[] = [];
  const log = { warn: (fields: unknown) => told.push(fields) };
  const look = async (areThere: boolean) => {
    const bring = async ([t]: Uint8Array) => {
      if (!areThere) throw new R3mesError({ code: "CONTENT_UNAVAILABLE", cid: String(t) });
      return async () => encodeState(published[t!]!);
    };
    return (await openInquiry({ ...deps, bring, log } as never, submission))();
  };
  const withThem = await look(true);
  expect(told).toEqual([]);
  const without = await look(false);
  expect(told).not.toEqual([]);
  return [withThem, without];
}

test("there is nothing to say of work that is right", async () => {
  const chunk = await handInChunk();
  expect(await find(chunk, withStates(chunk), chunk.states)).toEqual([null, null]);
});

test("an update that does not follow from the last state is known as wrong", async () => {
  const chunk = await handInChunk();
  const submission = { ...withStates(chunk), updateRoot: other };
  const { UPDATE } = WrongPart;
  expect(await find(chunk, submission, chunk.states)).toEqual([UPDATE, UPDATE]);
});

test("a wrong step is the drawn one if it does not follow from the state before, whatever that is", async () => {
  const chunk = await handInChunk();
  const [first, second, last] = chunk.states as [ChunkState, ChunkState, ChunkState];
  const { DRAWN_STEP, OTHER_STEP } = WrongPart;
  const found = (claimed: ChunkState[]) => find(chunk, withStates(chunk, claimed), claimed);
  expect(await found([first, second, second])).toEqual([DRAWN_STEP, DRAWN_STEP]);
  // Nothing was trained at all: without the states it is known of the first step alone.
  expect(await found([first, first, first])).toEqual([DRAWN_STEP, OTHER_STEP]);
  // The second step of the real chunk does not follow from this state either.
  expect(await found([first, first, last])).toEqual([DRAWN_STEP, OTHER_STEP]);
});

test("a step that was not drawn is another one", async () => {
  const chunk = await handInChunk();
  const [first, second, last] = chunk.states as [ChunkState, ChunkState, ChunkState];
  const submission = withStates(chunk, [first, first, last]);
  const opening = {
    ...submission.opening!,
    step: 1,
    rootAfter: withStates(chunk).opening!.rootBefore,
  };
  const drawnFirst = { ...submission, opening } as Submission;
  expect(await find(chunk, drawnFirst, [first, second, last])).toEqual([
    WrongPart.OTHER_STEP,
    WrongPart.OTHER_STEP,
  ]);
});

test("published bytes that are not the revealed state say nothing about it", async () => {
  const chunk = await handInChunk();
  const [first, , last] = chunk.states as [ChunkState, ChunkState, ChunkState];
  const submission = withStates(chunk, [first, first, first]);
  const [found] = await find(chunk, submission, [first, last, last]);
  expect(found).toBe(WrongPart.OTHER_STEP);
});

test("whoever cannot train the chunk says nothing", async () => {
  const chunk = await handInChunk();
  const refusal = { code: "CONTENT_UNAVAILABLE", cid: "b" } as const;
  const openPool = async () => {
    throw new R3mesError(refusal);
  };
  const deps = { ...chunk.deps, openPool, log: { warn: () => undefined } };
  await expect(openInquiry(deps as never, withStates(chunk))).rejects.toMatchObject({
    code: "CONTENT_UNAVAILABLE",
  });
});
