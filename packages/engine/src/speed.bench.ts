/** What a step of training has to reach (docs/benchmarks.md, "Whole steps"): rates beside PyTorch, and its parts. */
import { spawnSync } from "node:child_process";
import type { Bench, Contest, Contestant } from "@r3mes/tools/bench";
import { hasNativeKernels } from "./node/index.ts";
import type { BackendChoice } from "./testing/openBackend.ts";
import type { PartAnswer } from "./testing/partServer.ts";
import { type Ask, startServer } from "./testing/startServer.ts";
import type { StepAnswer, StepRequest, StepShape } from "./testing/stepServer.ts";
import { TORCH_HINT, type TorchRequest, type TorchStep, torchStep } from "./testing/torchStep.ts";

type AskStep = Ask<StepRequest, StepAnswer>;
type AskPart = Ask<StepRequest, PartAnswer>;

const ROUNDS = 3;
const THREADS = [1, 2];

const STEPS: readonly (StepShape & { readonly title: string })[] = [
  {
    title: "8 layers of 512, 8 x 256 tokens",
    shape: {
      ...{ hidden: 512, layers: 8, heads: 8, kvHeads: 8, headSize: 64 },
      ...{ ffn: 1536, vocabulary: 4096, context: 256 },
    },
    ...{ sequences: 8, length: 256 },
  },
  {
    title: "one layer of 2B4T, 1 x 512 tokens",
    shape: {
      ...{ hidden: 2560, layers: 1, heads: 20, kvHeads: 5, headSize: 128 },
      ...{ ffn: 6912, vocabulary: 512, context: 512 },
    },
    ...{ sequences: 1, length: 512 },
  },
];

/** Tokens in a second: of processor time on one thread, which a busy machine lengthens less, else of time. */
function rateOf({ sequences, length }: StepShape, threads: number, answer: StepAnswer): number {
  return (sequences * length) / (threads === 1 ? answer.cpuSeconds : answer.seconds);
}

function ours(ask: AskStep, label: string, request: StepRequest): Contestant {
  return { label, sample: async () => rateOf(request.step, request.threads, await ask(request)) };
}

function rival(torch: TorchStep, request: TorchRequest): Contestant {
  return {
    label: `PyTorch, eager, ${request.type}`,
    sample: async () => rateOf(request, request.threads, await torch.step(request)),
  };
}

interface Runner {
  readonly label: string;
  readonly build: BackendChoice;
  readonly ask: AskStep;
}

/** Each of ours beside PyTorch in turns. */
function ratesOf(runners: readonly Runner[], torch: TorchStep, threads: number): Contest[] {
  return STEPS.flatMap(({ title, ...step }) =>
    runners.map(({ label, build, ask }): Contest => {
      const types =
        build === "native" ? (["float32", "bfloat16"] as const) : (["float32"] as const);
      return {
        name: `${title}, ${label}, ${threads} ${threads === 1 ? "thread" : "threads"}`,
        unit: "tokens/s",
        ours: ours(ask, label, { step, build, threads }),
        rivals: types.map((type) => rival(torch, { ...step, type, threads })),
        rounds: ROUNDS,
      };
    }),
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
    const request: StepRequest = { step, build: "native", threads: 1 };
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

/** The most memory of a process, less that of Node alone, beside what was planned. */
function memoriesOf(): Contest[] {
  const script = new URL("./testing/partServer.ts", import.meta.url);
  const command = ["-p", "process.resourceUsage().maxRSS * 1024"];
  const empty = Number(spawnSync(process.execPath, command).stdout.toString());
  return STEPS.flatMap(({ title, ...step }) =>
    THREADS.map((threads): Contest => {
      const ask: AskPart = startServer(script);
      const request: StepRequest = { step, build: "native", threads };
      const of = (label: string, bytes: (answer: PartAnswer) => number): Contestant => ({
        label,
        sample: async () => bytes(await ask(request)) / 2 ** 20,
      });
      return {
        name: `${title}, native, peak memory, ${threads} ${threads === 1 ? "thread" : "threads"}`,
        unit: "MiB",
        ours: of("peak", ({ peakBytes }) => peakBytes - empty),
        rivals: [of("weights and activations of the plan", ({ plannedBytes }) => plannedBytes)],
        rounds: 1,
      };
    }),
  );
}

export const bench: Bench = {
  about: "The goals of a step: rates beside PyTorch, two threads over one, parts, memory.",
  contests: () => {
    const script = new URL("./testing/stepServer.ts", import.meta.url);
    const plain: AskStep = startServer(script);
    const revectorized: AskStep = startServer(script, "--experimental-wasm-revectorize");
    const torch = torchStep(process.env.PYTHON ?? "python3");
    if (torch === undefined) process.stderr.write(`${TORCH_HINT}\n`);
    const hasNative = hasNativeKernels();
    if (!hasNative) process.stderr.write("No native kernels are built: they are left out.\n");
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
