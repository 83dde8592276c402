/**
 * Exact integers against float32: the same LoRA training on the genesis model, once by this engine and once by PyTorch, from the same
 * first factors on the same batches, judged on the same held-out text. The float twin reads the integer model's own weights, so the
 * arithmetic of training is all that differs.
 *
 *     node tools/learning/compareLora.ts --python .venv/bin/python [--seeds 1,2,3] [--steps 200] [--optimizer adam] [--backend wasm] [--device cpu]
 *
 * Needs the Python environment of tools/genesis. It prints a line of JSON for each optimizer and seed, in bits per token; `lost` is the
 * share of the float improvement that the integers do not reach, negative where they do better.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { linearRate, type Session, stepConstants } from "@r3mes/engine";
import { buildForwardProgram, buildTrainingProgram, initialFactors, LINEARS } from "@r3mes/models";
import { GENESIS_FOLDER, openModelFolder } from "@r3mes/models/node";
import { datasetRecords, noise, recordPlace } from "@r3mes/protocol";
import type { Shards } from "@r3mes/training";
import { domainText } from "./domainText.ts";
import { openBackend } from "./openBackend.ts";

const BATCH = { sequences: 4, length: 256 };
const WARM_UP = 10;
const HELD_OUT_BATCHES = 12;
const ADAPTER = { rank: 16, alpha: 32, targets: LINEARS };
/** Learning rates in units of 2^-24: 2e-3 and 2e-4. Lion moves every element by a whole rate, so it wants a tenth. */
const RATES = { adam: 33_554, lion: 3_355 } as const;
type OptimizerName = keyof typeof RATES;

const { values } = parseArgs({
  options: {
    python: { type: "string", default: "python3" },
    seeds: { type: "string", default: "1,2,3" },
    steps: { type: "string", default: "200" },
    optimizer: { type: "string", default: "adam,lion" },
    dataset: { type: "string", default: "moby-dick" },
    backend: { type: "string", default: "wasm" },
    /** Where PyTorch trains the float twin; on a GPU too in float32, without tf32. */
    device: { type: "string", default: "cpu" },
    threads: { type: "string", default: "1" },
  },
});
const steps = Number(values.steps);

const model = await openModelFolder(GENESIS_FOLDER);
const shape = model.manifest.architecture;
const text = await domainText(values.dataset);
const backend = openBackend(values.backend, Number(values.threads));
const judge = await backend.prepare(
  buildForwardProgram(shape, { ...BATCH, adapter: ADAPTER, withLoss: true }),
  model.weight,
);

/** Records of a split in an order that a seed decides, as batches of tokens, row by row. */
function batchesOf(split: "train" | "held-out", count: number, seed: number): Int32Array[] {
  const records = datasetRecords(text.tokens(split), BATCH.length);
  const shards: Shards = text.shards(split);
  const columns = BATCH.length + 1;
  return Array.from({ length: count }, (_, batch) => {
    const tokens = new Int32Array(BATCH.sequences * columns);
    for (let row = 0; row < BATCH.sequences; row += 1) {
      const drawn = noise(seed, 0, 0, batch, row) % records;
      const one = { sequenceTokens: BATCH.length, batchSequences: 1, localSteps: 1 };
      const { shard, firstToken } = recordPlace({ chunk: drawn, t: 1, sequence: 0 }, one);
      tokens.set(shards.get(shard)!.subarray(firstToken, firstToken + columns), row * columns);
    }
    return tokens;
  });
}

const heldOut = batchesOf("held-out", HELD_OUT_BATCHES, 0);

async function lossOf(from: Session): Promise<number> {
  for (const { name, role } of judge.program.tensors) {
    if (role === "state") judge.write(name, await from.read(name));
  }
  let bits = 0;
  for (const tokens of heldOut) {
    judge.write("tokens", bytesOf(tokens));
    await judge.run();
    const total = await judge.read("loss.total");
    bits += Number(new DataView(total.buffer, total.byteOffset).getBigInt64(0, true)) / 65_536;
  }
  return bits / (HELD_OUT_BATCHES * BATCH.sequences * BATCH.length);
}

/** Trains in integers and writes what the float twin needs into `folder`. */
async function trainExactly(optimizer: OptimizerName, seed: number, folder: string) {
  const program = buildTrainingProgram(shape, { ...BATCH, adapter: ADAPTER, optimizer });
  const session = await backend.prepare(program, model.weight);
  const factors = initialFactors(program, { low: seed, high: 0 });
  for (const [name, bytes] of factors) session.write(name, bytes);
  const before = await lossOf(session);
  const batches = batchesOf("train", steps, seed);
  const rates = batches.map((_, i) =>
    linearRate({ peak: RATES[optimizer], steps, warmUp: WARM_UP }, i + 1),
  );
  for (const [i, tokens] of batches.entries()) {
    session.write("tokens", bytesOf(tokens));
    const t = i + 1;
    session.write(
      "step",
      stepConstants({ seed: { low: seed, high: t }, t, learningRate: rates[i]!, decay: 0 }),
    );
    await session.run();
  }
  const after = await lossOf(session);
  await session.close();
  await writeTwin(folder, factors);
  writeFileSync(join(folder, "train.i32"), Buffer.concat(batches.map(bytesOf)));
  writeFileSync(join(folder, "held-out.i32"), Buffer.concat(heldOut.map(bytesOf)));
  const plan = { shape, batch: BATCH, adapter: ADAPTER, optimizer, rates, steps };
  writeFileSync(join(folder, "plan.json"), JSON.stringify(plan));
  return { before, after };
}

/** The weights and the first factors as they are stored, each in a file of its name. */
async function writeTwin(folder: string, factors: ReadonlyMap<string, Uint8Array>): Promise<void> {
  for (const { name, role, transposeOf } of judge.program.tensors) {
    if (role !== "weight" || transposeOf !== undefined || name.endsWith(".wt")) continue;
    writeFileSync(join(folder, name), await model.weight(name));
  }
  for (const [name, bytes] of factors) {
    if (/\.[ab]$/.test(name)) writeFileSync(join(folder, name), bytes);
  }
}

for (const optimizer of values.optimizer.split(",") as OptimizerName[]) {
  for (const seed of values.seeds.split(",").map(Number)) {
    const folder = mkdtempSync(join(tmpdir(), "r3mes-twin-"));
    try {
      const integer = await trainExactly(optimizer, seed, folder);
      const script = new URL("float_lora.py", import.meta.url).pathname;
      const printed = execFileSync(values.python, [script, folder, values.threads, values.device], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "inherit"],
      });
      const float = JSON.parse(printed) as { readonly before: number; readonly after: number };
      const lost = 1 - (integer.before - integer.after) / (float.before - float.after);
      console.log(JSON.stringify({ optimizer, seed, steps, integer, float, lost }, rounded));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
}
await judge.close();
await model.close();

function bytesOf(words: Int32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

function rounded(_: string, value: unknown): unknown {
  return typeof value === "number" ? Math.round(value * 1e5) / 1e5 : value;
}
