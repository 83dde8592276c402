/**
 * Held-out losses of the shipped model in exact integers, on the windows that evaluate.py judges in float.
 *
 *     node tools/genesis/evaluateInteger.ts CORPORA [WINDOWS]
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createWasmBackend } from "@r3mes/engine";
import { createNodeWasmHost } from "@r3mes/engine/node";
import { buildForwardProgram, type Tokenizer } from "@r3mes/models";
import { GENESIS_FOLDER, openModelFolder } from "@r3mes/models/node";

const LENGTH = 256;
const CORPORA = [
  "old-speeches",
  "king-james-bible",
  "jargon-file",
  "moby-dick",
  "factbook",
  "modern-speeches",
];

/** All held-out documents as one sequence, each after an end-of-text token. */
function heldOutTokens(folder: string, corpus: string, tokenizer: Tokenizer): number[] {
  const lines = readFileSync(join(folder, `${corpus}.heldOut.jsonl`), "utf8")
    .trimEnd()
    .split("\n");
  return lines.flatMap((line) => [
    0,
    ...tokenizer.encode((JSON.parse(line) as { text: string }).text),
  ]);
}

/** Windows of LENGTH + 1 tokens, at most `count` of them, evenly spread. */
function windowsOf(tokens: readonly number[], count: number): number[][] {
  const all = Math.floor((tokens.length - 1) / LENGTH);
  return Array.from({ length: Math.min(all, count) }, (_, i) => {
    const first = LENGTH * (all <= count ? i : Math.floor((i * all) / count));
    return tokens.slice(first, first + LENGTH + 1);
  });
}

const [folder, windows = "1000000"] = process.argv.slice(2);
if (folder === undefined) {
  console.error("usage: node tools/genesis/evaluateInteger.ts CORPORA [WINDOWS]");
  process.exit(2);
}
const model = await openModelFolder(GENESIS_FOLDER);
const { tokenizer } = model;
if (tokenizer === undefined) throw new Error("the genesis model has a tokenizer");
const options = { sequences: 1, length: LENGTH, withLoss: true };
const program = buildForwardProgram(model.manifest.architecture, options);
const backend = createWasmBackend(createNodeWasmHost(), { threads: 1 });
const session = await backend.prepare(program, model.weight);
for (const corpus of CORPORA) {
  const judged = windowsOf(heldOutTokens(folder, corpus, tokenizer), Number(windows));
  let bits = 0;
  for (const window of judged) {
    session.write("tokens", new Uint8Array(Int32Array.from(window).buffer));
    await session.run();
    const total = await session.read("loss.total");
    // The sum over the window's tokens in bits, Q16.
    bits += Number(new DataView(total.buffer, total.byteOffset).getBigInt64(0, true)) / 65536;
  }
  const nats = (bits / (judged.length * LENGTH)) * Math.LN2;
  console.log(
    JSON.stringify({ corpus, windows: judged.length, natsPerToken: Number(nats.toFixed(4)) }),
  );
}
await session.close();
await model.close();
