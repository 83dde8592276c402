/** Whole LoRA steps on a GPU through WebGPU beside PyTorch's on the same GPU through CUDA, on the same shapes, in turns. */
import type { Bench, Contest, Contestant } from "@r3mes/tools/bench";
import { startServer } from "./testing/startServer.ts";
import {
  type AskStep,
  GENESIS,
  LAYER_OF_2B4T,
  SMALL,
  type TitledStep,
} from "./testing/stepRates.ts";
import type { StepAnswer } from "./testing/stepServer.ts";
import { TORCH_HINT, torchStep } from "./testing/torchStep.ts";

/** A step on a GPU takes milliseconds, and the first ones compile. */
const ROUNDS = 21;

function byTheClock(
  label: string,
  { sequences, length }: TitledStep,
  ask: () => Promise<StepAnswer>,
): Contestant {
  return { label, sample: async () => (sequences * length) / (await ask()).seconds };
}

export const bench: Bench = {
  about: "Whole LoRA steps on a GPU: WebGPU beside PyTorch in f32 and bf16 on CUDA.",
  contests: () => {
    const ask: AskStep = startServer(new URL("./testing/stepServer.ts", import.meta.url));
    const torch = torchStep(process.env.PYTHON ?? "python3", "cuda");
    if (torch === undefined) process.stderr.write(`${TORCH_HINT} It needs CUDA here.\n`);
    return [SMALL, GENESIS, LAYER_OF_2B4T].map((titled): Contest => {
      const { title, ...step } = titled;
      const rivals = (["float32", "bfloat16"] as const).map((type) =>
        byTheClock(`PyTorch, eager, ${type}, CUDA`, titled, () =>
          torch!.step({ ...step, type, threads: 1, device: "cuda" }),
        ),
      );
      return {
        name: `${title}, WebGPU`,
        unit: "tokens/s",
        ours: byTheClock("WebGPU", titled, () => ask({ step, build: "webgpu", threads: 1 })),
        rivals: torch === undefined ? [] : rivals,
        rounds: ROUNDS,
      };
    });
  },
};
