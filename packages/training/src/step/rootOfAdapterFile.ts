/** The root of an adapter's file, of which only the program is known: what else a plan says does not enter it. */
import type { Program } from "@r3mes/engine";
import type { Hash, Sha256 } from "@r3mes/protocol";
import { decodeAdapter } from "../adapter/adapter.ts";
import type { TrainingPlan } from "../pool/trainingPlan.ts";
import { rootOfAdapter } from "./chunkState.ts";

/**
 * @param program a training program of the adapter's shape and optimizer, of any batch
 * @throws ADAPTER_FILE_INVALID if the file has another length
 */
export function rootOfAdapterFile(program: Program, bytes: Uint8Array, hash?: Sha256): Hash {
  const plan: TrainingPlan = {
    pool: 0n,
    program,
    localSteps: 1,
    sequences: 1,
    length: 1,
    learningRates: [0],
    decay: 0,
    density: 1000,
    outer: { momentum: 0, learningRate: 1 },
  };
  return rootOfAdapter(plan, decodeAdapter(plan, bytes), hash);
}
