/**
 * Holds the integer forward to the reference implementation: imports every checkpoint that `make_checkpoints.py` wrote, runs it,
 * and prints perplexity, mean KL divergence and top-1 agreement with `transformers` in float32, beside those of its own bfloat16.
 *
 *     node tools/agreement/compare.ts FOLDER
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createWasmBackend } from "@r3mes/engine";
import { createNodeWasmHost, nodeSha256 } from "@r3mes/engine/node";
import { buildForwardProgram, openModel } from "@r3mes/models";
import { importCheckpointFolder, openFolder } from "@r3mes/models/node";

const backend = createWasmBackend(createNodeWasmHost(), { threads: 1 });

interface Distance {
  /** Relative difference of the perplexity of the checkpoint's own tokens, and what chance alone makes of it. */
  readonly perplexity: number;
  readonly standardError: number;
  /** Mean over tokens of KL(reference || other), in nats. */
  readonly kl: number;
  /** Share of tokens whose best prediction is the same. */
  readonly top1: number;
}

/** Natural logits of every token, [tokens, vocabulary]. */
async function integerLogits(checkpoint: string, tokens: readonly number[]): Promise<Float64Array> {
  const folder = mkdtempSync(join(tmpdir(), "r3mes-agreement-"));
  const files = openFolder(folder);
  try {
    const description = { name: "random", source: checkpoint, licence: "CC0-1.0" };
    await importCheckpointFolder({ from: checkpoint, to: folder, description });
    const model = await openModel(files, nodeSha256);
    const { architecture } = model.manifest;
    const program = buildForwardProgram(architecture, { sequences: 1, length: tokens.length });
    const session = await backend.prepare(program, model.weight);
    session.write("tokens", new Uint8Array(Int32Array.from(tokens).buffer));
    await session.run();
    const bytes = await session.read("score");
    const scores = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    await session.close();
    // Scores are in log2 units, Q16.
    return Float64Array.from(scores, (score) => (score / 65536) * Math.LN2);
  } finally {
    await files.close();
    rmSync(folder, { recursive: true });
  }
}

function logProbabilities(logits: Float64Array): Float64Array {
  const largest = logits.reduce((max, value) => Math.max(max, value));
  const sum = logits.reduce((total, value) => total + Math.exp(value - largest), 0);
  return logits.map((value) => value - largest - Math.log(sum));
}

function distance(
  reference: Float64Array,
  other: Float64Array,
  tokens: readonly number[],
): Distance {
  const vocabulary = reference.length / tokens.length;
  let kl = 0;
  let same = 0;
  const differences: number[] = [];
  for (const [t] of tokens.entries()) {
    const row = (logits: Float64Array) =>
      logProbabilities(logits.slice(t * vocabulary, (t + 1) * vocabulary));
    const [p, q] = [row(reference), row(other)];
    kl += p.reduce((sum, value, i) => sum + Math.exp(value) * (value - q[i]!), 0);
    same += best(p) === best(q) ? 1 : 0;
    const next = tokens[t + 1];
    if (next === undefined) continue;
    differences.push(p[next]! - q[next]!);
  }
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
  const squares = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    perplexity: Math.exp(mean) - 1,
    standardError: Math.sqrt(squares) / differences.length,
    kl: kl / tokens.length,
    top1: same / tokens.length,
  };
}

function best(values: Float64Array): number {
  return values.indexOf(values.reduce((max, value) => Math.max(max, value)));
}

function readLogits(file: string): Float64Array {
  const bytes = readFileSync(file);
  return Float64Array.from(new Float32Array(new Uint8Array(bytes).buffer));
}

function report(name: string, { perplexity, standardError, kl, top1 }: Distance): string {
  const [percent, error] = [perplexity, standardError].map((share) => (100 * share).toFixed(2));
  return `${name}: perplexity ${percent} ± ${error} %, KL ${kl.toExponential(2)}, top-1 ${top1.toFixed(3)}`;
}

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("usage: node tools/agreement/compare.ts FOLDER");
  process.exit(2);
}
for (const name of readdirSync(folder).sort()) {
  const checkpoint = join(folder, name);
  const tokens: number[] = JSON.parse(readFileSync(join(checkpoint, "tokens.json"), "utf8"));
  const expected = readLogits(join(checkpoint, "reference.f32"));
  const ours = distance(expected, await integerLogits(checkpoint, tokens), tokens);
  const theirs = distance(expected, readLogits(join(checkpoint, "bfloat16.f32")), tokens);
  console.log(`${name}\n  ${report("integer ", ours)}\n  ${report("bfloat16", theirs)}`);
}
