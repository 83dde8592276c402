import { GENESIS_FOLDER, openModelFolder } from "@r3mes/models/node";
import { R3mesError } from "@r3mes/protocol";
import { createMetrics, manualClock, manualRandomness } from "@r3mes/service";
import { afterEach, expect, test } from "vitest";
import { createAnswerMetrics } from "./answerMetrics.ts";
import { startAnswer } from "./startAnswer.ts";

const unheard: unknown[] = [];
const hear = (reason: unknown) => unheard.push(reason);
afterEach(() => void process.off("unhandledRejection", hear));

test("an answer that never begins fails its caller alone, and costs nothing", async () => {
  process.on("unhandledRejection", hear);
  const { manifest, tokenizer, close } = await openModelFolder(GENESIS_FOLDER);
  await close();
  const settled: number[] = [];
  const worker = {
    load: () => ({ active: 0, waiting: 0 }),
    restarts: () => 0,
    embed: () => ({ done: Promise.resolve(undefined), cancel: () => {} }),
    ask: () => ({
      done: Promise.reject(new R3mesError({ code: "QUEUE_FULL", waiting: 1, retryAfterS: 2 })),
      cancel: () => {},
    }),
  };
  const caller = {
    key: "key",
    account: "account",
    rate: { limit: 1, remaining: 1, resetS: 1 },
    reserve: async () => ({ settle: async (credits: number) => void settled.push(credits) }),
  };
  const model = { id: "genesis", adapter: null, adapterId: null, status: "backbone", createdS: 0 };
  const { done } = await startAnswer(
    {
      manifest,
      tokenizer: tokenizer!,
      worker,
      access: { admit: async () => caller },
      clock: manualClock(),
      randomness: manualRandomness("answer"),
      providerKey: new Uint8Array(32),
      catalogue: { list: () => [], resolve: () => model as never },
      metrics: createAnswerMetrics(createMetrics({ process: "test" }), worker),
    },
    {
      caller,
      model: model as never,
      request: {
        adapter: null,
        prompt: [1, 2],
        tokensMax: 4,
        sampling: { temperature: 0, topP: 1_000_000, seed: { low: 0, high: 0 } },
        stop: [],
      },
    },
    () => {},
  );
  await expect(done).rejects.toMatchObject({ code: "QUEUE_FULL" });
  // Node tells of a rejection that nobody heard once the turn is over.
  await new Promise((resolve) => setImmediate(resolve));
  expect(unheard).toEqual([]);
  expect(settled).toEqual([0]);
});
