/** How long a person waits for a token of the shipped model, alone and among others. */
import { setImmediate } from "node:timers/promises";
import {
  createNativeBackend,
  createWasmBackend,
  packBlock,
  type SharedBackend,
  tensorBytes,
  type WeightSource,
} from "@r3mes/engine";
import { createNodeNativeHost, createNodeWasmHost, hasNativeKernels } from "@r3mes/engine/node";
import {
  type BitnetShape,
  buildDecodeProgram,
  buildForwardProgram,
  initialFactors,
  LINEARS,
  type Model,
} from "@r3mes/models";
import { GENESIS_FOLDER, openModelFolder } from "@r3mes/models/node";
import { tinyWeights } from "@r3mes/models/testing";
import { type Bench, elapsedMs } from "@r3mes/tools/bench";
import { rememberWeights } from "./decode/rememberWeights.ts";
import { createInference, type Inference } from "./serve/createInference.ts";

const tokens = 32;
const shape = { rank: 16, alpha: 32, targets: LINEARS } as const;
const sampling = { temperature: 800, topP: 1_000_000, seed: { low: 1, high: 0 } };

const backend: SharedBackend = hasNativeKernels()
  ? createNativeBackend(createNodeNativeHost(), { threads: 1 })
  : createWasmBackend(createNodeWasmHost(), { threads: 1 });

function open({ manifest, tokenizer }: Model, weights: WeightSource): Inference {
  const program = buildForwardProgram(manifest.architecture, {
    sequences: 1,
    length: 1,
    adapter: shape,
  });
  return createInference(
    {
      shape: manifest.architecture,
      endOfText: manifest.architecture.vocabulary,
      activeMax: 8,
      together: 8,
      shapesMax: 2,
      cacheBytesMax: 0,
      adapterBytesMax: 1 << 30,
    },
    {
      backend,
      weights,
      tokenizer: tokenizer!,
      loadAdapter: async (id) => ({
        shape,
        tensors: new Map([...initialFactors(program, { low: Number(id), high: 0 })]),
      }),
      pause: () => setImmediate(),
    },
  );
}

/** So many requests at once, each of an adapter of its own unless there are none; 32 tokens each. */
async function ask(inference: Inference, requests: number, hasAdapters: boolean): Promise<void> {
  const prompt = [0, 2133, 260, 2743];
  const runs = Array.from({ length: requests }, (_, i) =>
    inference.ask(
      { adapter: hasAdapters ? String(i) : null, prompt, tokensMax: tokens, sampling, stop: [] },
      { asker: String(i), onPiece: () => {} },
    ),
  );
  await Promise.all(runs.map(({ done }) => done));
}

/** Two layers as wide as those of the 2-billion-parameter model. */
const wide: BitnetShape = {
  hidden: 2_560,
  ffn: 6_912,
  heads: 20,
  kvHeads: 5,
  headSize: 128,
  layers: 2,
  vocabulary: 4_096,
  context: 256,
};
const filled = 40;

/** Milliseconds of one decoding step of so many texts, for each of them. */
async function wideStep(weights: WeightSource, texts: number): Promise<() => Promise<number>> {
  const program = buildDecodeProgram(wide, { sequences: texts, length: 1 });
  const session = await backend.prepare(program, weights);
  for (const tensor of program.tensors) {
    if (tensor.role === "state") session.write(tensor.name, new Uint8Array(tensorBytes(tensor)));
  }
  session.write(
    "position",
    packBlock("i32", texts, 1, () => filled),
  );
  session.write(
    "tokens",
    packBlock("i32", texts, 1, (text) => text),
  );
  const elapsed = elapsedMs(() => session.run());
  return async () => (await elapsed()) / texts;
}

export const bench: Bench = {
  about: "Milliseconds for each token of the shipped model: alone, with an adapter, eight at once.",
  async contests() {
    const model = await openModelFolder(GENESIS_FOLDER);
    const modelBytes = model.manifest.backbone.bytes;
    const weights = rememberWeights(model.weight, { modelBytes, bytesMax: modelBytes });
    const inference = open(model, weights);
    const perToken = (requests: number, hasAdapters: boolean) => {
      const elapsed = elapsedMs(() => ask(inference, requests, hasAdapters));
      return async () => (await elapsed()) / (requests * tokens);
    };
    const unit = "ms a token";
    const wideWeights = tinyWeights(
      buildForwardProgram(wide, { sequences: 1, length: 1, adapter: null }),
      3,
    );
    return [
      {
        name: "one request of an adapter",
        unit,
        rounds: 9,
        ours: { label: "an adapter", sample: perToken(1, true) },
        rivals: [{ label: "the backbone alone", sample: perToken(1, false) }],
      },
      ...[2, 4, 8].map((requests) => ({
        name: `${requests} requests on ${requests} adapters`,
        unit,
        rounds: 5,
        ours: { label: "joined", sample: perToken(requests, true) },
        rivals: [{ label: "one of them", sample: perToken(1, true) }],
      })),
      {
        name: "8 requests on the backbone",
        unit,
        rounds: 5,
        ours: { label: "joined", sample: perToken(8, false) },
        rivals: [{ label: "one of them", sample: perToken(1, false) }],
      },
      {
        name: "the decoding step of 8 texts, two layers as wide as 2B4T's",
        unit,
        rounds: 25,
        ours: { label: "joined", sample: await wideStep(wideWeights, 8) },
        rivals: [{ label: "one of them", sample: await wideStep(wideWeights, 1) }],
      },
    ];
  },
};
