import { readFileSync } from "node:fs";
import { tileIndices } from "@r3mes/engine";
import { beforeAll, describe, expect, test } from "vitest";
import { disputeFolder, disputeVectors } from "../testing/disputeVectors.ts";
import {
  flippedTile,
  playTinyCase,
  prepareTinyCase,
  TINY_STEP,
  type TinyCase,
  tinyRecords,
} from "../testing/tinyCase.ts";
import { tinyPlan } from "../testing/tinyPool.ts";

let tiny: TinyCase;

beforeAll(async () => {
  tiny = await prepareTinyCase();
});

/** The first record of each kind and output. */
const samples = [
  ...new Map(
    tinyRecords.map(
      ({ operation, output }, record) => [`${operation.kind} ${output}`, record] as const,
    ),
  ),
];

describe.each(samples)("%s", (_, record) => {
  test("one wrong bit in one tile is found, named, and decided against whoever stands by it", async () => {
    const tiles = tileIndices(tinyPlan.program.tensors[tinyRecords[record]!.tensor]!);
    const tile = tiles[(record * 7) % tiles.length]!;
    const { lastWriter } = tiny;
    const lies = new Map([[lastWriter, flippedTile(tiny, lastWriter, 0, 0)]]);
    const liar = tiny.liar(lies.set(record, flippedTile(tiny, record, tile, record % 8)));
    const named = { step: TINY_STEP, operation: record, claim: { stage: "tiles", index: tile } };
    const { end } = await playTinyCase(tiny, liar, tiny.honest);
    expect(end).toMatchObject({ ...named, outcome: "defenderLost" });
    const against = await playTinyCase(tiny, tiny.honest, liar);
    expect(against.end).toMatchObject({ ...named, outcome: "challengerLost" });
  });
});

test("the vectors are what these rules give", async () => {
  const written = JSON.parse(readFileSync(new URL("case.json", disputeFolder), "utf8"));
  expect({ cases: written.cases }).toEqual(JSON.parse(JSON.stringify(await disputeVectors(tiny))));
});
