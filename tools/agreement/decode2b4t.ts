/**
 * How long a model of any size takes to load and to continue a text by a token, beside a program that prints its own milliseconds a
 * token: in turns, on as many threads, in one run.
 *
 *     node tools/agreement/decode2b4t.ts MODEL [--threads 1,2] [--tokens 16] [--rounds 3] [--rival "ternary_decode i2_s"]
 */
import { execFileSync } from "node:child_process";
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Backend, createNativeBackend, createWasmBackend, packBlock } from "@r3mes/engine";
import { createNodeNativeHost, createNodeWasmHost, hasNativeKernels } from "@r3mes/engine/node";
import { buildDecodeProgram, type Model } from "@r3mes/models";
import { openModelFolder } from "@r3mes/models/node";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    threads: { type: "string", default: "1,2" },
    tokens: { type: "string", default: "16" },
    rounds: { type: "string", default: "3" },
    rival: { type: "string", multiple: true, default: [] },
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
  let position = 0;
  const decode = async () => {
    session.write(
      "position",
      packBlock("i32", 1, 1, () => position),
    );
    session.write(
      "tokens",
      packBlock("i32", 1, 1, () => position),
    );
    await session.run();
    await session.read("score");
    position += 1;
  };
  await decode();
  return { seconds, decode, close: () => session.close() };
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
