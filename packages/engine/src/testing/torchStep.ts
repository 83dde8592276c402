/** PyTorch's LoRA step, the rival of the engine's. PyTorch is a developer's tool of 5.6 GB, which nothing here installs. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { startLineServer } from "./startLineServer.ts";
import type { StepAnswer, StepShape } from "./stepServer.ts";

export interface TorchRequest extends StepShape {
  readonly type: "float32" | "bfloat16";
  readonly threads: number;
  /** The processor unless stated. */
  readonly device?: "cuda";
}

export interface TorchStep {
  step(request: TorchRequest): Promise<StepAnswer>;
}

/** What is missing, and how to get it. */
export const TORCH_HINT =
  "PyTorch is not compared: set PYTHON to a Python that has it (pip install torch==2.15.0 numpy==2.4.6, 5.6 GB).";

/** Undefined where `python` cannot import PyTorch, or that finds no GPU where one is wanted. */
export function torchStep(python: string, device?: "cuda"): TorchStep | undefined {
  const check = device === undefined ? "import torch" : "import torch; torch.cuda.current_device()";
  if (spawnSync(python, ["-c", check]).status !== 0) return undefined;
  const script = fileURLToPath(new URL("./torch_step.py", import.meta.url));
  const ask = startLineServer(python, [script]);
  return { step: async (request) => JSON.parse(await ask(JSON.stringify(request))) };
}
