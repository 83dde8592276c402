/**
 * How long a model of any size takes to load and to continue a text by a token, beside a program that prints its own milliseconds a
 * token: in turns, on as many threads, in one run. With `--texts`, as many texts at once, each with an adapter of its own on every
 * linear whose factors are drawn, beside one of them, and no rival.
 *
 *     node tools/agreement/decode2b4t.ts MODEL [--threads 1,2] [--tokens 16] [--rounds 3] [--rival "ternary_decode i2_s"]
 *     node tools/agreement/decode2b4t.ts MODEL --texts 8 [--rank 16] [--context 256] …
 */
import { execFileSync } from "node:child_process";
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  type Backend,
  createNativeBackend,
  createWasmBackend,
  packBlock,
  type Session,
  tensorBytes,
  type WeightSource,
} from "@r3mes/engine";
import { createNodeNativeHost, createNodeWasmHost, hasNativeKernels } from "@r3mes/engine/node";
import { buildDecodeProgram, LINEARS, type Model } from "@r3mes/models";
import { openModelFolder } from "@r3mes/models/node";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    threads: { type: "string", default: "1,2" },
    tokens: { type: "string", default: "16" },
    rounds: { type: "string", default: "3" },
    rival: { type: "string", multiple: true, default: [] },
    texts: { type: "string", default: "0" },
    rank: { type: "string", default: "16" },
    /** Eight caches of the context of 2B4T would not fit the memory of one session. */
    context: { type: "string", default: "256" },
  },
});
const [folder] = positionals;
if (folder === undefined) {
  console.error("usage: node tools/agreement/decode2b4t.ts MODEL [--rival COMMAND]");
  process.exit(2);
}
const tokens = Number(values.tokens);

function backendOf(threads: number): Backend {
  return hasNativeKernels()
    ? createNativeBackend(createNodeNativeHost(), { threads })
    : createWasmBackend(createNodeWasmHost(), { threads });
}

const median = (list: readonly number[]) => list.toSorted((a, b) => a - b)[list.length >> 1]!;

/** Megabytes a second of reading the backbone without doing anything with it. */
function plainRead(file: string): number {
  const buffer = new Uint8Array(8 << 20);
  const descriptor = openSync(file, "r");
  const began = performance.now();
  while (readSync(descriptor, buffer) > 0);
  closeSync(descriptor);
  return statSync(file).size / 1e3 / (performance.now() - began);
}

/** A decoder that is ready, and what it took to load. */
async function load(model: Model, threads: number) {
  const began = performance.now();
  const program = buildDecodeProgram(model.manifest.architecture, { length: 1 });
  const session = await backendOf(threads).prepare(program, model.weight);
  const seconds = (performance.now() - began) / 1e3;
  return { seconds, decode: decodeWith(session, 1), close: () => session.close() };
}

/** Continues each of so many texts by a token. */
function decodeWith(session: Session, texts: number): () => Promise<void> {
  let position = 0;
  return async () => {
    const words = (first: number) => packBlock("i32", texts, 1, (text) => first + text);
    session.write(
      "position",
      packBlock("i32", texts, 1, () => position),
    );
    session.write("tokens", words(position));
    await session.run();
    await session.read("score");
    position += 1;
  };
}

/** The same of so many texts at once, each with an adapter of its own. */
async function loadTexts(model: Model, threads: number, texts: number) {
  const rank = Number(values.rank);
  const shape = { ...model.manifest.architecture, context: Number(values.context) };
  const adapter = { rank, alpha: 2 * rank, targets: LINEARS };
  const program = buildDecodeProgram(shape, { sequences: texts, length: 1, adapter });
  const sizes = new Map(program.tensors.map((tensor) => [tensor.name, tensorBytes(tensor)]));
  // Of the table of rotations the first rows are enough for a shorter context.
  const weights: WeightSource = async (name) =>
    (await model.weight(name)).subarray(0, sizes.get(name));
  const session = await backendOf(threads).prepare(program, weights);
  let noise = 1;
  const draw = () => {
    noise = (Math.imul(noise, 1_664_525) + 1_013_904_223) | 0;
    return (noise >> 20) | 1;
  };
  for (const { name, rows, columns, role } of program.tensors) {
    if (role !== "state") continue;
    if (name.endsWith(".copy")) session.write(name, packBlock("i16", rows, columns, draw));
    else if (!name.endsWith(".magnitude")) session.write(name, new Uint8Array(sizes.get(name)!));
    else
      session.write(
        name,
        packBlock("i16", rows, columns, () => -6),
      );
  }
  return { decode: decodeWith(session, texts), close: () => session.close() };
}

/** So many texts and one, in turns: the backbone is in memory for each. */
async function compareTexts(model: Model, threads: number, texts: number): Promise<void> {
  const counts = [texts, 1];
  const loaded = await Promise.all(counts.map((count) => loadTexts(model, threads, count)));
  const steps = counts.map(() => [] as number[]);
  for (let round = 0; round <= Number(values.rounds); round += 1) {
    for (const [i, { decode }] of loaded.entries()) {
      for (let token = 0; token < tokens; token += 1) {
        const began = performance.now();
        await decode();
        // What a text finds in the caches of the processor is its own only after its first token.
        if (round > 0 && token > 0) steps[i]!.push((performance.now() - began) / counts[i]!);
      }
    }
  }
  const tell = (of: (list: readonly number[]) => number) => {
    const [joined, alone] = steps.map(of) as [number, number];
    return `${joined.toFixed(1)} ms a token, one of them ${alone.toFixed(1)} ms: ${(alone / joined).toFixed(2)} times the tokens/s`;
  };
  console.log(
    `${threads} threads: ${texts} texts on ${texts} adapters of rank ${values.rank}, median ${tell(median)};` +
      ` least ${tell((list) => Math.min(...list))}`,
  );
  for (const { close } of loaded) await close();
}

function rivalMs(command: string, threads: number): number {
  const [file, ...rest] = command.split(" ");
  return Number(
    execFileSync(file!, [...rest, String(threads), String(tokens)], { encoding: "utf8" }),
  );
}

const model = await openModelFolder(folder);
const file = join(folder, "backbone.bin");
console.log(`${hasNativeKernels() ? "native kernels" : "WASM"}, ${statSync(file).size / 1e6} MB`);
for (const threads of values.threads.split(",").map(Number)) {
  if (values.texts !== "0") {
    await compareTexts(model, threads, Number(values.texts));
    continue;
  }
  const plain = plainRead(file);
  const { seconds, decode, close } = await load(model, threads);
  const rate = statSync(file).size / 1e6 / seconds;
  console.log(
    `${threads} threads: loaded in ${seconds.toFixed(1)} s, ${rate.toFixed(0)} MB/s;` +
      ` a plain read of the file ${plain.toFixed(0)} MB/s`,
  );
  const ours: number[] = [];
  const rivals = values.rival.map(() => [] as number[]);
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const began = performance.now();
    for (let token = 0; token < tokens; token += 1) await decode();
    ours.push((performance.now() - began) / tokens);
    for (const [i, command] of values.rival.entries()) rivals[i]!.push(rivalMs(command, threads));
  }
  console.log(`${threads} threads: ${median(ours).toFixed(1)} ms a token`);
  for (const [i, command] of values.rival.entries()) {
    const ratio = median(rivals[i]!) / median(ours);
    console.log(
      `  ${command}: ${median(rivals[i]!).toFixed(1)} ms a token, ${ratio.toFixed(2)} times as long`,
    );
  }
  await close();
}
await model.close();
