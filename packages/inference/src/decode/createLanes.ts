/**
 * Where texts are computed. A lane has room for one text's keys and values and for one adapter; a place is a program that computes some
 * lanes: one takes a piece of a prompt at once, the others a single token of each of 1, 2, 4, 8 … texts together. All of them share
 * one backbone, and those for single tokens their lanes; a text without a lane waits as the bytes of its cache.
 */
import {
  joinBytes,
  type Program,
  packBlock,
  type RowRange,
  type Session,
  type SharedBackend,
  type Tensor,
  tensorBytes,
  type WeightSource,
} from "@r3mes/engine";
import { type AdapterShape, type BitnetShape, buildDecodeProgram } from "@r3mes/models";
import { R3mesError } from "@r3mes/protocol";
import type { FactorCopies } from "../adapter/copyFactors.ts";

export interface LanesOptions {
  readonly shape: BitnetShape;
  /** What every text is adapted by; null for the backbone alone. */
  readonly adapter: AdapterShape | null;
  /** Tokens of a prompt that are taken at once. */
  readonly pieceTokens?: number;
  /** Texts that are computed together, or fewer where the backend has no memory for so many caches. */
  readonly together?: number;
}

export interface LanesDeps {
  readonly backend: SharedBackend;
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
  readonly bank: Bank;
  readonly index: number;
  text: PlacedText | null;
  /** Which it holds, be it that of its text or of the one before. */
  adapter: FactorCopies | null;
  /** When it was last used, in uses of all lanes. */
  usedAt: number;
}

/** Lanes whose state is one. */
export interface Bank {
  /** Of the program that computes all of them. */
  readonly session: Session;
  readonly lanes: readonly Lane[];
  /** Positions that a lane has room for. */
  readonly context: number;
  /** Tensors that hold keys and values. */
  readonly caches: readonly Tensor[];
  /** Magnitudes of the factors of every lane, which are written together: a row of one value is less than a word. */
  readonly magnitudes: ReadonlyMap<string, Uint8Array>;
}

export interface Place {
  readonly session: Session;
  /** New tokens of each lane in one run. */
  readonly length: number;
  /** The first lanes of a bank, which a run computes. */
  readonly lanes: readonly Lane[];
}

/** The place for a piece of a prompt, and those for single tokens of 1, 2, 4 … texts. */
interface Places {
  readonly piece: Place;
  readonly tokens: readonly Place[];
}

export interface Lanes {
  /** Whether so many tokens behind a text are worth a run of their own. */
  isPiece(text: PlacedText, tokens: number): boolean;
  /** Brings a text to where a piece of a prompt is taken. */
  pieceOf(text: PlacedText): Promise<Place>;
  /** How many lanes there are for single tokens: `together`, or as many as the backend has memory for. */
  most(): Promise<number>;
  /** Brings texts, at most so many, to the smallest place with a lane for each. */
  join(texts: readonly PlacedText[]): Promise<Place>;
  /** Of an adapter that no text has: lanes no longer say that they hold it, which would keep its copies. */
  forget(adapter: FactorCopies): void;
  close(): Promise<void>;
}

/** Below so many tokens a run for a piece costs more than runs for single tokens. */
const pieceTokensMin = 8;

export function createLanes(options: LanesOptions, deps: LanesDeps): Lanes {
  const { shape } = options;
  const pieceLength = Math.min(options.pieceTokens ?? 32, shape.context);
  let opened: Promise<Places> | undefined;
  /** Of all places, once there are any. */
  let all: readonly Lane[] = [];
  let uses = 0;

  function places(): Promise<Places> {
    opened ??= open().catch((error) => {
      // The next one who asks tries again.
      opened = undefined;
      throw error;
    });
    return opened;
  }

  async function open(): Promise<Places> {
    for (let size = sizeFor(options.together ?? 1); ; size -= 1) {
      try {
        return await openSizes(Array.from({ length: size + 1 }, (_, each) => 2 ** each));
      } catch (error) {
        if (size === 0 || !isTooLarge(error)) throw error;
      }
    }
  }

  /** @param texts how many each place for single tokens computes, ascending */
  async function openSizes(texts: readonly number[]): Promise<Places> {
    const { adapter } = options;
    const programOf = (sequences: number, length: number) =>
      buildDecodeProgram(shape, { sequences, length, adapter });
    const members = [
      { program: programOf(1, pieceLength), state: "piece" },
      ...texts.map((count) => ({ program: programOf(count, 1), state: "tokens" })),
    ];
    const [piece, ...tokens] = await deps.backend.prepareAll(members, deps.weights);
    const { lanes } = createBank(tokens.at(-1)!, texts.at(-1)!, shape.context);
    const { lanes: ofPiece } = createBank(piece!, 1, shape.context);
    all = [...ofPiece, ...lanes];
    return {
      piece: { session: piece!, length: pieceLength, lanes: ofPiece },
      tokens: tokens.map((session, size) => {
        return { session, length: 1, lanes: lanes.slice(0, texts[size]!) };
      }),
    };
  }

  /**
   * Takes the lanes that are empty first, of them one that holds the text's adapter if there is one, then those of texts that were unused
   * for longest.
   */
  async function occupyAll(place: Place, texts: readonly PlacedText[]): Promise<Place> {
    const own = new Set(texts);
    const free = place.lanes
      .filter(({ text }) => text === null || !own.has(text))
      .sort((a, b) => Number(a.text !== null) - Number(b.text !== null) || a.usedAt - b.usedAt);
    for (const text of texts) {
      const lane = place.lanes.find((one) => one.text === text) ?? takeFor(text, free);
      await occupy(lane, text);
      uses += 1;
      lane.usedAt = uses;
    }
    return place;
  }

  return {
    isPiece: (text, tokens) =>
      tokens >= pieceTokensMin && text.tokens.length + pieceLength <= shape.context,
    most: async () => (await places()).tokens.at(-1)!.lanes.length,
    pieceOf: async (text) => occupyAll((await places()).piece, [text]),
    async join(texts) {
      const place = (await places()).tokens[sizeFor(texts.length)]!;
      await occupyAll(place, texts);
      // An idle lane runs too: it writes behind its text, so one without room for that must leave.
      for (const { text } of place.lanes) {
        if (text !== null && text.tokens.length >= shape.context && !texts.includes(text)) {
          await leave(text);
        }
      }
      return place;
    },
    forget(adapter) {
      for (const lane of all) if (lane.adapter === adapter) lane.adapter = null;
    },
    async close() {
      // Whoever asked for it knows why it could not be opened.
      const { piece } = (await opened?.catch(() => undefined)) ?? {};
      await piece?.session.close();
    },
  };
}

function takeFor({ adapter }: PlacedText, free: Lane[]): Lane {
  const fitting = free.findIndex((lane) => lane.text === null && lane.adapter === adapter);
  return free.splice(Math.max(fitting, 0), 1)[0]!;
}

/** Whether programs were refused for what they would need, before any memory was taken. */
function isTooLarge(error: unknown): boolean {
  return error instanceof R3mesError && tooLarge.includes(error.code);
}

const tooLarge: readonly string[] = ["ENGINE_MEMORY_EXCEEDED", "GPU_MEMORY_EXCEEDED"];

/** Which of the places for single tokens has a lane for each of so many texts. */
function sizeFor(texts: number): number {
  return Math.ceil(Math.log2(texts));
}

function createBank(session: Session, count: number, context: number): Bank {
  const { tensors } = session.program;
  const magnitudes = tensors.filter(
    ({ role, name }) => role === "state" && name.endsWith(".magnitude"),
  );
  const lanes: Lane[] = [];
  const bank: Bank = {
    session,
    lanes,
    context,
    caches: cachesOf(session.program),
    magnitudes: new Map(
      magnitudes.map((tensor) => [tensor.name, new Uint8Array(tensorBytes(tensor))]),
    ),
  };
  for (let index = 0; index < count; index += 1) {
    lanes.push({ bank, index, text: null, adapter: null, usedAt: 0 });
  }
  return bank;
}

/** The tensors of a decode program that hold keys and values. */
export function cachesOf({ tensors }: Program): Tensor[] {
  return tensors.filter(({ role, name }) => role === "state" && /\.cache(\.e)?$/.test(name));
}

/** The first positions of the cache of a text that has a lane; null of none. */
export async function readCaches(
  { bank, index }: Lane,
  tokens: number,
): Promise<SavedCaches | null> {
  if (tokens === 0) return null;
  const bytes = new Map<string, Uint8Array>();
  for (const tensor of bank.caches) {
    const rows = headsOf(bank, tensor, index, tokens);
    const parts = await Promise.all(rows.map((part) => bank.session.read(tensor.name, part)));
    bytes.set(tensor.name, joinBytes(parts));
  }
  return { tokens, bytes };
}

function writeCaches({ bank, index }: Lane, { tokens, bytes }: SavedCaches): void {
  for (const tensor of bank.caches) {
    const saved = bytes.get(tensor.name)!;
    const rows = headsOf(bank, tensor, index, tokens);
    const size = saved.length / rows.length;
    for (const [head, part] of rows.entries()) {
      bank.session.write(tensor.name, saved.subarray(head * size, (head + 1) * size), part);
    }
  }
}

/** A GPU copies whole words, and a row of an exponent is a byte. */
const rowsOfWord = 4;

/** The rows of the first positions of each head, in one lane of a tensor, and those that share a word with them. */
function headsOf({ lanes, context }: Bank, { rows }: Tensor, index: number, tokens: number) {
  const heads = rows / (lanes.length * context);
  const count = Math.min(context, Math.ceil(tokens / rowsOfWord) * rowsOfWord);
  return Array.from({ length: heads }, (_, head): RowRange => {
    return { first: (index * heads + head) * context, count };
  });
}

/** Brings a text and its adapter into a lane. What a cache holds behind its fill is never read, so it may stay. */
async function occupy(lane: Lane, text: PlacedText): Promise<void> {
  const { bank, index } = lane;
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
    bank.session.write(name, bytes, { first: index * rank, count: rank });
  }
  for (const [name, value] of text.adapter.magnitudes) {
    const all = bank.magnitudes.get(name)!;
    all.set(
      packBlock("i16", 1, 1, () => value),
      2 * index,
    );
    bank.session.write(name, all);
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
