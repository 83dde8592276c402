import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createWasmBackend } from "@r3mes/engine";
import { createNodeWasmHost } from "@r3mes/engine/node";
import { TINY_SHAPE, tinyWeights } from "@r3mes/models/testing";
import { noise } from "@r3mes/protocol";
import { systemClock } from "@r3mes/service";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { checkpointPath, removeRun } from "./checkpointFile.ts";
import type { TrainResult, TrainView } from "./createTrainView.ts";
import { createLocalRun, type RunSettings } from "./localRun.ts";
import { trainLocally } from "./trainLocally.ts";

const steps = 6;
const settings: RunSettings = {
  model: "model",
  dataset: "dataset",
  steps,
  rank: 4,
  alpha: 8,
  optimizer: "adam",
  rate: 100_000,
  warmUp: 2,
  sequences: 2,
  length: 16,
  seed: 3,
};

/** Each token follows from the one before it, but for a little noise. */
function makeTokens(count: number): Uint32Array {
  const tokens = new Uint32Array(count);
  for (let i = 1; i < count; i += 1) {
    const next = noise(7, 0, 0, i, 0) % 8 === 0 ? noise(7, 0, 1, i, 0) : tokens[i - 1]! * 5 + 3;
    tokens[i] = next % TINY_SHAPE.vocabulary;
  }
  return tokens;
}

// Four batches, so that a run of six steps begins the text again.
const parts: Readonly<Record<string, Uint32Array>> = {
  train: makeTokens(2 * 4 * 16 + 1),
  "held-out": makeTokens(200),
};
const dataset = {
  name: "tiny",
  tokens: (split: string) => parts[split]?.length ?? 0,
  shards: async (split: string) => new Map([[0, parts[split]!]]),
};
const backend = createWasmBackend(createNodeWasmHost(), { threads: 1 });
const code = (name: string) => expect.objectContaining({ code: name });

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "r3mes-run-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

type Course = {
  readonly settings?: Partial<RunSettings>;
  readonly saveEvery?: number;
  /** Ask the process to end after this step. */
  readonly stopAfter?: number;
  readonly heldOut?: boolean;
};

async function train(course: Course = {}): Promise<TrainResult> {
  const run = createLocalRun({ ...settings, ...course.settings }, TINY_SHAPE, {
    dataset: "tiny",
    split: "train",
    tokens: dataset.tokens("train"),
  });
  const interrupt = new AbortController();
  let result: TrainResult | undefined;
  const view: TrainView = {
    note() {},
    busy() {},
    step({ step }) {
      if (step === course.stopAfter) interrupt.abort();
    },
    result(found) {
      result = found;
    },
  };
  await trainLocally(
    { run, folder, saveEvery: course.saveEvery ?? 100 },
    {
      backend,
      weights: tinyWeights(run.plan.program, 1),
      dataset:
        course.heldOut === false
          ? { ...dataset, tokens: (split) => (split === "train" ? dataset.tokens(split) : 0) }
          : dataset,
      view,
      clock: systemClock,
      interrupted: interrupt.signal,
    },
  );
  return result!;
}

test("a run that is stopped again and again ends at the root of one that is not", async () => {
  const whole = await train();
  removeRun(folder);
  for (const stopAfter of [1, 2, 4]) {
    await expect(train({ stopAfter })).rejects.toThrow(code("TRAINING_INTERRUPTED"));
  }
  const pieced = await train();
  expect(pieced.root).toBe(whole.root);
  expect(pieced.heldOut).toEqual(whole.heldOut);
});

test("it goes on from the last save, wherever that was", async () => {
  const { root } = await train({ saveEvery: 1 });
  expect(readdirSync(folder).sort()).toEqual(["adapter.bin", "adapter.json", "checkpoint.bin"]);
  const again = await train({ saveEvery: 5 });
  expect(again).toMatchObject({ root, tokensPerSecond: null });
});

test("training lowers the held-out loss; without held-out text none is claimed", async () => {
  const { heldOut } = await train({ settings: { steps: 40 } });
  expect(heldOut!.after).toBeLessThan(heldOut!.before - 0.05);
  removeRun(folder);
  expect((await train({ settings: { steps: 1 }, heldOut: false })).heldOut).toBeNull();
});

test("every setting decides the root", async () => {
  const roots = new Set<string>();
  const changes: Partial<RunSettings>[] = [
    {},
    { seed: 4 },
    { rate: 100_001 },
    { warmUp: 3 },
    { optimizer: "lion" },
    { sequences: 1 },
    { length: 15 },
  ];
  for (const change of changes) {
    removeRun(folder);
    roots.add((await train({ settings: { ...change, steps: 3 } })).root);
  }
  expect(roots.size).toBe(changes.length);
});

describe("a checkpoint that cannot be gone on from is refused and left as it is", () => {
  async function expectRefused(name: string, change: Partial<RunSettings> = {}): Promise<void> {
    const before = readFileSync(checkpointPath(folder));
    await expect(train({ settings: change })).rejects.toThrow(code(name));
    expect(readFileSync(checkpointPath(folder))).toEqual(before);
  }

  beforeEach(async () => {
    await expect(train({ stopAfter: 2 })).rejects.toThrow(code("TRAINING_INTERRUPTED"));
  });

  test.each<Partial<RunSettings>>([{ seed: 4 }, { steps: 7 }, { model: "other" }, { rank: 8 }])(
    "other settings: %j",
    (change) => expectRefused("TRAINING_RUN_OTHER", change),
  );

  test.each([
    ["a bit of the state", (file: Buffer) => file.writeUInt8(file.at(-1)! ^ 1, file.length - 1)],
    ["the root", (file: Buffer) => flipDigit(file, '"root":"')],
    ["the step", (file: Buffer) => flipDigit(file, '"step":')],
    ["the length of the header", (file: Buffer) => file.writeUInt32LE(2 ** 31, 0)],
  ])("%s is changed", async (_name, damage) => {
    const file = readFileSync(checkpointPath(folder));
    damage(file);
    writeFileSync(checkpointPath(folder), file);
    await expectRefused("TRAINING_CHECKPOINT_DAMAGED");
  });

  test.each([0, 3, 4, 40, 1000])("only %d bytes are left", async (bytes) => {
    const file = readFileSync(checkpointPath(folder));
    writeFileSync(checkpointPath(folder), file.subarray(0, bytes));
    await expectRefused("TRAINING_CHECKPOINT_DAMAGED");
  });
});

/** Changes the character behind a name into another digit. */
function flipDigit(file: Buffer, name: string): void {
  const at = file.indexOf(name) + name.length;
  file.write(file.toString("latin1", at, at + 1) === "1" ? "3" : "1", at, "latin1");
}

test("too little text for a batch is refused before anything is written", async () => {
  await expect(train({ settings: { sequences: 64, length: 48 } })).rejects.toThrow(
    code("DATASET_TOO_SMALL"),
  );
  expect(readdirSync(folder)).toEqual([]);
});
