/**
 * The gate of the genesis model: one adapter for each domain, trained in exact integers for 200 steps of 1,024 tokens, and judged
 * on text of all three that none was trained on. An adapter has to be the best of the three at home. Rates are chosen on the
 * `validation` part, in units of 2^-24; `heldOut` is for what is published.
 *
 *     node tools/genesis/adaptInteger.ts CORPORA [--windows 48] [--steps 200] [--domain moby-dick] [--rate 33554] [--part heldOut]
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createWasmBackend, linearRate, type Session, stepConstants } from "@r3mes/engine";
import { createNodeWasmHost } from "@r3mes/engine/node";
import {
  type AdapterShape,
  buildForwardProgram,
  buildTrainingProgram,
  initialFactors,
  LINEARS,
} from "@r3mes/models";
import { GENESIS_FOLDER, openModelFolder } from "@r3mes/models/node";

const DOMAINS = ["moby-dick", "factbook", "modern-speeches"];
const LENGTH = 256;
const SEQUENCES = 4;
const WARM_UP = 10;
const SEED = { low: 1, high: 0 };
const ADAPTER: AdapterShape = { rank: 16, alpha: 32, targets: LINEARS };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    windows: { type: "string", default: "48" },
    steps: { type: "string", default: "200" },
    domain: { type: "string" },
    rate: { type: "string", default: "33554" },
    part: { type: "string", default: "heldOut" },
  },
});
const [folder] = positionals;
if (folder === undefined) {
  console.error("usage: node tools/genesis/adaptInteger.ts CORPORA [--windows N] [--steps N]");
  process.exit(2);
}

const schedule = { peak: Number(values.rate), steps: Number(values.steps), warmUp: WARM_UP };
const model = await openModelFolder(GENESIS_FOLDER);
const { architecture } = model.manifest;
const tokenizer = model.tokenizer;
if (tokenizer === undefined) throw new Error("the genesis model has a tokenizer");
const backend = createWasmBackend(createNodeWasmHost());
const training = await backend.prepare(
  buildTrainingProgram(architecture, {
    sequences: SEQUENCES,
    length: LENGTH,
    adapter: ADAPTER,
    optimizer: "adam",
  }),
  model.weight,
);
const evaluation = await backend.prepare(
  buildForwardProgram(architecture, {
    sequences: 1,
    length: LENGTH,
    adapter: ADAPTER,
    withLoss: true,
  }),
  model.weight,
);

function windowsOf(domain: string, part: string): Int32Array[] {
  const lines = readFileSync(join(folder!, `${domain}.${part}.jsonl`), "utf8")
    .trimEnd()
    .split("\n");
  const tokens = lines.flatMap((line) => [
    0,
    ...tokenizer!.encode((JSON.parse(line) as { readonly text: string }).text),
  ]);
  const count = Math.floor((tokens.length - 1) / LENGTH);
  return Array.from({ length: count }, (_, i) =>
    Int32Array.from(tokens.slice(i * LENGTH, (i + 1) * LENGTH + 1)),
  );
}

function bytesOf(words: readonly Int32Array[]): Uint8Array {
  return new Uint8Array(Int32Array.from(words.flatMap((window) => [...window])).buffer);
}

/** Windows of every step: consecutive ones of a fixed stride, so that a short run sees all of the text. */
function batch(windows: readonly Int32Array[], step: number): Uint8Array {
  const stride = Math.floor(windows.length / SEQUENCES);
  const place = (step * 7919) % stride;
  return bytesOf(Array.from({ length: SEQUENCES }, (_, i) => windows[i * stride + place]!));
}

async function train(domain: string): Promise<void> {
  const windows = windowsOf(domain, "train");
  for (const [name, bytes] of initialFactors(training.program, SEED)) training.write(name, bytes);
  for (let t = 1; t <= schedule.steps; t += 1) {
    training.write("tokens", batch(windows, t));
    const learningRate = linearRate(schedule, t);
    training.write(
      "step",
      stepConstants({ seed: { ...SEED, high: t }, t, learningRate, decay: 0 }),
    );
    await training.run();
  }
}

/** Copies the trained factors, or the untrained ones, into the session that judges. */
async function adopt(from: Session): Promise<void> {
  for (const tensor of evaluation.program.tensors) {
    if (tensor.role === "state") evaluation.write(tensor.name, await from.read(tensor.name));
  }
}

async function judge(): Promise<{ [domain: string]: number }> {
  const losses: { [domain: string]: number } = {};
  for (const domain of DOMAINS) {
    const all = windowsOf(domain, values.part);
    const count = Math.min(all.length, Number(values.windows));
    let bits = 0;
    for (let i = 0; i < count; i += 1) {
      evaluation.write("tokens", bytesOf([all[Math.floor((i * all.length) / count)]!]));
      await evaluation.run();
      const total = await evaluation.read("loss.total");
      bits += Number(new DataView(total.buffer, total.byteOffset).getBigInt64(0, true)) / 65536;
    }
    losses[domain] = Number(((bits / (count * LENGTH)) * Math.LN2).toFixed(4));
  }
  return losses;
}

for (const [name, bytes] of initialFactors(training.program, SEED)) training.write(name, bytes);
await adopt(training);
console.log(JSON.stringify({ adapter: "none", natsPerToken: await judge() }));
for (const domain of values.domain === undefined ? DOMAINS : [values.domain]) {
  await train(domain);
  await adopt(training);
  console.log(JSON.stringify({ adapter: domain, natsPerToken: await judge() }));
}
await training.close();
await evaluation.close();
await model.close();
