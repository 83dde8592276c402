/** What the way over HTTP adds to the engine: time to the first token, and to each token after it. */
import { GREEDY } from "@r3mes/inference";
import { GENESIS_FOLDER } from "@r3mes/models/node";
import { createLogger, systemClock } from "@r3mes/service";
import type { Bench } from "@r3mes/tools/bench";
import { createModelWorker } from "./inference/createModelWorker.ts";
import { startApi } from "./testing/startApi.ts";

const tokensMax = 64;
/** "In the beginning", as the API makes it of the text. */
const prompt = [0, 2133, 260, 2743];

interface Times {
  readonly firstMs: number;
  readonly tokenMs: number;
}

function timesOf(beganMs: number, arrivedMs: readonly number[]): Times {
  const [first, last] = [arrivedMs[0]!, arrivedMs.at(-1)!];
  return { firstMs: first - beganMs, tokenMs: (last - first) / (arrivedMs.length - 1) };
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
    const worker = createModelWorker(
      {
        model: GENESIS_FOLDER,
        ...{ backend: "auto", threads: 1, activeMax: 8, together: 8 },
        ...{ waitingMax: 8, waitMsMax: 60_000, cacheBytesMax: 128 << 20, adapterBytesMax: 0 },
      },
      { log, clock: systemClock, adapterFile: () => Promise.reject(new Error("none")) },
    );
    while (!worker.isReady()) await systemClock.sleep(50);

    async function engine(): Promise<Times> {
      const arrived: number[] = [];
      const began = performance.now();
      const request = { adapter: null, prompt, tokensMax, sampling: GREEDY, stop: [] };
      await worker.ask(request, {
        onPiece: ({ token }) => {
          if (token !== undefined) arrived.push(performance.now());
        },
      }).done;
      return timesOf(began, arrived);
    }

    async function http(): Promise<Times> {
      const arrived: number[] = [];
      const began = performance.now();
      const messages = [{ role: "user", content: "In the beginning" }];
      const body = {
        model: "genesis",
        messages,
        max_tokens: tokensMax,
        temperature: 0,
        stream: true,
      };
      const response = await api.ask("/chat/completions", body);
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
        const now = performance.now();
        for (const _ of chunk.matchAll(/"delta":\{"content"/g)) arrived.push(now);
      }
      return timesOf(began, arrived);
    }

    const contest = (name: string, figure: keyof Times) => ({
      name,
      unit: "ms",
      rounds: 15,
      ours: { label: "over HTTP", sample: async () => (await http())[figure] },
      rivals: [{ label: "the worker itself", sample: async () => (await engine())[figure] }],
    });
    return [contest("time to first token", "firstMs"), contest("time for a token", "tokenMs")];
  },
};
