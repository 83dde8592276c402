/**
 * OpenBLAS sgemm as numpy brings it: the rival of the engine's products. It lives in a virtual
 * environment of its own, which is made only when asked for.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startLineServer } from "./startLineServer.ts";

const NUMPY = "numpy==2.4.6";
const folder = fileURLToPath(
  new URL("../../../../node_modules/.cache/r3mes-openblas", import.meta.url),
);
const python = join(folder, "bin/python");

/** Reads "rows inputs outputs runs" lines, answers "cpu-seconds seconds" lines. */
const PROGRAM = `
import sys, time
import numpy as np
operands = {}
for line in sys.stdin:
    m, k, n, runs = map(int, line.split())
    if (m, k, n) not in operands:
        rng = np.random.default_rng(1)
        operands[(m, k, n)] = [rng.standard_normal(s, dtype=np.float32) for s in ((m, k), (k, n))]
    a, b = operands[(m, k, n)]
    out = np.empty((m, n), np.float32)
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(runs):
        np.matmul(a, b, out=out)
    print(time.process_time() - cpu, time.perf_counter() - wall, flush=True)
`;

export interface OpenBlas {
  /** Measures `runs` products of f32 matrices. */
  multiply(
    rows: number,
    inputs: number,
    outputs: number,
    runs: number,
  ): Promise<{ cpuSeconds: number; seconds: number }>;
}

/** What is missing, and how to get it. */
export const OPENBLAS_HINT =
  "OpenBLAS is not compared: it is not installed. R3MES_BENCH_INSTALL=1 installs numpy for the benchmark (70 MB).";

/** Creates the environment if asked to; undefined where it is not there. */
export function openBlas(threads: number, install: boolean): OpenBlas | undefined {
  if (install && !existsSync(python)) {
    const run = (command: string, args: readonly string[]) => {
      const { status, stderr } = spawnSync(command, args, { encoding: "utf8" });
      if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stderr}`);
    };
    run("python3", ["-m", "venv", folder]);
    run(python, ["-m", "pip", "install", "--quiet", NUMPY]);
  }
  if (!existsSync(python)) return undefined;
  const environment = { ...process.env, OPENBLAS_NUM_THREADS: String(threads) };
  const ask = startLineServer(python, ["-c", PROGRAM], environment);
  return {
    async multiply(...sizes) {
      const [cpuSeconds, seconds] = (await ask(sizes.join(" "))).split(" ").map(Number);
      return { cpuSeconds: cpuSeconds!, seconds: seconds! };
    },
  };
}
