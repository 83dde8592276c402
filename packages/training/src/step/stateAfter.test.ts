import { expect, test } from "vitest";
import { openTinySession, tinyAdapter, tinyLeasedChunk, tinyPlan } from "../testing/tinyPool.ts";
import { encodeState } from "./chunkState.ts";
import { stateAfter } from "./stateAfter.ts";
import { trainChunk } from "./trainChunk.ts";

test("the state after any step is the one that training the whole chunk has there, and no further step is run", async () => {
  const session = await openTinySession();
  const start = { plan: tinyPlan, leased: tinyLeasedChunk(2, 5), adapter: tinyAdapter() };
  const states: Uint8Array[] = [];
  await trainChunk(session, start, {
    onState: (t, state) => {
      states[t] = encodeState(state).slice();
    },
  });
  let ran = 0;
  const counted: typeof session = {
    ...session,
    run(...shown) {
      ran += 1;
      return session.run(...shown);
    },
  };
  for (const [t, state] of states.entries()) {
    ran = 0;
    expect(encodeState(await stateAfter(counted, start, t))).toEqual(state);
    expect(ran).toBe(t);
  }
  expect(states).toHaveLength(tinyPlan.localSteps + 1);
});
