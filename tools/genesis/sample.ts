/**
 * Text from the shipped model, one continuation for each prompt, for the model card: the first that comes, not the best.
 *
 *     node tools/genesis/sample.ts
 */
import { createWasmBackend } from "@r3mes/engine";
import { createNodeWasmHost } from "@r3mes/engine/node";
import { buildForwardProgram } from "@r3mes/models";
import { GENESIS_FOLDER, openModelFolder } from "@r3mes/models/node";

const PROMPTS = [
  "The Congress of the United States",
  "And the LORD said unto",
  "hacker: n. A person who",
  "The great white whale",
];
const CONTINUATION = 48;
const LENGTH = 64;
const BEST = 40;
const TEMPERATURE = 0.8;

/** Draws among the best scores. Scores are in log2 units, Q16; `uniform` lies in [0, 1). */
function draw(scores: Int32Array, uniform: number): number {
  const best = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!).slice(0, BEST);
  const weights = best.map((i) => 2 ** ((scores[i]! - scores[best[0]!]!) / 65536 / TEMPERATURE));
  let left = uniform * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [i, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return best[i]!;
  }
  return best[0]!;
}

/** The same numbers in every run (Numerical Recipes' linear congruence). */
function createUniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const model = await openModelFolder(GENESIS_FOLDER);
const { tokenizer, manifest } = model;
if (tokenizer === undefined) throw new Error("the genesis model has a tokenizer");
const program = buildForwardProgram(manifest.architecture, { sequences: 1, length: LENGTH });
const backend = createWasmBackend(createNodeWasmHost(), { threads: 1 });
const session = await backend.prepare(program, model.weight);
for (const [seed, prompt] of PROMPTS.entries()) {
  const uniform = createUniform(seed + 1);
  const tokens = [0, ...tokenizer.encode(prompt)];
  const end = Math.min(LENGTH, tokens.length + CONTINUATION);
  while (tokens.length < end) {
    // Attention is causal, so what stands behind the last token does not matter.
    const input = new Int32Array(LENGTH);
    input.set(tokens);
    session.write("tokens", new Uint8Array(input.buffer));
    await session.run();
    const bytes = await session.read("score");
    const scores = new Int32Array(bytes.slice().buffer);
    const { vocabulary } = manifest.architecture;
    const row = scores.subarray((tokens.length - 1) * vocabulary, tokens.length * vocabulary);
    tokens.push(draw(row, uniform()));
  }
  console.log(`> ${JSON.stringify(tokenizer.decode(tokens))}`);
}
await session.close();
await model.close();
