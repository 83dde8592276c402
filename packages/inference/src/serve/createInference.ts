/**
 * One backbone that answers many requests, each with the adapter that it names. The backend computes one step at a time, so requests
 * are not joined into one product: they take turns, a few tokens each. A request costs the same number of steps alone or among others, and
 * gives the same tokens.
 */
import type { Backend, WeightSource } from "@r3mes/engine";
import type { AdapterShape, BitnetShape, Tokenizer } from "@r3mes/models";
import { createAdapterShelf, type ServedAdapter } from "../adapter/createAdapterShelf.ts";
import { createDecoder, type Decoder } from "../decode/createDecoder.ts";
import { createPrefixShelf, type PrefixShelf } from "../decode/createPrefixShelf.ts";
import { type AnswerEnd, type AnswerOptions, type AnswerPiece, answer } from "./answer.ts";
import { createStatePool, pooledTensors } from "./createStatePool.ts";
import { createTurns, type Run } from "./createTurns.ts";

export interface InferenceOptions {
  readonly shape: BitnetShape;
  readonly endOfText: number;
  /** Requests that take turns; more wait. */
  readonly activeMax: number;
  /** Texts that are continued without moving their caches; each has a backbone of its own in memory. */
  readonly seats: number;
  /** Bytes of the caches of texts that have ended. */
  readonly cacheBytesMax: number;
  readonly adapterBytesMax: number;
}

export interface InferenceDeps {
  readonly backend: Backend;
  readonly weights: WeightSource;
  readonly tokenizer: Pick<Tokenizer, "stream">;
  /** Rejects if there is no such adapter, or it is not what its name says. */
  readonly loadAdapter: (id: string) => Promise<ServedAdapter>;
  /** Lets the host do something else between two steps. */
  readonly pause: () => Promise<void>;
}

export interface InferenceRequest extends Omit<AnswerOptions, "endOfText"> {
  /** Null for the backbone alone. */
  readonly adapter: string | null;
}

export interface AskHandlers {
  /** Called when its first turn comes. */
  readonly onBegin?: () => void;
  readonly onPiece: (piece: AnswerPiece) => void;
}

export interface Inference {
  /** Fails with CONTEXT_EXCEEDED, TOKEN_OUT_OF_VOCABULARY, or as loading the adapter does. */
  ask(request: InferenceRequest, handlers: AskHandlers): Run<AnswerEnd>;
  /** One vector of as many numbers as the model is wide, of length 1. */
  embed(
    tokens: readonly number[],
    adapter: string | null,
    handlers?: Pick<AskHandlers, "onBegin">,
  ): Run<number[]>;
  readonly load: () => { readonly active: number; readonly waiting: number };
  /** Adapters in memory. */
  readonly adapters: () => readonly string[];
  close(): Promise<void>;
}

/** A text without a seat is brought to one at each of its turns, which costs about as much as two tokens. */
const stepsPerTurn = 4;

/** What serves all adapters of one shape. */
interface Bench {
  readonly decoder: Decoder;
  readonly shelf: PrefixShelf;
}

export function createInference(options: InferenceOptions, deps: InferenceDeps): Inference {
  const { activeMax } = options;
  const turns = createTurns({ activeMax, stepsPerTurn }, { pause: deps.pause });
  const adapters = createAdapterShelf(
    { bytesMax: options.adapterBytesMax },
    { load: deps.loadAdapter },
  );
  const benches = new Map<string, Bench>();

  function benchOf(shape: AdapterShape | null): Bench {
    const key = shape === null ? "" : JSON.stringify([shape.rank, shape.alpha, shape.targets]);
    const known = benches.get(key);
    if (known !== undefined) return known;
    const decoder = createDecoder(
      { shape: options.shape, adapter: shape, seats: options.seats },
      deps,
    );
    const bench = {
      decoder,
      shelf: createPrefixShelf({ bytesMax: options.cacheBytesMax }, decoder),
    };
    benches.set(key, bench);
    return bench;
  }

  async function find(id: string | null) {
    const adapter = id === null ? null : await adapters.get(id);
    return { ...benchOf(adapter?.shape ?? null), tensors: adapter?.tensors ?? null };
  }

  async function* workOf({ adapter, ...request }: InferenceRequest) {
    const { decoder, shelf, tensors } = await find(adapter);
    const text = await shelf.take(tensors, request.prompt);
    try {
      const stream = deps.tokenizer.stream();
      const { endOfText } = options;
      return yield* answer({ ...request, endOfText }, { decoder, text, stream });
    } finally {
      shelf.keep(text);
    }
  }

  async function* embedding(tokens: readonly number[], adapter: string | null) {
    const { decoder, tensors } = await find(adapter);
    const text = decoder.open(tensors);
    try {
      const pool = createStatePool(options.shape.hidden);
      for (let rest = tokens; ; ) {
        const names = Object.values(pooledTensors);
        const { taken, observed } = await decoder.extend(text, rest, names);
        pool.add(observed.get(pooledTensors.rows)!, observed.get(pooledTensors.scales)!, taken);
        rest = rest.slice(taken);
        if (rest.length === 0) return pool.vector();
        yield null;
      }
    } finally {
      decoder.drop(text);
    }
  }

  return {
    ask: (request, { onBegin, onPiece }) =>
      turns.run(workOf(request), {
        ...(onBegin === undefined ? {} : { onBegin }),
        onStep: (piece) => (piece === null ? undefined : onPiece(piece)),
      }),
    embed: (tokens, adapter, handlers = {}) =>
      turns.run(embedding(tokens, adapter), { ...handlers, onStep: () => {} }),
    load: () => ({ active: turns.active(), waiting: turns.waiting() }),
    adapters: adapters.held,
    async close() {
      for (const { decoder } of benches.values()) await decoder.close();
    },
  };
}
