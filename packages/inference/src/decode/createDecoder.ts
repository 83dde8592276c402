/**
 * Extends texts by tokens with a cache of keys and values, so that every token is computed once. The scores are those of the
 * training forward, bit for bit, however a text is cut (spec/inference.md). It must not decide whose turn it is, and it is not
 * re-entrant: one call at a time.
 */
import { type Observer, packBlock, type Session } from "@r3mes/engine";
import type { BitnetShape } from "@r3mes/models";
import { R3mesError } from "@r3mes/protocol";
import type { AdapterTensors } from "../adapter/adapterTensors.ts";
import {
  createPlaces,
  type PlacedText,
  type PlacesDeps,
  type PlacesOptions,
  readCaches,
} from "./createPlaces.ts";

export type DecoderOptions = PlacesOptions;
export type DecoderDeps = PlacesDeps;

/** A text whose keys and values are kept. */
export interface CachedText {
  readonly adapter: AdapterTensors | null;
  readonly tokens: readonly number[];
}

export interface Extension {
  /** How many of the tokens were taken: one, or up to a piece of a prompt. */
  readonly taken: number;
  /** Of the token after the last one taken: one for each token of the vocabulary, log2 units, Q16. */
  readonly scores: Int32Array;
  /** Bytes of every output that was asked for, by its tensor's name. */
  readonly observed: ReadonlyMap<string, Uint8Array>;
}

export interface Decoder {
  /** Longest text. */
  readonly context: number;
  /** Bytes of the keys and values of one text. */
  readonly cacheBytes: number;
  /** A text with no token in it. */
  open(adapter: AdapterTensors | null): CachedText;
  /** A text with the first tokens of another. */
  copy(text: CachedText, tokens: number): Promise<CachedText>;
  /** Leaves the first tokens of a text; keys and values behind them will be written over. */
  rewind(text: CachedText, tokens: number): void;
  /**
   * Takes the first of the tokens, as many as one run can. Throws CONTEXT_EXCEEDED, TOKEN_OUT_OF_VOCABULARY.
   *
   * @param observe names of intermediate tensors to read; a run that is observed is slower
   */
  extend(
    text: CachedText,
    tokens: readonly number[],
    observe?: readonly string[],
  ): Promise<Extension>;
  /** Forgets the keys and values of a text. */
  drop(text: CachedText): void;
  close(): Promise<void>;
}

export function createDecoder(options: DecoderOptions, deps: DecoderDeps): Decoder {
  const { shape } = options;
  const places = createPlaces(options, deps);
  return {
    context: shape.context,
    cacheBytes: 2 * shape.layers * shape.kvHeads * shape.context * (shape.headSize + 2),
    open: (adapter): PlacedText => ({ adapter, tokens: [], place: null, saved: null }),
    async copy(text, tokens): Promise<PlacedText> {
      const { adapter, place, saved } = text as PlacedText;
      const bytes = place === null ? saved : await readCaches(place);
      return { adapter, tokens: text.tokens.slice(0, tokens), place: null, saved: bytes };
    },
    rewind(text, tokens) {
      (text as PlacedText).tokens.length = tokens;
    },
    async extend(cached, tokens, observe = []) {
      const text = cached as PlacedText;
      checkTokens(text.tokens.length, tokens, shape);
      const { session, length } = await places.seat(text, tokens.length);
      writeTokens(session, length, text.tokens.length, tokens);
      const observed = new Map<string, Uint8Array>();
      await session.run(observe.length === 0 ? undefined : collect(session, observe, observed));
      const taken = Math.min(length, tokens.length);
      text.tokens.push(...tokens.slice(0, taken));
      // An observed run leaves its results with the observer alone.
      const scores = observed.get(scoreName) ?? (await session.read(scoreName));
      return { taken, scores: rowOf(scores, taken - 1, shape.vocabulary), observed };
    },
    drop(cached) {
      const text = cached as PlacedText;
      if (text.place !== null) text.place.text = null;
      text.place = null;
      text.saved = null;
      text.tokens.length = 0;
    },
    close: places.close,
  };
}

const scoreName = "score";

/** Behind the last token stands anything: it changes no score before it. */
function writeTokens(
  session: Session,
  length: number,
  position: number,
  tokens: readonly number[],
): void {
  session.write(
    "position",
    packBlock("i32", 1, 1, () => position),
  );
  session.write(
    "tokens",
    packBlock("i32", 1, length, (_, column) => tokens[column] ?? 0),
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

function rowOf(scores: Uint8Array, row: number, columns: number): Int32Array {
  const view = new DataView(scores.buffer, scores.byteOffset, scores.byteLength);
  const from = 4 * row * columns;
  return Int32Array.from({ length: columns }, (_, i) => view.getInt32(from + 4 * i, true));
}
