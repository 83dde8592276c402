import { programFacts, programRoot, programWork, recordsOf } from "@r3mes/engine";
import { checkSumTiles, checkTiles, tileCosts } from "@r3mes/engine/testing";
import { LIMITS, toHex } from "@r3mes/protocol";
import { describe, expect, test } from "vitest";
import { type BitnetShape, LINEARS } from "./bitnetShape.ts";
import { buildForwardProgram, buildTrainingProgram } from "./buildBitnet.ts";
import { tinyTraining } from "./tinyTraining.ts";

const genesis: BitnetShape = {
  hidden: 256,
  layers: 6,
  heads: 4,
  kvHeads: 4,
  headSize: 64,
  ffn: 768,
  vocabulary: 4096,
  context: 256,
};

const bitnet2b4t: BitnetShape = {
  hidden: 2560,
  layers: 30,
  heads: 20,
  kvHeads: 5,
  headSize: 128,
  ffn: 6912,
  vocabulary: 128256,
  context: 4096,
};

const adapter = { rank: 16, alpha: 32, targets: LINEARS } as const;

const programs = [
  ["genesis", genesis, { sequences: 8, length: 256, adapter }],
  ["2B4T, 1 x 2048", bitnet2b4t, { sequences: 1, length: 2048, adapter }],
  ["2B4T, 4 x 2048", bitnet2b4t, { sequences: 4, length: 2048, adapter }],
  [
    "2B4T, rank 64",
    bitnet2b4t,
    { sequences: 1, length: 2048, adapter: { ...adapter, rank: 64, alpha: 64 } },
  ],
] as const;

/** The formula of spec/step-program.md section 6, from the shape alone. */
function workOf(
  shape: BitnetShape,
  o: { sequences: number; length: number; adapter: { rank: number } },
): number {
  const { hidden, layers, heads, kvHeads, headSize, ffn, vocabulary } = shape;
  const tokens = o.sequences * o.length;
  const queries = heads * headSize;
  const keys = kvHeads * headSize;
  const weights = 2 * hidden * queries + 2 * hidden * keys + 3 * hidden * ffn;
  const sides = 2 * (hidden + queries) + 2 * (hidden + keys) + 3 * (hidden + ffn);
  const pairs = (o.length * (o.length + 1)) / 2;
  return (
    tokens *
      (2 * layers * weights + 6 * o.adapter.rank * layers * sides + 2 * vocabulary * hidden) +
    9 * o.sequences * layers * heads * headSize * pairs -
    tokens * hidden * (queries + 2 * keys + 6 * o.adapter.rank)
  );
}

describe.each(programs)("%s", (_, shape, options) => {
  const program = buildTrainingProgram(shape, { ...options, optimizer: "adam" });

  test("every tile closes within 160 KiB with its proofs and 2 Mi multiply-adds", () => {
    checkTiles(program);
    const costs = tileCosts(program);
    expect(costs).toHaveLength(recordsOf(program).length);
    expect(Math.max(...costs.map((cost) => cost.inputBytes + cost.proofBytes))).toBeLessThan(
      160 * 1024,
    );
    expect(Math.max(...costs.map((cost) => cost.multiplyAdds))).toBeLessThan(2 ** 21);
  });

  test("its paid work is the formula's", () => {
    expect(programWork(program)).toBe(workOf(shape, options));
  });
});

test("a feed-forward width that no tile can hold is refused with the operation", () => {
  const wide = { ...bitnet2b4t, layers: 1, ffn: 16384 };
  const program = buildTrainingProgram(wide, {
    sequences: 1,
    length: 256,
    adapter,
    optimizer: "lion",
  });
  expect(() => programFacts(program)).toThrow(
    expect.objectContaining({ code: "PROGRAM_TILE_TOO_LARGE" }),
  );
});

test("a factor whose sums no message can hold is refused with the tensor", () => {
  const program = buildTrainingProgram(genesis, {
    sequences: 1,
    length: 32,
    adapter,
    optimizer: "lion",
  });
  programFacts(program);
  const widen = (columns: number) => ({
    ...program,
    tensors: program.tensors.map((tensor) =>
      tensor.role === "state" ? { ...tensor, tile: { ...tensor.tile, columns } } : tensor,
    ),
  });
  expect(() => checkSumTiles(widen(32))).not.toThrow();
  expect(() => checkSumTiles(widen(128))).toThrow(
    expect.objectContaining({
      code: "PROGRAM_TILE_TOO_LARGE",
      facts: expect.objectContaining({ tensor: "layers.0.q.a" }),
    }),
  );
});

test.each([
  ["rank", { rank: 24, alpha: 32, targets: LINEARS }],
  ["alpha", { rank: 16, alpha: 24, targets: LINEARS }],
] as const)("an unsupported %s is refused", (_, wrong) => {
  expect(() =>
    buildTrainingProgram(genesis, { sequences: 1, length: 32, adapter: wrong, optimizer: "adam" }),
  ).toThrow(expect.objectContaining({ code: "MODEL_MANIFEST_INVALID" }));
});

test("a head size whose scores could leave i32 is refused with the bound", () => {
  const shape = { ...genesis, heads: 1, kvHeads: 1, headSize: 1024, hidden: 1024 };
  expect(() => buildForwardProgram(shape, { sequences: 1, length: 8 })).toThrow(
    expect.objectContaining({ code: "PROGRAM_BOUND_EXCEEDED" }),
  );
});

test("an adapter on some linears trains only those", () => {
  const program = buildTrainingProgram(genesis, {
    sequences: 1,
    length: 32,
    adapter: { ...adapter, targets: ["q", "v"] },
    optimizer: "lion",
  });
  const factors = program.tensors
    .filter((tensor) => tensor.role === "state")
    .map(({ name }) => name);
  expect(factors).toHaveLength(6 * 2 * 4);
  expect(factors.every((name) => /\.(q|v)\.[ab](\.m)?$/.test(name))).toBe(true);
});

test("the tiny program's root is this one", () => {
  const { program } = tinyTraining({ seed: 1, steps: 10 });
  expect(toHex(programRoot(program))).toMatchInlineSnapshot(
    `"5252ebdcbf7c1237590f559dc5cd11f419e93dfa32b7e1f5eed05d7057db8ef1"`,
  );
});

test("no factor has more elements than an update describes, whatever the model and the rank", () => {
  const tiny = { ...genesis, hidden: 64, layers: 1, heads: 1, kvHeads: 1, ffn: 64, vocabulary: 40 };
  const width = 2 ** 16;
  // Each side of a linear that has a factor is normalised, and no wider row can be.
  for (const wide of [{ hidden: width }, { ffn: width }, { heads: width / tiny.headSize }]) {
    expect(() =>
      buildTrainingProgram(
        { ...tiny, ...wide },
        { sequences: 1, length: 16, adapter, optimizer: "adam" },
      ),
    ).toThrow(expect.objectContaining({ code: "PROGRAM_BOUND_EXCEEDED" }));
  }
  expect(width * LIMITS.loraRankMax).toBeLessThanOrEqual(2 ** 22);
});
