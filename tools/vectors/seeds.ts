/** Vectors of seeds, draws and noise: spec/encoding.md section 8. */
import {
  auditedOperations,
  auditedStep,
  auditQuestionSeed,
  auditReplays,
  auditSeed,
  auditVerifiers,
  chunkSeed,
  draw,
  noise,
  noiseSeed,
  queueSeed,
  roundSeed,
  shuffled,
  stepSeed,
  uniform,
} from "@r3mes/protocol";
import { counting, describe, outcome } from "./describe.ts";
import type { VectorCase, VectorFile } from "./vectorFile.ts";

const seed = counting(0);
const chains = ["remesdev-1", "remestest-1", "remes-1"];

function seedCases(): readonly VectorCase[] {
  const places = [
    ...chains.map((chain) => ({ chain, beacon: seed, pool: 1n, round: 1n })),
    { chain: "remes-1", beacon: seed, pool: 1n, round: 2n },
    { chain: "remes-1", beacon: seed, pool: 2n, round: 1n },
    { chain: "x".repeat(50), beacon: counting(224), pool: 2n ** 64n - 1n, round: 2n ** 64n - 1n },
  ];
  const rounds = places.map((place, i) => ({
    name: `round seed ${i}`,
    kind: "round",
    ...place,
    seed: roundSeed(place),
  }));
  const chunks = [0n, 1n, 2n ** 64n - 1n].map((chunk) => ({
    name: `seed of chunk ${chunk}`,
    kind: "chunk",
    parent: seed,
    chunk,
    seed: chunkSeed(seed, chunk),
  }));
  const steps = [1, 2, 2 ** 32 - 1].map((t) => ({
    name: `seed of step ${t}`,
    kind: "step",
    parent: seed,
    t,
    seed: stepSeed(seed, t),
  }));
  const questions = (["step", "verifiers", "replay", "operations"] as const).map((question) => ({
    name: `seed of the question ${question}`,
    kind: "question",
    parent: seed,
    question,
    seed: auditQuestionSeed(seed, question),
  }));
  const audits = [0, 1].map((number) => {
    const place = { chain: "remes-1", beacon: seed, pool: 1n, round: 2n, chunk: 3n, draw: number };
    return {
      name: `seed of audit draw ${number}`,
      kind: "audit",
      ...place,
      seed: auditSeed(place),
    };
  });
  const queue = { name: "queue seed", kind: "queue", parent: seed, seed: queueSeed(seed) };
  return [...rounds, queue, ...chunks, ...steps, ...audits, ...questions];
}

function uniformCases(): readonly VectorCase[] {
  const bounds = [1, 2, 3, 7, 10, 1000, 65536, 2 ** 31, 2 ** 31 + 1, 2 ** 32 - 1, 2 ** 32];
  const positions = [0n, 1n, 2n ** 64n - 1n];
  const values = bounds.flatMap((bound) =>
    positions.map((position) => ({
      name: `below ${bound} at ${position}`,
      seed,
      position,
      bound,
      value: uniform(seed, position, bound),
    })),
  );
  const refused = [0, 2 ** 32 + 1].map((bound) => ({
    name: `below ${bound}`,
    seed,
    position: 0n,
    bound,
    ...outcome("value", () => uniform(seed, 0n, bound)),
  }));
  return [...values, ...refused];
}

function shuffleCases(): readonly VectorCase[] {
  const whole = [0, 1, 2, 3, 10, 256].map((size) => ({
    name: `a queue of ${size}`,
    seed,
    size,
    order: [...shuffled(seed, size)],
  }));
  const other = counting(1);
  return [
    ...whole,
    { name: "another seed, another order", seed: other, size: 10, order: [...shuffled(other, 10)] },
  ];
}

function drawCases(): readonly VectorCase[] {
  const sizes: readonly (readonly [number, number])[] = [
    [0, 0],
    [1, 1],
    [10, 0],
    [10, 2],
    [10, 10],
    [1024, 2],
    [65536, 8],
    [2 ** 32, 4],
    [1, 2],
  ];
  return sizes.map(([size, count]) => {
    return {
      name: `${count} of ${size}`,
      seed,
      size,
      count,
      ...outcome("drawn", () => draw(seed, size, count)),
    };
  });
}

function auditCases(): readonly VectorCase[] {
  return [0, 1, 2, 3].map((number) => {
    const audit = auditSeed({
      chain: "remes-1",
      beacon: seed,
      pool: 1n,
      round: 2n,
      chunk: 3n,
      draw: number,
    });
    return {
      name: `draw ${number}`,
      audit,
      localSteps: 32,
      step: auditedStep(audit, 32),
      eligible: 20,
      verifiers: auditVerifiers(audit, 20, 2),
      replaySharePpm: 500_000,
      replays: auditReplays(audit, 500_000),
      operations: 1331,
      digestOperations: auditedOperations(audit, 1331),
    };
  });
}

function noiseCases(): readonly VectorCase[] {
  const word = 2 ** 32 - 1;
  const places: readonly (readonly [number, number, number, number, number])[] = [
    [0, 0, 0, 0, 0],
    [1, 0, 0, 0, 0],
    [0, 1, 0, 0, 0],
    [0, 0, 1, 0, 0],
    [0, 0, 0, 1, 0],
    [0, 0, 0, 0, 1],
    [word, word, word, word, word],
    [0x80000000, 0x7fffffff, 65536, 8191, 128255],
  ];
  const values = places.map(([low, high, site, row, column]) => ({
    name: [low, high, site, row, column].join(" "),
    low,
    high,
    site,
    row,
    column,
    value: noise(low, high, site, row, column),
  }));
  return [...values, { name: "the words of a step seed", stepSeed: seed, ...noiseSeed(seed) }];
}

export function seedVectors(): readonly VectorFile[] {
  const files: readonly VectorFile[] = [
    {
      path: "seed/seeds.json",
      about: "Seeds by their kind and what they are derived from.",
      cases: seedCases(),
    },
    {
      path: "seed/noise.json",
      about: "noise(low, high, site, row, column), and the words of a step seed.",
      cases: noiseCases(),
    },
    { path: "seed/audit.json", about: "What an audit seed decides.", cases: auditCases() },
    {
      path: "shuffle/uniform.json",
      about: "uniform(seed, position, bound).",
      cases: uniformCases(),
    },
    { path: "shuffle/shuffle.json", about: "The whole order of a shuffle.", cases: shuffleCases() },
    {
      path: "shuffle/draw.json",
      about: "Draws without replacement, in the order drawn.",
      cases: drawCases(),
    },
  ];
  return files.map((file) => ({
    ...file,
    cases: file.cases.map((vector) => describe(vector) as VectorCase),
  }));
}
