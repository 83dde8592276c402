/**
 * What the update codec costs and saves: four workers train the genesis model on one domain for some rounds, and their changes are
 * summed dense, through the codec, and through the codec with one worker of four hostile. Every arm trains the same chunks from
 * the same factors in exact integers, so a run gives the same table everywhere.
 *
 *     node tools/learning/codecQuality.ts [--seeds 1,2] [--rounds 8] [--arms dense,codec,scaled,flipped] [--backend wasm]
 *
 * It prints one line of JSON for each arm and seed: the held-out loss in bits per token before and after, and the share of the
 * dense improvement that is left.
 */
import { parseArgs } from "node:util";
import { decodeUpdate, encodeUpdate, outerStep, type Session, type Update } from "@r3mes/engine";
import { nodeSha256 } from "@r3mes/engine/node";
import { buildForwardProgram, buildTrainingProgram, initialFactors, LINEARS } from "@r3mes/models";
import { GENESIS_FOLDER, openModelFolder } from "@r3mes/models/node";
import { sha256 } from "@r3mes/protocol";
import {
  type Adapter,
  aggregateRound,
  factorsOf,
  freshAdapter,
  heldOutLoss,
  heldOutSample,
  readState,
  type TrainingPlan,
  trainChunk,
  updateLayoutOf,
} from "@r3mes/training";
import { domainText } from "./domainText.ts";
import { openBackend } from "./openBackend.ts";

const WORKERS = 4;
const LOCAL_STEPS = 15;
/** 2e-3, the rate that suits rank 16 on this model; in units of 2^-24. */
const LEARNING_RATE = 33_554;
const HOSTILE_FACTOR = 100;

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1,2" },
    rounds: { type: "string", default: "8" },
    arms: { type: "string", default: "dense,codec,scaled,flipped" },
    dataset: { type: "string", default: "moby-dick" },
    backend: { type: "string", default: "wasm" },
    threads: { type: "string", default: "1" },
    /** Outer rate of the dense sum, in 1/256: it is tuned on its own, since it has no dropped elements to make up for. */
    denseOuterRate: { type: "string", default: "256" },
  },
});
const rounds = Number(values.rounds);

const model = await openModelFolder(GENESIS_FOLDER);
const text = await domainText(values.dataset);
const shape = model.manifest.architecture;
const adapterShape = { rank: 16, alpha: 32, targets: LINEARS };
const batch = { sequences: 2, length: 256 };
const program = buildTrainingProgram(shape, { ...batch, adapter: adapterShape, optimizer: "adam" });
const plan: TrainingPlan = {
  pool: 1n,
  program,
  localSteps: LOCAL_STEPS,
  ...batch,
  learningRates: [LEARNING_RATE],
  decay: 0,
  density: 90,
  outer: { momentum: 128, learningRate: 640 },
};
const layout = updateLayoutOf(plan);
const backend = openBackend(values.backend, Number(values.threads));
const training = await backend.prepare(program, model.weight);
const judge = await backend.prepare(
  buildForwardProgram(shape, { ...batch, adapter: adapterShape, withLoss: true }),
  model.weight,
);

/** What one worker did in one round: the update as it is sent, and the dense change behind it. */
interface Work {
  readonly update: Uint8Array;
  readonly change: readonly Int32Array[];
}

async function work(session: Session, seed: number, round: number, worker: number, from: Adapter) {
  const chunk = (round - 1) * WORKERS + worker;
  const roundSeed = sha256(Uint8Array.of(seed, round));
  const leased = { round, chunk, roundSeed, shards: text.shards("train") };
  const start = { plan, leased, adapter: from };
  const { update } = await trainChunk(session, start, { hash: nodeSha256 });
  const after = factorsOf(plan, await readState(session));
  const change = after.map((factor, i) => from.factors[i]!.map((value, j) => value - factor[j]!));
  return { update, change };
}

/** The sum of a round as one arm sees it. */
type Arm = (from: Adapter, works: readonly Work[]) => Adapter;

const arms: Readonly<Record<string, Arm>> = {
  dense: (from, works) => {
    const outer = { ...plan.outer, learningRate: Number(values.denseOuterRate) };
    const stepped = from.factors.map((factor, i) => {
      const mean = factor.map((_, j) => {
        const sum = works.reduce((total, { change }) => total + change[i]![j]!, 0);
        return Math.round(sum / works.length);
      });
      return outerStep(outer, { factor, momentum: from.momenta[i]! }, mean);
    });
    return {
      factors: stepped.map(({ factor }) => factor),
      momenta: stepped.map(({ momentum }) => momentum),
    };
  },
  codec: (from, works) => sum(from, works),
  scaled: (from, works) =>
    sum(from, works, (update) =>
      update.map((part) => ({
        ...part,
        scale: Math.min(2 ** 22, part.scale * HOSTILE_FACTOR),
        negative: part.negative.map((sign) => 1 - sign),
      })),
    ),
  flipped: (from, works) =>
    sum(from, works, (update) =>
      update.map((part) => ({ ...part, negative: part.negative.map((sign) => 1 - sign) })),
    ),
};

/** The protocol's sum, where `attack` is what the first worker sends in place of its work. */
function sum(
  from: Adapter,
  works: readonly Work[],
  attack: (update: Update) => Update = (update) => update,
): Adapter {
  const updates = works.map(({ update }, worker) =>
    worker === 0 ? encodeUpdate(layout, attack(decodeUpdate(layout, update))) : update,
  );
  return aggregateRound(plan, from, updates);
}

async function lossOf(adapter: Adapter): Promise<number> {
  const tokens = text.tokens("held-out");
  const shards = text.shards("held-out");
  const predicted = heldOutSample(plan, tokens).length * batch.sequences * batch.length;
  return Number(await heldOutLoss(judge, plan, adapter, tokens, shards)) / 65_536 / predicted;
}

const denseBytes = 4 * layout.elements.reduce((all, elements) => all + elements, 0);
for (const seed of values.seeds.split(",").map(Number)) {
  const start = freshAdapter(plan, initialFactors(program, { low: seed, high: 0 }));
  const before = await lossOf(start);
  let denseGain: number | undefined;
  for (const name of values.arms.split(",")) {
    const arm = arms[name];
    if (arm === undefined) throw new Error(`no arm is called ${name}`);
    let adapter = start;
    let bytes = 0;
    for (let round = 1; round <= rounds; round += 1) {
      const works: Work[] = [];
      for (let worker = 0; worker < WORKERS; worker += 1) {
        works.push(await work(training, seed, round, worker, adapter));
      }
      bytes += works.reduce((all, { update }) => all + update.length, 0);
      adapter = arm(adapter, works);
      process.stderr.write(`seed ${seed}, ${name}: round ${round} of ${rounds}\n`);
    }
    const after = await lossOf(adapter);
    if (name === "dense") denseGain = before - after;
    const bytesPerUpdate = name === "dense" ? denseBytes : Math.round(bytes / rounds / WORKERS);
    console.log(
      JSON.stringify({
        seed,
        arm: name,
        bitsPerToken: { before: round4(before), after: round4(after) },
        shareOfDenseGain: denseGain === undefined ? null : round4((before - after) / denseGain),
        ...(name === "dense" && { outerRate: Number(values.denseOuterRate) / 256 }),
        bytesPerUpdate,
        times: round4(denseBytes / bytesPerUpdate),
      }),
    );
  }
}
await training.close();
await judge.close();
await model.close();

function round4(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
