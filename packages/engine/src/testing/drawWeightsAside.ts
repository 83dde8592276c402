/** The random weights of a step, drawn by another process and read to where they stay, as a model's are from its files. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TinyTraining, TinyTrainingOptions } from "@r3mes/models";
import type { WeightSource } from "../backends/backend.ts";

export interface DrawnWeights {
  readonly weights: WeightSource;
  /** Removes their files. */
  close(): void;
}

export function drawWeightsAside(
  { program }: TinyTraining,
  options: TinyTrainingOptions,
): DrawnWeights {
  const folder = mkdtempSync(join(tmpdir(), "r3mes-weights-"));
  const script = fileURLToPath(new URL("./drawWeights.ts", import.meta.url));
  const args = [script, folder, JSON.stringify(options)];
  const { status } = spawnSync(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new Error(`the process that draws weights ended with ${status}`);
  const ids = new Map(program.tensors.map(({ name }, id) => [name, id]));
  return {
    async weights(name, target) {
      const file = await open(join(folder, String(ids.get(name))));
      try {
        const bytes = target ?? new Uint8Array((await file.stat()).size);
        await file.read(bytes);
        return bytes;
      } finally {
        await file.close();
      }
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}
