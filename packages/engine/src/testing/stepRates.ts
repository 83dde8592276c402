/** Steps of the shapes that docs/benchmarks.md tells about, as contestants: ours on either build, and PyTorch's. */
import type { Contestant } from "@r3mes/tools/bench";
import { hasNativeKernels } from "../node/index.ts";
import { REVECTORIZE_FLAGS } from "../node/wasmHost.ts";
import { type Ask, startServer } from "./startServer.ts";
import type { StepAnswer, StepRequest, StepShape } from "./stepServer.ts";
import { TORCH_HINT, type TorchRequest, type TorchStep, torchStep } from "./torchStep.ts";

export type AskStep = Ask<StepRequest, StepAnswer>;

export interface TitledStep extends StepShape {
  readonly title: string;
}

export const SMALL: TitledStep = {
  title: "8 layers of 512, 8 x 256 tokens",
  shape: {
    ...{ hidden: 512, layers: 8, heads: 8, kvHeads: 8, headSize: 64 },
    ...{ ffn: 1536, vocabulary: 4096, context: 256 },
  },
  ...{ sequences: 8, length: 256 },
};

export const GENESIS: TitledStep = {
  title: "genesis, 4 x 256 tokens",
  shape: {
    ...{ hidden: 256, layers: 6, heads: 4, kvHeads: 2, headSize: 64 },
    ...{ ffn: 768, vocabulary: 4096, context: 256 },
  },
  ...{ sequences: 4, length: 256 },
};

export const LAYER_OF_2B4T: TitledStep = {
  title: "one layer of 2B4T, vocabulary 512, 1 x 512 tokens",
  shape: {
    ...{ hidden: 2560, layers: 1, heads: 20, kvHeads: 5, headSize: 128 },
    ...{ ffn: 6912, vocabulary: 512, context: 512 },
  },
  ...{ sequences: 1, length: 512 },
};

export const THREADS = [1, 2] as const;
export const ROUNDS = 3;

export interface Runners {
  readonly plain: AskStep;
  readonly revectorized: AskStep;
  readonly hasNative: boolean;
  /** Absent where this machine has none. */
  readonly torch: TorchStep | undefined;
}

/** Says what is left out because this machine lacks it. */
export function startRunners(): Runners {
  const script = new URL("./stepServer.ts", import.meta.url);
  const torch = torchStep(process.env.PYTHON ?? "python3");
  if (torch === undefined) process.stderr.write(`${TORCH_HINT}\n`);
  const hasNative = hasNativeKernels();
  if (!hasNative) process.stderr.write("No native kernels are built: they are left out.\n");
  return {
    plain: startServer(script),
    revectorized: startServer(script, ...REVECTORIZE_FLAGS),
    ...{ hasNative, torch },
  };
}

export function ours(ask: AskStep, label: string, request: StepRequest): Contestant {
  return { label, sample: async () => rateOf(request.step, request.threads, await ask(request)) };
}

export function rival(torch: TorchStep, request: TorchRequest): Contestant {
  return {
    label: `PyTorch, eager, ${request.type}`,
    sample: async () => rateOf(request, request.threads, await torch.step(request)),
  };
}

/** "2 threads". */
export function threadsText(threads: number): string {
  return `${threads} ${threads === 1 ? "thread" : "threads"}`;
}

/** Tokens in a second: of processor time on one thread, which a busy machine lengthens less, else of time. */
function rateOf({ sequences, length }: StepShape, threads: number, answer: StepAnswer): number {
  return (sequences * length) / (threads === 1 ? answer.cpuSeconds : answer.seconds);
}
