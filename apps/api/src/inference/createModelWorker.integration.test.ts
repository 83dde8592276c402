/** The real worker with the shipped model, where adapters do not come. */
import { GREEDY } from "@r3mes/inference/testing";
import { GENESIS_FOLDER } from "@r3mes/models/node";
import { R3mesError } from "@r3mes/protocol";
import { createLogger, systemClock } from "@r3mes/service";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createModelWorker, type ModelWorker } from "./createModelWorker.ts";
import type { AdapterFile } from "./messages.ts";

let worker: ModelWorker;
let asked: string[];
beforeAll(async () => {
  asked = [];
  const log = createLogger(
    { name: "test", level: "silent", format: "json" },
    { stream: process.stderr, clock: systemClock },
  );
  const adapterFile = (id: string): Promise<AdapterFile> => {
    asked.push(id);
    if (id === "gone") throw new R3mesError({ code: "CONTENT_UNAVAILABLE", cid: id });
    return new Promise(() => {});
  };
  worker = createModelWorker(
    {
      model: GENESIS_FOLDER,
      ...{ backend: "auto", threads: 1, activeMax: 1, together: 1 },
      ...{ cacheBytesMax: 1 << 20, adapterBytesMax: 1 << 20 },
      ...{ waitingMax: 8, waitMsMax: 600_000 },
    },
    { log, clock: systemClock, adapterFile },
  );
  while (!worker.isReady()) await systemClock.sleep(50);
});
afterAll(() => worker?.close());

function ask(adapter: string | null) {
  const begun: true[] = [];
  const request = { adapter, prompt: [0, 2133], tokensMax: 4, sampling: GREEDY, stop: [] };
  const onBegin = () => void begun.push(true);
  const run = worker.ask(request, { asker: "somebody", onBegin, onPiece: () => {} });
  return { ...run, hasBegun: () => begun.length > 0 };
}

test("who waits for an adapter is in nobody's way, and is let go at once when it leaves", async () => {
  const waiting = ask("slow");
  await expect.poll(() => asked).toEqual(["slow"]);
  expect((await ask(null).done)!.tokens.length).toBe(4);
  expect(worker.load()).toEqual({ active: 0, waiting: 1 });
  waiting.cancel();
  expect(await waiting.done).toBeUndefined();
  expect(waiting.hasBegun()).toBe(false);
  expect(worker.load()).toEqual({ active: 0, waiting: 0 });
});

test("who asks for an adapter that cannot be had hears why", async () => {
  await expect(ask("gone").done).rejects.toMatchObject({ code: "CONTENT_UNAVAILABLE" });
  expect(asked).toContain("gone");
});
