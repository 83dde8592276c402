import fc from "fast-check";
import { expect, test } from "vitest";
import { LIMITS } from "../gen/limits.ts";
import { readVectors, refusalOf } from "../testing/readVectors.ts";
import { type BatchShape, datasetChunks, datasetRecords, recordPlace } from "./records.ts";

test.each(readVectors("chunk/dataset.json"))(
  "$name",
  ({ tokens, shape, records, chunks, refused }) => {
    expect(refusalOf(() => datasetChunks(Number(tokens), shape))).toBe(refused);
    if (refused !== undefined) return;
    expect(datasetRecords(Number(tokens), shape.sequenceTokens)).toBe(records);
    expect(datasetChunks(Number(tokens), shape)).toBe(chunks);
  },
);

test.each(readVectors("chunk/record.json"))(
  "$name",
  ({ chunk, t, sequence, shape, refused, ...place }) => {
    const call = () => recordPlace({ chunk, t, sequence }, shape);
    expect(refusalOf(call)).toBe(refused);
    if (refused === undefined)
      expect(call()).toEqual({ shard: place.shard, firstToken: place.firstToken });
  },
);

const shapes: fc.Arbitrary<BatchShape> = fc.record({
  sequenceTokens: fc.integer({ min: 1, max: LIMITS.sequenceTokensMax }),
  batchSequences: fc.integer({ min: 1, max: 8 }),
  localSteps: fc.integer({ min: 1, max: 32 }),
});

test("every record of every chunk lies inside its shard, and no two begin at the same token", () => {
  fc.assert(
    fc.property(
      shapes,
      fc.integer({ min: 0, max: 3 * LIMITS.shardTokensMax }),
      fc.nat(),
      (shape, tokens, choice) => {
        const chunks = datasetChunks(tokens, shape);
        if (chunks === 0) return;
        const chunk = choice % chunks;
        const places = new Set<string>();
        for (let t = 1; t <= shape.localSteps; t++) {
          for (let sequence = 0; sequence < shape.batchSequences; sequence++) {
            const { shard, firstToken } = recordPlace({ chunk, t, sequence }, shape);
            const shardTokens = Math.min(
              LIMITS.shardTokensMax,
              tokens - shard * LIMITS.shardTokensMax,
            );
            expect(firstToken + shape.sequenceTokens).toBeLessThan(shardTokens);
            places.add(`${shard} ${firstToken}`);
          }
        }
        expect(places.size).toBe(shape.localSteps * shape.batchSequences);
      },
    ),
  );
});
