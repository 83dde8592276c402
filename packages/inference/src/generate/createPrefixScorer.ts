/**
 * Scores of the next token for a growing text. The forward pass is causal to the bit, so a text may be padded to the next of a few
 * lengths: what stands behind a token changes none of its scores. Each length is prepared once.
 *
 * The whole prefix is computed again for every token. A cache of keys and values gives the same bytes, but a program has a fixed
 * number of past positions, so a cache needs a program for every position.
 */
import { type Backend, packBlock, type Session, type WeightSource } from "@r3mes/engine";
import { type AdapterShape, type BitnetShape, buildForwardProgram } from "@r3mes/models";
import { R3mesError } from "@r3mes/protocol";
import type { AdapterTensors } from "../adapter/adapterTensors.ts";

export interface ScorerOptions {
  readonly shape: BitnetShape;
  readonly adapter?: { readonly shape: AdapterShape; readonly tensors: AdapterTensors };
}

export interface ScorerDeps {
  readonly backend: Backend;
  readonly weights: WeightSource;
}

export interface PrefixScorer {
  /** Longest text that can be scored. */
  readonly context: number;
  /**
   * Scores of the token after the text, one for each token of the vocabulary, log2 units, Q16.
   * Throws CONTEXT_EXCEEDED, TOKEN_OUT_OF_VOCABULARY.
   */
  next(text: readonly number[]): Promise<Int32Array>;
  close(): Promise<void>;
}

const shortest = 32;

export function createPrefixScorer(options: ScorerOptions, deps: ScorerDeps): PrefixScorer {
  const { shape, adapter } = options;
  let prepared: { readonly length: number; readonly session: Session } | undefined;

  async function sessionFor(tokens: number): Promise<NonNullable<typeof prepared>> {
    const length = paddedLength(tokens, shape.context);
    if (prepared?.length === length) return prepared;
    // A text only grows, so a length that was left behind is not needed again.
    await prepared?.session.close();
    prepared = undefined;
    const program = buildForwardProgram(shape, {
      sequences: 1,
      length,
      adapter: adapter?.shape ?? null,
    });
    const session = await deps.backend.prepare(program, deps.weights);
    for (const [name, bytes] of adapter?.tensors ?? []) session.write(name, bytes);
    prepared = { length, session };
    return prepared;
  }

  return {
    context: shape.context,
    async next(text) {
      checkText(text, shape);
      const { length, session } = await sessionFor(text.length);
      session.write(
        "tokens",
        packBlock("i32", 1, length, (_, column) => text[column] ?? 0),
      );
      await session.run();
      return rowOf(await session.read("score"), text.length - 1, shape.vocabulary);
    },
    async close() {
      await prepared?.session.close();
      prepared = undefined;
    },
  };
}

/** The next power of two from 32 on, at most the context. */
function paddedLength(tokens: number, context: number): number {
  let length = shortest;
  while (length < tokens) length *= 2;
  return Math.min(length, context);
}

function checkText(text: readonly number[], { context, vocabulary }: BitnetShape): void {
  if (text.length < 1 || text.length > context) {
    throw new R3mesError({ code: "CONTEXT_EXCEEDED", tokens: text.length, context });
  }
  const stray = text.find((token) => !Number.isInteger(token) || token < 0 || token >= vocabulary);
  if (stray !== undefined) {
    throw new R3mesError({ code: "TOKEN_OUT_OF_VOCABULARY", token: stray, vocabulary });
  }
}

function rowOf(scores: Uint8Array, row: number, columns: number): Int32Array {
  const view = new DataView(scores.buffer, scores.byteOffset, scores.byteLength);
  const from = 4 * row * columns;
  return Int32Array.from({ length: columns }, (_, i) => view.getInt32(from + 4 * i, true));
}
