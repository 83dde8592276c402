/**
 * What the way over HTTP adds to the engine: time to the first token, and to each token after it; and how much sooner two workers
 * answer eight than one worker answers one.
 */
import { GREEDY } from "@r3mes/inference/testing";
import { buildForwardProgram, initialFactors, LINEARS } from "@r3mes/models";
import { GENESIS_FOLDER, openModelFolder } from "@r3mes/models/node";
import { createLogger, systemClock } from "@r3mes/service";
import type { Bench } from "@r3mes/tools/bench";
import { createModelWorker, type ModelWorker } from "./inference/createModelWorker.ts";
import { createModelWorkers } from "./inference/createModelWorkers.ts";
import type { AdapterFile } from "./inference/messages.ts";
import { type AnswerTimes, answerTimes } from "./testing/answerTimes.ts";
import { openTimingClient } from "./testing/openTimingClient.ts";
import { startApi } from "./testing/startApi.ts";

const tokensMax = 64;
/** "In the beginning", as the API makes it of the text. */
const prompt = [0, 2133, 260, 2743];

/** Factors as a training run begins with them, of another seed for each name. */
async function adapterFile(name: string): Promise<AdapterFile> {
  const { manifest, close } = await openModelFolder(GENESIS_FOLDER);
  await close();
  const shape = { rank: 16, alpha: 32, targets: LINEARS } as const;
  const program = buildForwardProgram(manifest.architecture, {
    sequences: 1,
    length: 1,
    adapter: shape,
  });
  const factors = [...initialFactors(program, { low: Number(name), high: 0 }).values()];
  const momenta = factors.map(({ length }) => new Uint8Array(length));
  return { shape, bytes: Buffer.concat([...factors, ...momenta]) };
}

/** Milliseconds for each token of so many requests at once, each of an adapter of its own. */
async function perToken(worker: ModelWorker, requests: number): Promise<number> {
  const sampling = { temperature: 800, topP: 1_000_000, seed: { low: 1, high: 0 } };
  const began = performance.now();
  let tokens = 0;
  const runs = Array.from({ length: requests }, (_, i) =>
    worker.ask(
      { adapter: String(i), prompt, tokensMax, sampling, stop: [] },
      {
        asker: String(i),
        onPiece: ({ token }) => {
          if (token !== undefined) tokens += 1;
        },
      },
    ),
  );
  await Promise.all(runs.map(({ done }) => done));
  return (performance.now() - began) / tokens;
}

export const bench: Bench = {
  about:
    "Time to the first token and for each token after it, over HTTP and from the worker itself.",
  async contests() {
    const api = await startApi({ http: { requestsPerMinute: 100_000 } });
    const log = createLogger(
      { name: "bench", level: "silent", format: "json" },
      { stream: process.stderr, clock: systemClock },
    );
    const workers = Array.from({ length: 2 }, () =>
      createModelWorker(
        {
          model: GENESIS_FOLDER,
          ...{ backend: "auto", threads: 1, activeMax: 8, together: 8 },
          ...{ waitingMax: 8, waitMsMax: 60_000 },
          ...{ cacheBytesMax: 128 << 20, adapterBytesMax: 256 << 20 },
        },
        { log, clock: systemClock, adapterFile },
      ),
    );
    const [worker] = workers as [ModelWorker];
    while (!workers.every(({ isReady }) => isReady())) await systemClock.sleep(50);

    async function engine(tokens: number): Promise<AnswerTimes> {
      const arrived: number[] = [];
      const began = performance.now();
      const request = { adapter: null, prompt, tokensMax: tokens, sampling: GREEDY, stop: [] };
      await worker.ask(request, {
        asker: "bench",
        onPiece: ({ token }) => {
          if (token !== undefined) arrived.push(performance.now());
        },
      }).done;
      return answerTimes(began, arrived, arrived.length);
    }

    const client = openTimingClient();

    async function http(tokens: number): Promise<AnswerTimes> {
      const messages = [{ role: "user", content: "In the beginning" }];
      const answer = { model: "genesis", messages, max_tokens: tokens, temperature: 0 };
      return client.ask({
        ...{ url: `${api.baseUrl}/chat/completions`, key: api.key },
        body: { ...answer, stream: true, stream_options: { include_usage: true } },
      });
    }

    const contest = (name: string, figure: keyof AnswerTimes, tokens: number) => ({
      ...{ name, unit: "ms", rounds: 31 },
      ours: { label: "over HTTP", sample: async () => (await http(tokens))[figure] },
      rivals: [{ label: "the worker itself", sample: async () => (await engine(tokens))[figure] }],
    });
    const both = createModelWorkers(workers);
    return [
      contest("time to first token", "firstMs", tokensMax),
      contest(`time for a token, answers of ${tokensMax}`, "tokenMs", tokensMax),
      contest("time for a token, answers of 240", "tokenMs", 240),
      {
        name: "eight requests on eight adapters, two workers of one thread",
        unit: "ms a token",
        rounds: 9,
        ours: { label: "two workers", sample: () => perToken(both, 8) },
        rivals: [
          { label: "one worker", sample: () => perToken(worker, 8) },
          { label: "one request, one worker", sample: () => perToken(worker, 1) },
        ],
      },
    ];
  },
};
