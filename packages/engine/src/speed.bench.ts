/** What a step of training has to reach (docs/benchmarks.md, "Whole steps"): rates beside PyTorch, and its parts. */
import { spawnSync } from "node:child_process";
import type { Bench, Contest, Contestant } from "@r3mes/tools/bench";
import type { BackendChoice } from "./testing/openBackend.ts";
import type { PartAnswer, PartRequest } from "./testing/partServer.ts";
import { type Ask, startServer } from "./testing/startServer.ts";
import {
  type AskStep,
  LAYER_OF_2B4T,
  ours,
  ROUNDS,
  rival,
  SMALL,
  startRunners,
  THREADS,
  threadsText,
} from "./testing/stepRates.ts";
import type { TorchStep } from "./testing/torchStep.ts";

type AskPart = Ask<PartRequest, PartAnswer>;

/** The shapes that have goals. */
const STEPS = [SMALL, LAYER_OF_2B4T];

interface Runner {
  readonly label: string;
  readonly build: BackendChoice;
  readonly ask: AskStep;
}

/** Each of ours beside PyTorch in turns. */
function ratesOf(runners: readonly Runner[], torch: TorchStep, threads: number): Contest[] {
  return STEPS.flatMap(({ title, ...step }) =>
    runners.map(
      ({ label, build, ask }): Contest => ({
        name: `${title}, ${label}, ${threadsText(threads)}`,
        unit: "tokens/s",
        ours: ours(ask, label, { step, build, threads }),
        rivals: [rival(torch, { ...step, type: "float32", threads })],
        rounds: ROUNDS,
      }),
    ),
  );
}

/** Two threads beside one, both by the clock. */
function gainsOf(ask: AskStep): Contest[] {
  return STEPS.map(({ title, ...step }) => {
    const by = (threads: number): Contestant => ({
      label: `${threads}`,
      sample: async () => {
        const { seconds } = await ask({ step, build: "native", threads });
        return (step.sequences * step.length) / seconds;
      },
    });
    return {
      name: `${title}, native, 2 threads over 1`,
      unit: "tokens/s",
      ours: by(2),
      rivals: [by(1)],
      rounds: ROUNDS,
    };
  });
}

/** Parts of a step, as shares of all of it. */
function partsOf(): Contest[] {
  const script = new URL("./testing/partServer.ts", import.meta.url);
  return STEPS.flatMap(({ title, ...step }) => {
    const ask: AskPart = startServer(script);
    const request: PartRequest = { step, build: "native", threads: 1 };
    const part = (label: string, key: keyof PartAnswer): Contestant => ({
      label,
      sample: async () => 1e3 * (await ask(request))[key],
    });
    const whole = part("the step", "stepSeconds");
    const contest = { unit: "ms", rivals: [whole], rounds: ROUNDS };
    return [
      {
        ...contest,
        name: `${title}, native, outside products`,
        ours: part("outside products", "outsideSeconds"),
      },
      { ...contest, name: `${title}, native, state hash`, ours: part("hash", "hashSeconds") },
    ];
  });
}

/** The most memory of a process beside what was planned: less that of its modules, and less that of Node alone. */
function memoriesOf(): Contest[] {
  const script = new URL("./testing/partServer.ts", import.meta.url);
  const command = ["-p", "process.resourceUsage().maxRSS * 1024"];
  const empty = Number(spawnSync(process.execPath, command).stdout.toString());
  return STEPS.flatMap(({ title, ...step }) =>
    THREADS.flatMap((threads): Contest[] => {
      const ask: AskPart = startServer(script);
      const request: PartRequest = { step, build: "native", threads };
      const of = (label: string, bytes: (answer: PartAnswer) => number): Contestant => ({
        label,
        sample: async () => bytes(await ask(request)) / 2 ** 20,
      });
      const planned = of("weights and activations of the plan", (answer) => answer.plannedBytes);
      const contest = { unit: "MiB", rivals: [planned], rounds: 1 };
      const name = `${title}, native, ${threadsText(threads)}, peak memory`;
      return [
        {
          ...contest,
          name,
          ours: of("peak", ({ peakBytes, loadedBytes }) => peakBytes - loadedBytes),
        },
        {
          ...contest,
          name: `${name} with modules`,
          ours: of("peak", ({ peakBytes }) => peakBytes - empty),
        },
      ];
    }),
  );
}

export const bench: Bench = {
  about: "The goals of a step: rates beside PyTorch, two threads over one, parts, memory.",
  contests: () => {
    const { plain, revectorized, hasNative, torch } = startRunners();
    const native: Runner = { label: "native", build: "native", ask: plain };
    const runners: readonly Runner[] = [
      ...(hasNative ? [native] : []),
      { label: "WASM relaxed", build: "relaxed", ask: plain },
      { label: "WASM relaxed, revectorized", build: "relaxed", ask: revectorized },
    ];
    return [
      ...(hasNative ? [...memoriesOf(), ...partsOf(), ...gainsOf(plain)] : []),
      ...(torch ? THREADS.flatMap((threads) => ratesOf(runners, torch, threads)) : []),
    ];
  },
};
