import { expect, test } from "vitest";
import { tinyAdapter, tinyLeasedChunk, tinyPlan } from "../testing/tinyPool.ts";
import { decodeStateOf, encodeState, firstState, rootOfState } from "./chunkState.ts";
import { placeOf } from "./trainChunk.ts";

const state = firstState(tinyPlan, tinyAdapter());
const place = placeOf(tinyPlan, tinyLeasedChunk(1, 0), 0);
const root = rootOfState(tinyPlan, place, state);

test("published bytes are the state of their root, at their place, or none", () => {
  const bytes = encodeState(state);
  expect(decodeStateOf(tinyPlan, { place, root }, bytes)).toEqual(state);
  const changed = bytes.slice();
  changed[bytes.length - 1]! ^= 1;
  expect(decodeStateOf(tinyPlan, { place, root }, changed)).toBeNull();
  const elsewhere = placeOf(tinyPlan, tinyLeasedChunk(1, 1), 0);
  expect(decodeStateOf(tinyPlan, { place: elsewhere, root }, bytes)).toBeNull();
});
