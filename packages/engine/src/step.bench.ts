/** Whole LoRA steps of the CPU backends beside PyTorch's, on the same shapes and threads, in turns. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Bench, Contest, Contestant } from "@r3mes/tools/bench";
import { hasNativeKernels } from "./node/index.ts";
import type { StepRequest, StepShape } from "./testing/stepServer.ts";
import { TORCH_HINT, type TorchRequest, type TorchStep, torchStep } from "./testing/torchStep.ts";

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
    title: "one layer of 2B4T, vocabulary 512, 1 x 512 tokens",
    shape: {
      ...{ hidden: 2560, layers: 1, heads: 20, kvHeads: 5, headSize: 128 },
      ...{ ffn: 6912, vocabulary: 512, context: 512 },
    },
    ...{ sequences: 1, length: 512 },
  },
];

function startServer(...execArgv: string[]): ChildProcess {
  const server = fork(new URL("./testing/stepServer.ts", import.meta.url), { execArgv });
  // Neither keeps the benchmark alive; a question opens the channel until it is answered.
  server.unref();
  server.channel?.unref();
  return server;
}

/** Tokens in a second of time, all threads together. */
function ours(server: ChildProcess, label: string, request: StepRequest): Contestant {
  return {
    label,
    sample: async () => {
      server.channel?.ref();
      server.send(request);
      const [seconds] = (await once(server, "message")) as [number];
      server.channel?.unref();
      return (request.step.sequences * request.step.length) / seconds;
    },
  };
}

function rival(torch: TorchStep, request: TorchRequest): Contestant {
  return {
    label: `PyTorch, eager, ${request.type}`,
    sample: async () => (request.sequences * request.length) / (await torch.step(request)),
  };
}

export const bench: Bench = {
  about:
    "Whole LoRA steps: WASM builds, V8 flags, native kernels, threads, PyTorch in f32 and bf16.",
  contests: () => {
    const plain = startServer();
    const revectorized = startServer("--experimental-wasm-revectorize");
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
