/**
 * Where texts are computed. A place is a prepared program with lanes, each with room for one text's keys and values and for one
 * adapter: one place takes a piece of a prompt at once, the others a single token of each of 1, 2, 4, 8 … texts together. The
 * backbone is loaded once for each place, never for a text or an adapter; a text without a lane waits as the bytes of its cache.
 */
import {
  type Backend,
  joinBytes,
  type Program,
  packBlock,
  type RowRange,
  type Session,
  type Tensor,
  tensorBytes,
  type WeightSource,
} from "@r3mes/engine";
import { type AdapterShape, type BitnetShape, buildDecodeProgram } from "@r3mes/models";
import type { FactorCopies } from "../adapter/createCopier.ts";

export interface LanesOptions {
  readonly shape: BitnetShape;
  /** What every text is adapted by; null for the backbone alone. */
  readonly adapter: AdapterShape | null;
  /** Tokens of a prompt that are taken at once. */
  readonly pieceTokens?: number;
  /** Texts that are computed together. */
  readonly together?: number;
}

export interface LanesDeps {
  readonly backend: Backend;
  readonly weights: WeightSource;
}

/** A text, with its keys and values wherever they are. */
export interface PlacedText {
  readonly adapter: FactorCopies | null;
  readonly tokens: number[];
  lane: Lane | null;
  /** The cache while the text has no lane; absent as long as nothing is in it. */
  saved: SavedCaches | null;
  /** Memory of its last scores, which the next ones get. */
  scores: Uint8Array;
}

/** Keys and values of a text that has no lane, by the names of their tensors. */
export interface SavedCaches {
  /** Positions that are filled: of every head only these are kept, one head after the other. */
  readonly tokens: number;
  readonly bytes: ReadonlyMap<string, Uint8Array>;
}

export interface Lane {
  readonly place: Place;
  readonly index: number;
  text: PlacedText | null;
  adapter: FactorCopies | null;
  /** When it was last used, in uses of all lanes. */
  usedAt: number;
}

export interface Place {
  readonly session: Session;
  /** New tokens of each lane in one run. */
  readonly length: number;
  /** Positions that a lane has room for. */
  readonly context: number;
  readonly lanes: readonly Lane[];
  /** Tensors that hold keys and values. */
  readonly caches: readonly Tensor[];
  /** Magnitudes of the factors of every lane, which are written together: a row of one value is less than a word. */
  readonly magnitudes: ReadonlyMap<string, Uint8Array>;
}

export interface Lanes {
  /** Whether so many tokens behind a text are worth a run of their own. */
  isPiece(text: PlacedText, tokens: number): boolean;
  /** Brings a text to where a piece of a prompt is taken. */
  pieceOf(text: PlacedText): Promise<Place>;
  /** Brings texts, at most `together`, to the smallest place with a lane for each. */
  join(texts: readonly PlacedText[]): Promise<Place>;
  close(): Promise<void>;
}

/** Below so many tokens a run for a piece costs more than runs for single tokens. */
const pieceTokensMin = 8;

export function createLanes(options: LanesOptions, deps: LanesDeps): Lanes {
  const { shape } = options;
  const pieceLength = Math.min(options.pieceTokens ?? 32, shape.context);
  const places = new Map<string, Place>();
  let uses = 0;

  async function placeOf(sequences: number, length: number): Promise<Place> {
    const key = `${sequences} x ${length}`;
    const known = places.get(key);
    if (known !== undefined) return known;
    const { adapter } = options;
    const program = buildDecodeProgram(shape, { sequences, length, adapter });
    const session = await deps.backend.prepare(program, deps.weights);
    const states = program.tensors.filter(({ role }) => role === "state");
    for (const tensor of states) session.write(tensor.name, new Uint8Array(tensorBytes(tensor)));
    const lanes: Lane[] = [];
    const place: Place = {
      session,
      length,
      context: shape.context,
      lanes,
      caches: cachesOf(program),
      magnitudes: new Map(
        states
          .filter(({ name }) => name.endsWith(".magnitude"))
          .map((tensor) => [tensor.name, new Uint8Array(tensorBytes(tensor))]),
      ),
    };
    for (let index = 0; index < sequences; index += 1) {
      lanes.push({ place, index, text: null, adapter: null, usedAt: 0 });
    }
    places.set(key, place);
    return place;
  }

  /** Takes the lanes that are empty first, then those of texts that were unused for longest. */
  async function occupyAll(place: Place, texts: readonly PlacedText[]): Promise<Place> {
    const own = new Set(texts);
    const free = place.lanes
      .filter(({ text }) => text === null || !own.has(text))
      .sort((a, b) => Number(a.text !== null) - Number(b.text !== null) || a.usedAt - b.usedAt);
    for (const text of texts) {
      const lane = text.lane?.place === place ? text.lane : free.shift()!;
      await occupy(lane, text);
      uses += 1;
      lane.usedAt = uses;
    }
    return place;
  }

  return {
    isPiece: (text, tokens) =>
      tokens >= pieceTokensMin && text.tokens.length + pieceLength <= shape.context,
    pieceOf: async (text) => occupyAll(await placeOf(1, pieceLength), [text]),
    async join(texts) {
      const place = await placeOf(2 ** Math.ceil(Math.log2(texts.length)), 1);
      await occupyAll(place, texts);
      // An idle lane runs too: it writes behind its text, so one without room for that must leave.
      for (const { text } of place.lanes) {
        if (text !== null && text.tokens.length >= shape.context && !texts.includes(text)) {
          await leave(text);
        }
      }
      return place;
    },
    async close() {
      for (const { session } of places.values()) await session.close();
    },
  };
}

/** The tensors of a decode program that hold keys and values. */
export function cachesOf({ tensors }: Program): Tensor[] {
  return tensors.filter(({ role, name }) => role === "state" && /\.cache(\.e)?$/.test(name));
}

/** The first positions of the cache of a text that has a lane; null of none. */
export async function readCaches(
  { place, index }: Lane,
  tokens: number,
): Promise<SavedCaches | null> {
  if (tokens === 0) return null;
  const bytes = new Map<string, Uint8Array>();
  for (const tensor of place.caches) {
    const rows = headsOf(place, tensor, index, tokens);
    const parts = await Promise.all(rows.map((part) => place.session.read(tensor.name, part)));
    bytes.set(tensor.name, joinBytes(parts));
  }
  return { tokens, bytes };
}

function writeCaches({ place, index }: Lane, { tokens, bytes }: SavedCaches): void {
  for (const tensor of place.caches) {
    const saved = bytes.get(tensor.name)!;
    const rows = headsOf(place, tensor, index, tokens);
    const size = saved.length / rows.length;
    for (const [head, part] of rows.entries()) {
      place.session.write(tensor.name, saved.subarray(head * size, (head + 1) * size), part);
    }
  }
}

/** A GPU copies whole words, and a row of an exponent is a byte. */
const rowsOfWord = 4;

/** The rows of the first positions of each head, in one lane of a tensor, and those that share a word with them. */
function headsOf({ lanes, context }: Place, { rows }: Tensor, index: number, tokens: number) {
  const heads = rows / (lanes.length * context);
  const count = Math.min(context, Math.ceil(tokens / rowsOfWord) * rowsOfWord);
  return Array.from({ length: heads }, (_, head): RowRange => {
    return { first: (index * heads + head) * context, count };
  });
}

/** Brings a text and its adapter into a lane. What a cache holds behind its fill is never read, so it may stay. */
async function occupy(lane: Lane, text: PlacedText): Promise<void> {
  const { place, index } = lane;
  if (lane.text !== text) {
    if (lane.text !== null) await leave(lane.text);
    await leave(text);
    if (text.saved !== null) writeCaches(lane, text.saved);
    text.saved = null;
    text.lane = lane;
    lane.text = text;
  }
  if (lane.adapter === text.adapter || text.adapter === null) return;
  for (const [name, { bytes, rank }] of text.adapter.copies) {
    place.session.write(name, bytes, { first: index * rank, count: rank });
  }
  for (const [name, value] of text.adapter.magnitudes) {
    const all = place.magnitudes.get(name)!;
    all.set(
      packBlock("i16", 1, 1, () => value),
      2 * index,
    );
    place.session.write(name, all);
  }
  lane.adapter = text.adapter;
}

async function leave(text: PlacedText): Promise<void> {
  const { lane } = text;
  if (lane === null) return;
  text.saved = await readCaches(lane, text.tokens.length);
  text.lane = null;
  lane.text = null;
}
