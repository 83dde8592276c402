/**
 * The worker that computes answers: one model, its adapters, all requests. It must not know HTTP, keys or a chain; an adapter that
 * it lacks it asks for.
 */
import { setImmediate } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import {
  adapterTensors,
  createInference,
  type Inference,
  type Run,
  rememberWeights,
  type ServedAdapter,
} from "@r3mes/inference";
import { buildForwardProgram, type Model } from "@r3mes/models";
import { openModelFolder } from "@r3mes/models/node";
import { openBackend } from "@r3mes/participant/device";
import { R3mesError, reportOf } from "@r3mes/protocol";
import { createOutbox } from "./createOutbox.ts";
import { errorOf } from "./errorOf.ts";
import { followRun } from "./followRun.ts";
import type { AdapterFile, FromWorker, ToWorker, WorkerStart } from "./messages.ts";

/** A model that is larger is read again for each program. */
const rememberedBytesMax = 256 << 20;
/** Shapes of adapters that are served at once, each with a backbone in memory: those of pools that run at the same time. */
const shapesMax = 4;
/**
 * Half as long as a screen shows one picture: a token that comes sooner is not seen sooner, and each time costs the API a write and the
 * client a read. With twice that, all of a short answer of the smallest model would wait for its end.
 */
const holdMs = 8;

const start = workerData as WorkerStart;
const say = (message: FromWorker) => parentPort!.postMessage(message);
const outbox = createOutbox(
  { holdMs },
  { nowMs: () => performance.now(), send: (news) => say({ kind: "news", news }) },
);
const runs = new Map<number, Pick<Run<unknown>, "cancel">>();
const loads = new Map<
  string,
  { readonly take: (file: AdapterFile) => void; readonly fail: (error: unknown) => void }
>();

const model = await openModelFolder(start.model);
// What a program may take of memory is bounded by the model, which the operator chose.
const backend = await openBackend(start, (text) => say({ kind: "warn", text }));
const inference = serve(model);
parentPort!.on("message", (message: ToWorker) => hear(inference, message));
// The first request should not wait for the weights: they are read, checked and laid out now.
await inference.ask(
  {
    adapter: null,
    prompt: new Array<number>(8).fill(0),
    tokensMax: 2,
    sampling: { temperature: 0, topP: 1_000_000, seed: { low: 0, high: 0 } },
    stop: [],
  },
  { onPiece: () => {} },
).done;
say({ kind: "ready" });

function serve({ manifest, tokenizer, weight }: Model): Inference {
  if (tokenizer === undefined || manifest.tokenizer === undefined) {
    throw new R3mesError({ code: "MODEL_WITHOUT_TOKENIZER", model: manifest.name });
  }
  const modelBytes = manifest.backbone.bytes;
  return createInference(
    { ...start, shapesMax, shape: manifest.architecture, endOfText: manifest.tokenizer.endOfText },
    {
      backend,
      weights: rememberWeights(weight, { modelBytes, bytesMax: rememberedBytesMax }),
      tokenizer,
      loadAdapter,
      pause: () => setImmediate(),
    },
  );
}

async function loadAdapter(adapter: string): Promise<ServedAdapter> {
  const { shape, bytes } = await new Promise<AdapterFile>((take, fail) => {
    loads.set(adapter, { take, fail });
    say({ kind: "need", adapter });
  });
  const forward = buildForwardProgram(model.manifest.architecture, {
    sequences: 1,
    length: 1,
    adapter: shape,
  });
  return { shape, tensors: adapterTensors(forward, bytes) };
}

function hear(inference: Inference, message: ToWorker): void {
  switch (message.kind) {
    case "ask": {
      const { id, asker, request } = message;
      const run = inference.ask(request, {
        asker,
        onBegin: () => outbox.add({ kind: "begin", id }),
        onPiece: (piece) => outbox.add({ kind: "piece", id, piece }),
      });
      follow(id, run, (end) => outbox.add({ kind: "end", id, end }));
      break;
    }
    case "embed": {
      const { id, asker, tokens, adapter } = message;
      const onBegin = () => outbox.add({ kind: "begin", id });
      const run = inference.embed(tokens, adapter, { asker, onBegin });
      follow(id, run, (vector) => outbox.add({ kind: "vector", id, vector }));
      break;
    }
    case "cancel":
      runs.get(message.id)?.cancel();
      break;
    case "adapter":
      loads.get(message.adapter)?.take(message.file);
      loads.delete(message.adapter);
      break;
    case "noAdapter":
      loads.get(message.adapter)?.fail(errorOf(message.error));
      loads.delete(message.adapter);
  }
}

function follow<Result>(
  id: number,
  run: Run<Result>,
  onEnd: (result: Result | undefined) => void,
): void {
  runs.set(id, run);
  const followed = followRun(run, {
    onEnd,
    onFailed: (error) => outbox.add({ kind: "failed", id, error: reportOf(error) }),
    // Not caught by anybody: the worker ends with it, all that it was asked fails with a code, and another worker is started.
    onLost: (error) =>
      queueMicrotask(() => {
        throw error;
      }),
  });
  void followed.finally(() => runs.delete(id));
}
