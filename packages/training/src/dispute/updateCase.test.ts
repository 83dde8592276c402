import { readFileSync } from "node:fs";
import { encodeUpdate, stateTensors } from "@r3mes/engine";
import { fromHex } from "@r3mes/protocol";
import { beforeAll, expect, test } from "vitest";
import { factorTensors, updateLayoutOf } from "../pool/trainingPlan.ts";
import { itemsOfUpdate, rootOfUpdate } from "../step/rootOfUpdate.ts";
import { disputeFolder } from "../testing/disputeVectors.ts";
import { tinyPlan } from "../testing/tinyPool.ts";
import {
  altered,
  playUpdate,
  prepareTinyUpdate,
  type TinyUpdate,
  UPDATE_LIES,
  updateVectors,
} from "../testing/updateVectors.ts";
import { updateClaimOf, updateLists } from "./updateCase.ts";

let tiny: TinyUpdate;

beforeAll(async () => {
  tiny = await prepareTinyUpdate();
});

test("each factor stands in the state before what its optimizer keeps of it", () => {
  const { program } = tinyPlan;
  const firsts = stateTensors(program).filter((_, i) => i % 3 === 0); // of Adam: factor, m, v
  expect(firsts).toEqual(factorTensors(program));
});

test("the lists of an honest update are those that its threshold gives, tensor by tensor", () => {
  const items = itemsOfUpdate(tinyPlan, tiny.honest);
  tiny.honest.slice(0, 6).forEach((tensor, place) => {
    const claim = updateClaimOf(tiny.states, place, tensor);
    const { kept, scale, sums, signs } = updateLists(tiny.states, place, claim);
    expect({ kept, scale }).toEqual({ kept: items[place]!.kept, scale: items[place]!.scale });
    expect(claim.signsRoot).toEqual(items[place]!.signsRoot);
    expect(new DataView(signs.at(-1)!.slice().buffer).getUint32(0, true)).toBe(kept);
    const sum = new DataView(sums.at(-1)!.buffer).getBigUint64(0, true);
    expect(Number(sum / BigInt(kept))).toBe(scale);
  });
});

test("an honest update gives nothing to object to", () => {
  expect(playUpdate(tiny, tiny.honest, { place: 7, child: undefined as never }).tile).toBe(
    undefined,
  );
});

test.each(Object.entries(UPDATE_LIES))("%s is found in any tensor", (name, lie) => {
  for (const place of [0, 3, 9, 27]) {
    const played = playUpdate(tiny, altered(tiny.honest, place, lie));
    expect(played.place).toBe(place);
    expect(played.tile).toBeTypeOf("number");
    expect(played.isAboutScale).toBe(name.includes("scale"));
  }
});

test("the root of an update follows from its bytes", () => {
  const bytes = encodeUpdate(updateLayoutOf(tinyPlan), tiny.honest);
  const other = encodeUpdate(
    updateLayoutOf(tinyPlan),
    altered(tiny.honest, 2, UPDATE_LIES["a sign turned"]!),
  );
  expect(rootOfUpdate(tinyPlan, bytes)).not.toEqual(rootOfUpdate(tinyPlan, other));
});

test("the vectors are what these rules give", async () => {
  const file = JSON.parse(readFileSync(new URL("update.json", disputeFolder), "utf8"));
  const { cases } = await updateVectors(tiny);
  expect(file.cases).toEqual(JSON.parse(JSON.stringify(cases)));
  expect(fromHex(file.cases[0].facts.updateRoot)).toHaveLength(32);
});
