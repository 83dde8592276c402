/**
 * Extends texts by tokens with a cache of keys and values, so that every token is computed once. Texts that wait at the same time
 * for a token are computed together, whatever their adapters: between two tokens any text may join or leave. The scores are
 * those of the training forward, bit for bit, however a text is cut and whoever it is computed with (spec/inference.md).
 */
import { type Observer, packBlock, type Session, tensorBytes, viewInt32s } from "@r3mes/engine";
import { type BitnetShape, buildDecodeProgram } from "@r3mes/models";
import { assert, R3mesError } from "@r3mes/protocol";
import type { FactorCopies } from "../adapter/copyFactors.ts";
import { createJoiner } from "./createJoiner.ts";
import {
  cachesOf,
  createLanes,
  type Lanes,
  type LanesDeps,
  type LanesOptions,
  type Place,
  type PlacedText,
  readCaches,
} from "./createLanes.ts";

export type DecoderOptions = LanesOptions;

export interface DecoderDeps extends LanesDeps {
  /** Lets the host do something else before the next run, such as bring more texts that can be computed together. */
  readonly pause?: () => Promise<void>;
}

/** A text whose keys and values are kept. */
export interface CachedText {
  readonly adapter: FactorCopies | null;
  readonly tokens: readonly number[];
}

export interface Extension {
  /** How many of the tokens were taken: one, or up to a piece of a prompt. */
  readonly taken: number;
  /**
   * Of the token after the last one taken: one for each token of the vocabulary, log2 units, Q16. Valid until the text is extended
   * again.
   */
  readonly scores: Int32Array;
  /** Bytes of every output that was asked for, by its tensor's name. */
  readonly observed: ReadonlyMap<string, Uint8Array>;
}

export interface ExtendOptions {
  /** Names of intermediate tensors to read; a run that is observed is slower. */
  readonly observe?: readonly string[];
  /** Whom it is for: askers have turns alike, however many texts each has. */
  readonly asker?: string;
}

export interface Decoder {
  /** Longest text. */
  readonly context: number;
  /** Bytes of the keys and values of one text. */
  readonly cacheBytes: number;
  /** A text with no token in it, which is adapted by the copies of an adapter of the decoder's shape. */
  open(adapter: FactorCopies | null): CachedText;
  /** A text with the first tokens of another. */
  copy(text: CachedText, tokens: number): Promise<CachedText>;
  /** Leaves the first tokens of a text; keys and values behind them will be written over. */
  rewind(text: CachedText, tokens: number): void;
  /** Takes the first of the tokens, as many as one run can. Throws CONTEXT_EXCEEDED, TOKEN_OUT_OF_VOCABULARY. */
  extend(text: CachedText, tokens: readonly number[], options?: ExtendOptions): Promise<Extension>;
  /** Forgets the keys and values of a text. */
  drop(text: CachedText): void;
  /** Lets go of the copies of an adapter that no text has. */
  forget(adapter: FactorCopies): void;
  close(): Promise<void>;
}

/** A text that waits for tokens. */
interface Extending {
  readonly text: PlacedText;
  readonly tokens: readonly number[];
  readonly observe: readonly string[];
  readonly resolve: (extension: Extension) => void;
  readonly reject: (error: unknown) => void;
}

function cacheBytesOf({ shape, adapter }: DecoderOptions): number {
  const program = buildDecodeProgram(shape, { sequences: 1, length: 1, adapter });
  return cachesOf(program).reduce((sum, tensor) => sum + tensorBytes(tensor), 0);
}

export function createDecoder(options: DecoderOptions, deps: DecoderDeps): Decoder {
  const { shape, adapter, together = 1 } = options;
  const lanes = createLanes(options, deps);
  const joiner = createJoiner<Extending>(
    { together },
    {
      pause: deps.pause ?? (async () => {}),
      isJoined: ({ text, tokens, observe }) =>
        observe.length === 0 && !lanes.isPiece(text, tokens.length),
      async compute(batch) {
        try {
          const most = await lanes.most();
          for (let at = 0; at < batch.length; at += most) {
            const part = batch.slice(at, at + most);
            const extensions = await extendAll(part, lanes, shape.vocabulary);
            for (const [i, { resolve }] of part.entries()) resolve(extensions[i]!);
          }
        } catch (error) {
          for (const { reject } of batch) reject(error);
        }
      },
    },
  );
  return {
    context: shape.context,
    cacheBytes: cacheBytesOf(options),
    open(own): PlacedText {
      assert((own === null) === (adapter === null), "a text has an adapter where the decoder does");
      return { adapter: own, tokens: [], lane: null, saved: null, scores: noScores };
    },
    copy: (cached, tokens): Promise<PlacedText> =>
      joiner.alone(async () => {
        const text = cached as PlacedText;
        const { adapter: own, lane } = text;
        const copied = text.tokens.slice(0, tokens);
        const saved = lane === null ? text.saved : await readCaches(lane, copied.length);
        return { adapter: own, tokens: copied, lane: null, saved, scores: noScores };
      }),
    rewind(text, tokens) {
      (text as PlacedText).tokens.length = tokens;
    },
    async extend(cached, tokens, { observe = [], asker = "" } = {}) {
      const text = cached as PlacedText;
      checkTokens(text.tokens.length, tokens, shape);
      return new Promise((resolve, reject) => {
        joiner.add({ text, tokens, observe, resolve, reject }, asker);
      });
    },
    drop(cached) {
      const text = cached as PlacedText;
      if (text.lane !== null) text.lane.text = null;
      text.lane = null;
      text.saved = null;
      text.tokens.length = 0;
    },
    forget: lanes.forget,
    close: lanes.close,
  };
}

/** One run: a piece of one prompt, or a token of each text. */
async function extendAll(
  batch: readonly Extending[],
  lanes: Lanes,
  vocabulary: number,
): Promise<Extension[]> {
  const [{ text, tokens, observe }] = batch as [Extending];
  const place = lanes.isPiece(text, tokens.length)
    ? await lanes.pieceOf(text)
    : await lanes.join(batch.map((one) => one.text));
  const { session, length } = place;
  writeTokens(place, batch);
  const observed = new Map<string, Uint8Array>();
  await session.run(observe.length === 0 ? undefined : collect(session, observe, observed));
  const extensions: Extension[] = [];
  for (const one of batch) {
    const taken = Math.min(length, one.tokens.length);
    const row = one.text.lane!.index * length + taken - 1;
    // An observed run leaves its results with the observer alone.
    let scores = observed
      .get(scoreName)
      ?.subarray(4 * row * vocabulary, 4 * (row + 1) * vocabulary);
    if (scores === undefined) {
      scores = await session.read(scoreName, { first: row, count: 1 }, one.text.scores);
      one.text.scores = scores;
    }
    one.text.tokens.push(...one.tokens.slice(0, taken));
    extensions.push({ taken, scores: viewInt32s(scores), observed });
  }
  return extensions;
}

const scoreName = "score";
const noScores = new Uint8Array(0);

/** Behind the last token of a text, and in lanes of nobody here, stands anything: it changes no score before it. */
function writeTokens({ session, lanes, length }: Place, batch: readonly Extending[]): void {
  const tokens = new Map(batch.map((one) => [one.text, one.tokens]));
  session.write(
    "position",
    packBlock("i32", lanes.length, 1, (lane) => lanes[lane]!.text?.tokens.length ?? 0),
  );
  session.write(
    "tokens",
    packBlock("i32", lanes.length, length, (lane, column) => {
      const { text } = lanes[lane]!;
      return (text === null ? undefined : tokens.get(text)?.[column]) ?? 0;
    }),
  );
}

function collect(
  { program }: Session,
  names: readonly string[],
  into: Map<string, Uint8Array>,
): Observer {
  return (operation, output, bytes) => {
    const { name } = program.tensors[program.operations[operation]!.outputs[output]!]!;
    if (name === scoreName || names.includes(name)) into.set(name, bytes.slice());
  };
}

function checkTokens(
  position: number,
  tokens: readonly number[],
  { context, vocabulary }: BitnetShape,
): void {
  const length = position + tokens.length;
  if (tokens.length < 1 || length > context) {
    throw new R3mesError({ code: "CONTEXT_EXCEEDED", tokens: length, context });
  }
  const stray = tokens.find(
    (token) => !Number.isInteger(token) || token < 0 || token >= vocabulary,
  );
  if (stray !== undefined) {
    throw new R3mesError({ code: "TOKEN_OUT_OF_VOCABULARY", token: stray, vocabulary });
  }
}
