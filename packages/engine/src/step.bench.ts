/** Whole LoRA steps of the CPU backends beside PyTorch's, on the same shapes and threads, in turns. */
import type { Bench, Contest, Contestant } from "@r3mes/tools/bench";
import { hasNativeKernels } from "./node/index.ts";
import { type Ask, startServer } from "./testing/startServer.ts";
import type { StepAnswer, StepRequest, StepShape } from "./testing/stepServer.ts";
import { TORCH_HINT, type TorchRequest, type TorchStep, torchStep } from "./testing/torchStep.ts";

type AskStep = Ask<StepRequest, StepAnswer>;

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
    title: "genesis, 4 x 256 tokens",
    shape: {
      ...{ hidden: 256, layers: 6, heads: 4, kvHeads: 2, headSize: 64 },
      ...{ ffn: 768, vocabulary: 4096, context: 256 },
    },
    ...{ sequences: 4, length: 256 },
  },
  {
    title: "one layer of 2B4T, vocabulary 512, 1 x 512 tokens",
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
  return {
    label,
    sample: async () => rateOf(request.step, request.threads, await ask(request)),
  };
}

function rival(torch: TorchStep, request: TorchRequest): Contestant {
  return {
    label: `PyTorch, eager, ${request.type}`,
    sample: async () => rateOf(request, request.threads, await torch.step(request)),
  };
}

export const bench: Bench = {
  about:
    "Whole LoRA steps: WASM builds, V8 flags, native kernels, threads, PyTorch in f32 and bf16.",
  contests: () => {
    const script = new URL("./testing/stepServer.ts", import.meta.url);
    const plain: AskStep = startServer(script);
    const revectorized: AskStep = startServer(script, "--experimental-wasm-revectorize");
    const torch = torchStep(process.env.PYTHON ?? "python3");
    if (torch === undefined) process.stderr.write(`${TORCH_HINT}\n`);
    const hasNative = hasNativeKernels();
    if (!hasNative) process.stderr.write("No native kernels are built: they are left out.\n");
    return STEPS.flatMap(({ title, ...step }) =>
      THREADS.map((threads): Contest => {
        const relaxed: StepRequest = { step, build: "relaxed", threads };
        const rivals = [
          ours(plain, "relaxed", relaxed),
          ours(plain, "base", { ...relaxed, build: "base" }),
          ...(hasNative ? [ours(plain, "native", { ...relaxed, build: "native" })] : []),
          ...(torch
            ? [
                rival(torch, { ...step, type: "float32", threads }),
                rival(torch, { ...step, type: "bfloat16", threads }),
              ]
            : []),
        ];
        return {
          name: `${title}, ${threads} ${threads === 1 ? "thread" : "threads"}`,
          unit: "tokens/s",
          ours: ours(revectorized, "relaxed, revectorized", relaxed),
          rivals,
          rounds: ROUNDS,
        };
      }),
    );
  },
};
