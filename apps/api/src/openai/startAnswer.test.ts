import { setImmediate } from "node:timers/promises";
import { type AnswerPiece, receiptSigner } from "@r3mes/inference";
import { GENESIS_FOLDER, openModelFolder } from "@r3mes/models/node";
import { R3mesError } from "@r3mes/protocol";
import { createMetrics } from "@r3mes/service";
import { manualClock, manualRandomness } from "@r3mes/service/testing";
import Fastify from "fastify";
import { afterEach, expect, onTestFinished, test } from "vitest";
import { answerError } from "../errors/answerErrors.ts";
import type { ModelWorker } from "../inference/createModelWorker.ts";
import { createAnswerMetrics } from "./answerMetrics.ts";
import { startAnswer } from "./startAnswer.ts";
import { streamAnswer } from "./streamAnswer.ts";

const unheard: unknown[] = [];
const hear = (reason: unknown) => unheard.push(reason);
afterEach(() => void process.off("unhandledRejection", hear));

const code = (name: string) => expect.objectContaining({ code: name });

/** A worker and a caller that do what a test tells them; the caller's books are `settled`. */
async function setup(
  ask: ModelWorker["ask"],
  reserve: () => Promise<void> = async () => {},
): Promise<{
  readonly start: (onPiece?: (piece: AnswerPiece) => void) => ReturnType<typeof startAnswer>;
  readonly settled: number[];
  readonly pieces: AnswerPiece[];
}> {
  const { manifest, tokenizer, close } = await openModelFolder(GENESIS_FOLDER);
  await close();
  const settled: number[] = [];
  const pieces: AnswerPiece[] = [];
  const worker = {
    load: () => ({ active: 0, waiting: 0 }),
    restarts: () => 0,
    embed: () => ({ done: Promise.resolve(undefined), cancel: () => {} }),
    ask,
  };
  const caller = {
    key: "key",
    account: "account",
    rate: { limit: 1, remaining: 1, resetS: 1 },
    models: null,
    reserve: async () => {
      await reserve();
      return { settle: async (credits: number) => void settled.push(credits) };
    },
  };
  const model = { id: "genesis", adapter: null, adapterId: null, status: "backbone", createdS: 0 };
  const deps = {
    manifest,
    tokenizer: tokenizer!,
    worker,
    access: { admit: async () => caller },
    clock: manualClock(),
    randomness: manualRandomness("answer"),
    signReceipt: receiptSigner(new Uint8Array(32).fill(1)),
    catalogue: { list: () => [], find: () => undefined, resolve: () => model as never },
    metrics: createAnswerMetrics(createMetrics({ process: "test" }), worker),
  };
  const request = {
    adapter: null,
    prompt: [1, 2],
    tokensMax: 4,
    sampling: { temperature: 0, topP: 1_000_000, seed: { low: 0, high: 0 } },
    stop: [],
  };
  const call = { caller, model: model as never, request };
  return {
    start: (onPiece = (piece) => void pieces.push(piece)) => startAnswer(deps, call, onPiece),
    settled,
    pieces,
  };
}

test("an answer that never begins fails its caller alone, and costs nothing", async () => {
  process.on("unhandledRejection", hear);
  const refused = new R3mesError({ code: "QUEUE_FULL", waiting: 1, retryAfterS: 2 });
  const { start, settled } = await setup(() => ({
    done: Promise.reject(refused),
    cancel: () => {},
  }));
  const { done } = await start();
  await expect(done).rejects.toThrow(code("QUEUE_FULL"));
  // Node tells of a rejection that nobody heard once the turn is over.
  await setImmediate();
  expect(unheard).toEqual([]);
  expect(settled).toEqual([0]);
});

test("an answer that fails costs what was given out: nothing before the first token", async () => {
  const gone = new R3mesError({ code: "CONTENT_UNAVAILABLE", cid: "00" });
  for (const { given, cost } of [
    { given: [], cost: 0 },
    { given: [5, 6], cost: 4 },
  ]) {
    const { start, settled } = await setup((_request, { onBegin, onPiece }) => {
      onBegin?.();
      for (const token of given) onPiece({ text: `${token}`, token });
      return { done: Promise.reject(gone), cancel: () => {} };
    });
    const { done } = await start();
    await expect(done).rejects.toThrow(code("CONTENT_UNAVAILABLE"));
    expect(settled).toEqual([cost]);
  }
});

test("a stream that fails after it began has the failure's status while nothing was sent", async () => {
  const gone = new R3mesError({ code: "CONTENT_UNAVAILABLE", cid: "00" });
  const { start, settled } = await setup((_request, { onBegin }) => {
    onBegin?.();
    return { done: setImmediate().then(() => Promise.reject(gone)), cancel: () => {} };
  });
  const server = Fastify({ genReqId: () => "req_1" });
  onTestFinished(() => server.close());
  server.setErrorHandler(answerError);
  const forms = { first: { role: "assistant" }, pieces: () => ({}), last: () => [], broken: {} };
  server.get("/", (_request, reply) => streamAnswer(reply, forms, start));
  const reply = await server.inject("/");
  expect([reply.statusCode, reply.json()]).toMatchObject([
    503,
    { error: { r3mes_code: "CONTENT_UNAVAILABLE" } },
  ]);
  expect(settled).toEqual([0]);
});

test("what is computed before the credit is set aside waits for it, in its order", async () => {
  let setAside = () => {};
  const credit = new Promise<void>((resolve) => {
    setAside = resolve;
  });
  const end = { ending: "tokens-max" as const, tokens: [5, 6] };
  const ask: ModelWorker["ask"] = (_request, { onBegin, onPiece }) => {
    onBegin?.();
    for (const token of end.tokens) onPiece({ text: `${token}`, token });
    return { done: Promise.resolve(end), cancel: () => {} };
  };
  const { start, settled, pieces } = await setup(ask, () => credit);
  const starting = start();
  await setImmediate();
  expect(pieces).toEqual([]);
  setAside();
  const { done } = await starting;
  expect((await done)!.tokens).toEqual(end.tokens);
  expect(pieces.map(({ text }) => text)).toEqual(["5", "6"]);
  expect(settled).toEqual([4]);
});

test("the last pieces are sent before credit is settled, which takes longer", async () => {
  const end = { ending: "tokens-max" as const, tokens: [5] };
  const ask: ModelWorker["ask"] = (_request, { onBegin, onPiece }) => {
    onBegin?.();
    onPiece({ text: "5", token: 5 });
    return { done: Promise.resolve(end), cancel: () => {} };
  };
  const { start, settled, pieces } = await setup(ask);
  const { done } = await start();
  // Streams hand on what they were given when the turn's promises have had theirs.
  await new Promise<void>((resolve) => process.nextTick(resolve));
  expect({ pieces: pieces.length, settled }).toEqual({ pieces: 1, settled: [] });
  await done;
  expect(settled).toEqual([3]);
});

test("without credit nothing is given out and the computation is cancelled", async () => {
  let isCancelled = false;
  const cancel = () => {
    isCancelled = true;
  };
  const ask: ModelWorker["ask"] = (_request, { onBegin, onPiece }) => {
    onBegin?.();
    onPiece({ text: "free", token: 5 });
    return { done: Promise.resolve(undefined), cancel };
  };
  const { start, settled, pieces } = await setup(ask, async () => {
    throw new R3mesError({ code: "CREDIT_INSUFFICIENT", needed: 6, available: 0 });
  });
  await expect(start()).rejects.toThrow(code("CREDIT_INSUFFICIENT"));
  expect({ isCancelled, settled, pieces }).toEqual({ isCancelled: true, settled: [], pieces: [] });
});
