/**
 * Where texts are computed. A place is a prepared program with room for one text's keys and values: one place takes a piece of a
 * prompt at once, the others (seats) a single token. The backbone is loaded once for each place, never for a text or an adapter;
 * a text without a place waits as the bytes of its cache.
 */
import { type Backend, type Session, tensorBytes, type WeightSource } from "@r3mes/engine";
import { type AdapterShape, type BitnetShape, buildDecodeProgram } from "@r3mes/models";
import type { AdapterTensors } from "../adapter/adapterTensors.ts";

export interface PlacesOptions {
  readonly shape: BitnetShape;
  /** What every text is adapted by; null for the backbone alone. */
  readonly adapter: AdapterShape | null;
  /** Tokens of a prompt that are taken at once. */
  readonly pieceTokens?: number;
  /** Texts that can be continued without moving their caches. */
  readonly seats?: number;
}

export interface PlacesDeps {
  readonly backend: Backend;
  readonly weights: WeightSource;
}

/** A text, with its keys and values wherever they are. */
export interface PlacedText {
  readonly adapter: AdapterTensors | null;
  readonly tokens: number[];
  place: Place | null;
  /** The cache while the text has no place; absent as long as nothing is in it. */
  saved: ReadonlyMap<string, Uint8Array> | null;
}

export interface Place {
  readonly session: Session;
  /** Tokens of one run. */
  readonly length: number;
  /** Tensors that hold keys and values. */
  readonly caches: readonly string[];
  text: PlacedText | null;
  adapter: AdapterTensors | null;
  /** When it was last used, in uses of all places. */
  usedAt: number;
}

export interface Places {
  /** Brings a text to where the next of so many tokens are taken. */
  seat(text: PlacedText, tokens: number): Promise<Place>;
  close(): Promise<void>;
}

/** Below so many tokens a run for a piece costs more than runs for single tokens. */
const pieceTokensMin = 8;

export function createPlaces(options: PlacesOptions, deps: PlacesDeps): Places {
  const { shape, seats = 1 } = options;
  const pieceLength = Math.min(options.pieceTokens ?? 32, shape.context);
  let piece: Place | null = null;
  const singles: Place[] = [];
  let uses = 0;

  async function prepare(length: number): Promise<Place> {
    const program = buildDecodeProgram(shape, { length, adapter: options.adapter });
    const session = await deps.backend.prepare(program, deps.weights);
    const tensors = program.tensors.filter(
      ({ name, role }) => role === "state" && /\.cache(\.e)?$/.test(name),
    );
    for (const tensor of tensors) session.write(tensor.name, new Uint8Array(tensorBytes(tensor)));
    const caches = tensors.map(({ name }) => name);
    return { session, length, caches, text: null, adapter: null, usedAt: 0 };
  }

  async function placeFor(text: PlacedText, tokens: number): Promise<Place> {
    const fitsPiece = text.tokens.length + pieceLength <= shape.context;
    if (tokens >= pieceTokensMin && fitsPiece) {
      piece ??= await prepare(pieceLength);
      return piece;
    }
    const { place } = text;
    if (place !== null && place !== piece) return place;
    const empty = singles.find((candidate) => candidate.text === null);
    if (empty !== undefined) return empty;
    if (singles.length < seats) {
      singles.push(await prepare(1));
      return singles.at(-1)!;
    }
    return singles.reduce((oldest, next) => (next.usedAt < oldest.usedAt ? next : oldest));
  }

  return {
    async seat(text, tokens) {
      const place = await placeFor(text, tokens);
      await occupy(place, text);
      uses += 1;
      place.usedAt = uses;
      return place;
    },
    async close() {
      for (const { session } of piece === null ? singles : [piece, ...singles]) {
        await session.close();
      }
    },
  };
}

export async function readCaches(place: Place): Promise<ReadonlyMap<string, Uint8Array>> {
  const bytes = new Map<string, Uint8Array>();
  for (const name of place.caches) bytes.set(name, await place.session.read(name));
  return bytes;
}

/** Brings a text and its adapter into a place. What a cache holds behind its fill is never read, so it may stay. */
async function occupy(place: Place, text: PlacedText): Promise<void> {
  if (place.text !== text) {
    if (place.text !== null) await leave(place.text);
    await leave(text);
    for (const [name, bytes] of text.saved ?? []) place.session.write(name, bytes);
    text.saved = null;
    text.place = place;
    place.text = text;
  }
  if (place.adapter === text.adapter) return;
  for (const [name, bytes] of text.adapter ?? []) place.session.write(name, bytes);
  place.adapter = text.adapter;
}

async function leave(text: PlacedText): Promise<void> {
  const { place } = text;
  if (place === null) return;
  text.saved = text.tokens.length === 0 ? null : await readCaches(place);
  text.place = null;
  place.text = null;
}
