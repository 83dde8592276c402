/**
 * One backbone that answers many requests, each with the adapter that it names. Requests whose adapters have one shape are computed
 * together, token by token; pieces of prompts, and adapters of other shapes, come in between. A request gives the same tokens
 * alone or among others.
 */
import type { SharedBackend, WeightSource } from "@r3mes/engine";
import type { AdapterShape, BitnetShape, Tokenizer } from "@r3mes/models";
import { bytesOfCopies, copyFactors, type FactorCopies } from "../adapter/copyFactors.ts";
import { createAdapterShelf, type TakenAdapter } from "../adapter/createAdapterShelf.ts";
import type { ServedAdapter } from "../adapter/servedAdapter.ts";
import { createDecoder, type Decoder } from "../decode/createDecoder.ts";
import { createPrefixShelf, type PrefixShelf } from "../decode/createPrefixShelf.ts";
import { type AnswerEnd, type AnswerOptions, type AnswerPiece, answer } from "./answer.ts";
import { createBenches } from "./createBenches.ts";
import { createRuns, type Needs, type Run, type Taken } from "./createRuns.ts";
import { createStatePool, pooledTensors } from "./createStatePool.ts";

export interface InferenceOptions {
  readonly shape: BitnetShape;
  readonly endOfText: number;
  /** Requests that are under way; more wait. */
  readonly activeMax: number;
  /** Requests that are computed together. */
  readonly together: number;
  /** Shapes of adapters whose programs, with a backbone in memory, and caches are held at once; requests for others wait. */
  readonly shapesMax: number;
  /** Bytes of the caches of texts that have ended, for each shape of adapters. */
  readonly cacheBytesMax: number;
  /** Of adapters in memory, used or not; a request for one that has no room waits. */
  readonly adapterBytesMax: number;
}

export interface InferenceDeps {
  readonly backend: SharedBackend;
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

export interface AskOptions {
  /** Whom the request is from: askers have turns alike, however many requests each has. All who are not named are one. */
  readonly asker?: string;
  /** Called when it need not wait any longer. */
  readonly onBegin?: () => void;
  readonly onPiece: (piece: AnswerPiece) => void;
}

export interface Inference {
  /** Fails with CONTEXT_EXCEEDED, TOKEN_OUT_OF_VOCABULARY, ADAPTER_TOO_LARGE, or as loading the adapter does. */
  ask(request: InferenceRequest, options: AskOptions): Run<AnswerEnd>;
  /** One vector of as many numbers as the model is wide, of length 1. */
  embed(
    tokens: readonly number[],
    adapter: string | null,
    options?: Omit<AskOptions, "onPiece">,
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

/** What a request is computed with. */
interface Means extends Taken {
  readonly bench: Bench;
  readonly copies: FactorCopies | null;
}

export function createInference(options: InferenceOptions, deps: InferenceDeps): Inference {
  const runs = createRuns({ activeMax: options.activeMax });
  const adapters = createAdapterShelf(
    { bytesMax: options.adapterBytesMax },
    {
      load: deps.loadAdapter,
      bytesOf: (adapter) => bytesOfCopies({ shape: options.shape, adapter }),
      copy: ({ shape: adapter, tensors }) =>
        copyFactors({ shape: options.shape, adapter }, tensors, deps.backend),
      onGone(copies) {
        for (const { shelf } of benches.held()) shelf.forget(copies);
      },
    },
  );
  const benches = createBenches<AdapterShape | null, Bench>(
    { shapesMax: options.shapesMax },
    {
      keyOf: (shape) =>
        shape === null ? "" : JSON.stringify([shape.rank, shape.alpha, shape.targets]),
      make: openBench,
      end: ({ decoder }) => decoder.close(),
      onRoom: runs.look,
    },
  );

  function openBench(adapter: AdapterShape | null): Bench {
    const { shape, together, cacheBytesMax } = options;
    const decoder = createDecoder({ shape, adapter, together }, deps);
    return { decoder, shelf: createPrefixShelf({ bytesMax: cacheBytesMax }, { decoder }) };
  }

  /** Room where the backbone alone is computed. */
  const backboneNeeds: Needs<Means> = {
    async bring() {},
    take() {
      const taken = benches.take(null);
      return taken === undefined ? "no room" : { ...taken, copies: null };
    },
  };

  /** An adapter in memory, and room where its shape is computed: it is only brought again once there is room for both. */
  function needsOf(id: string | null): Needs<Means> {
    if (id === null) return backboneNeeds;
    let size = adapters.sizeOf(id);
    return {
      async bring() {
        size = await adapters.bring(id, size);
      },
      take() {
        if (size === undefined) return "missing";
        const bench = benches.take(size.shape);
        if (bench === undefined) return "no room";
        const adapter = adapters.take(id, size);
        if (typeof adapter !== "string") return meansOf(bench, adapter);
        bench.giveBack();
        return adapter;
      },
    };
  }

  async function* workOf(
    request: Omit<InferenceRequest, "adapter">,
    { bench, copies }: Means,
    asker: string | undefined,
  ) {
    const { shelf } = bench;
    const decoder = decoderFor(asker, bench);
    const text = await shelf.take(copies, request.prompt);
    try {
      const stream = deps.tokenizer.stream();
      const { endOfText } = options;
      return yield* answer({ ...request, endOfText }, { decoder, text, stream });
    } finally {
      shelf.keep(text);
    }
  }

  return {
    ask: ({ adapter, ...request }, { onPiece, ...own }) =>
      runs.run((means: Means) => workOf(request, means, own.asker), needsOf(adapter), {
        ...own,
        onStep: (piece) => (piece === null ? undefined : onPiece(piece)),
      }),
    embed: (tokens, adapter, own = {}) =>
      runs.run(
        ({ bench, copies }: Means) => {
          const { hidden: columns } = options.shape;
          return poolStates(decoderFor(own.asker, bench), { copies, tokens, columns });
        },
        needsOf(adapter),
        { ...own, onStep: () => {} },
      ),
    load: () => ({ active: runs.active(), waiting: runs.waiting() }),
    adapters: adapters.held,
    close: benches.close,
  };
}

function meansOf(bench: Taken & { readonly bench: Bench }, adapter: TakenAdapter): Means {
  return {
    bench: bench.bench,
    copies: adapter.copies,
    giveBack() {
      adapter.giveBack();
      bench.giveBack();
    },
  };
}

/** A decoder whose turns are those of an asker. */
function decoderFor(asker: string | undefined, { decoder }: Bench): Decoder {
  if (asker === undefined) return decoder;
  return {
    ...decoder,
    extend: (text, tokens, options) => decoder.extend(text, tokens, { ...options, asker }),
  };
}

/** Yields null after each run, so that it may be ended there. */
async function* poolStates(
  decoder: Decoder,
  of: {
    readonly copies: FactorCopies | null;
    readonly tokens: readonly number[];
    readonly columns: number;
  },
): AsyncGenerator<null, number[], void> {
  const text = decoder.open(of.copies);
  try {
    const pool = createStatePool(of.columns);
    for (let rest = of.tokens; ; ) {
      const names = Object.values(pooledTensors);
      const { taken, observed } = await decoder.extend(text, rest, { observe: names });
      pool.add(observed.get(pooledTensors.rows)!, observed.get(pooledTensors.scales)!, taken);
      rest = rest.slice(taken);
      if (rest.length === 0) return pool.vector();
      yield null;
    }
  } finally {
    decoder.drop(text);
  }
}
