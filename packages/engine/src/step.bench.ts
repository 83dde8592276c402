/** Whole LoRA steps of the CPU backends beside PyTorch's, on the same shapes and threads, in turns. */
import type { Bench, Contest } from "@r3mes/tools/bench";
import {
  GENESIS,
  LAYER_OF_2B4T,
  ours,
  ROUNDS,
  rival,
  SMALL,
  startRunners,
  THREADS,
  threadsText,
} from "./testing/stepRates.ts";
import type { StepRequest } from "./testing/stepServer.ts";

export const bench: Bench = {
  about:
    "Whole LoRA steps: WASM builds, V8 flags, native kernels, threads, PyTorch in f32 and bf16.",
  contests: () => {
    const { plain, revectorized, hasNative, torch } = startRunners();
    return [SMALL, GENESIS, LAYER_OF_2B4T].flatMap(({ title, ...step }) =>
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
          name: `${title}, ${threadsText(threads)}`,
          unit: "tokens/s",
          ours: ours(revectorized, "relaxed, revectorized", relaxed),
          rivals,
          rounds: ROUNDS,
        };
      }),
    );
  },
};
