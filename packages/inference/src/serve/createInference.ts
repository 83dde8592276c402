/**
 * One backbone that answers many requests, each with the adapter that it names. Requests whose adapters have one shape are computed
 * together, token by token; pieces of prompts, and adapters of other shapes, come in between. A request gives the same tokens
 * alone or among others.
 */
import type { Backend, WeightSource } from "@r3mes/engine";
import type { AdapterShape, BitnetShape, Tokenizer } from "@r3mes/models";
import { createAdapterShelf } from "../adapter/createAdapterShelf.ts";
import type { ServedAdapter } from "../adapter/servedAdapter.ts";
import { createDecoder, type Decoder } from "../decode/createDecoder.ts";
import { createPrefixShelf, type PrefixShelf } from "../decode/createPrefixShelf.ts";
import { type AnswerEnd, type AnswerOptions, type AnswerPiece, answer } from "./answer.ts";
import { createRuns, type Run } from "./createRuns.ts";
import { createStatePool, pooledTensors } from "./createStatePool.ts";

export interface InferenceOptions {
  readonly shape: BitnetShape;
  readonly endOfText: number;
  /** Requests that are under way; more wait. */
  readonly activeMax: number;
  /**
   * Requests that are computed together. Programs for 1, 2, 4 … of them are made when needed, for each shape of adapters; each has a
   * backbone in memory and stays.
   */
  readonly together: number;
  /** Bytes of the caches of texts that have ended, for each shape of adapters. */
  readonly cacheBytesMax: number;
  readonly adapterBytesMax: number;
}

export interface InferenceDeps {
  readonly backend: Backend;
  readonly weights: WeightSource;
  readonly tokenizer: Pick<Tokenizer, "stream">;
  /** Rejects if there is no such adapter, or it is not what its name says. */
  readonly loadAdapter: (id: string) => Promise<ServedAdapter>;
  /** Lets the host do something else between two runs. */
  readonly pause: () => Promise<void>;
}

export interface InferenceRequest extends Omit<AnswerOptions, "endOfText"> {
  /** Null for the backbone alone. */
  readonly adapter: string | null;
}

export interface AskHandlers {
  /** Called when it need not wait any longer. */
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

/** What serves all adapters of one shape. */
interface Bench {
  readonly decoder: Decoder;
  readonly shelf: PrefixShelf;
}

export function createInference(options: InferenceOptions, deps: InferenceDeps): Inference {
  const runs = createRuns({ activeMax: options.activeMax });
  const adapters = createAdapterShelf({ bytesMax: options.adapterBytesMax }, { load });
  const benches = new Map<string, Bench>();

  function benchOf(shape: AdapterShape | null): Bench {
    const key = shape === null ? "" : JSON.stringify([shape.rank, shape.alpha, shape.targets]);
    const known = benches.get(key);
    if (known !== undefined) return known;
    const decoder = createDecoder(
      { shape: options.shape, adapter: shape, together: options.together },
      deps,
    );
    const bench = {
      decoder,
      shelf: createPrefixShelf({ bytesMax: options.cacheBytesMax }, decoder),
    };
    benches.set(key, bench);
    return bench;
  }

  async function load(id: string) {
    const { shape, tensors } = await deps.loadAdapter(id);
    return { shape, copies: await benchOf(shape).decoder.adopt(tensors) };
  }

  async function find(id: string | null) {
    const adapter = id === null ? null : await adapters.get(id);
    return { ...benchOf(adapter?.shape ?? null), copies: adapter?.copies ?? null };
  }

  async function* workOf({ adapter, ...request }: InferenceRequest) {
    const { decoder, shelf, copies } = await find(adapter);
    const text = await shelf.take(copies, request.prompt);
    try {
      const stream = deps.tokenizer.stream();
      const { endOfText } = options;
      return yield* answer({ ...request, endOfText }, { decoder, text, stream });
    } finally {
      shelf.keep(text);
    }
  }

  async function* embedding(tokens: readonly number[], adapter: string | null) {
    const { decoder, copies } = await find(adapter);
    const text = decoder.open(copies);
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
      runs.run(workOf(request), {
        ...(onBegin === undefined ? {} : { onBegin }),
        onStep: (piece) => (piece === null ? undefined : onPiece(piece)),
      }),
    embed: (tokens, adapter, handlers = {}) =>
      runs.run(embedding(tokens, adapter), { ...handlers, onStep: () => {} }),
    load: () => ({ active: runs.active(), waiting: runs.waiting() }),
    adapters: adapters.held,
    async close() {
      for (const { decoder } of benches.values()) await decoder.close();
    },
  };
}
