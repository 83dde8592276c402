/** PyTorch's LoRA step, the rival of the engine's. PyTorch is a developer's tool of 5.6 GB, which nothing here installs. */
import { spawn, spawnSync } from "node:child_process";
import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { StepShape } from "./stepServer.ts";

export interface TorchRequest extends StepShape {
  readonly type: "float32" | "bfloat16";
  readonly threads: number;
}

export interface TorchStep {
  /** Seconds that one step took. */
  step(request: TorchRequest): Promise<number>;
}

/** What is missing, and how to get it. */
export const TORCH_HINT =
  "PyTorch is not compared: set PYTHON to a Python that has it (pip install torch==2.15.0 numpy==2.4.6, 5.6 GB).";

/** Undefined where `python` cannot import PyTorch. */
export function torchStep(python: string): TorchStep | undefined {
  if (spawnSync(python, ["-c", "import torch"]).status !== 0) return undefined;
  const script = fileURLToPath(new URL("./torch_step.py", import.meta.url));
  const child = spawn(python, [script], { stdio: ["pipe", "pipe", "inherit"] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const pipes = [child.stdin, child.stdout] as unknown as readonly Socket[];
  // Neither the process nor its pipes keep the benchmark alive, except while it is asked.
  child.unref();
  for (const pipe of pipes) pipe.unref();
  return {
    async step(request) {
      pipes[1]!.ref();
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await answers.next();
      pipes[1]!.unref();
      if (done) throw new Error("PyTorch ended before it answered");
      return Number(value);
    },
  };
}
