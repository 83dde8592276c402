/** The root of the momenta of the outer step, which the next sum follows from. Source: spec/encoding.md section 6. */
import { rootOfTensor } from "@r3mes/engine";
import { type Hash, momentumRoot, type Sha256 } from "@r3mes/protocol";
import type { Adapter } from "../adapter/adapter.ts";
import { factorTensors, type StatePlan } from "../pool/trainingPlan.ts";
import { i32Bytes } from "./i32Bytes.ts";

export function rootOfMomenta(plan: StatePlan, adapter: Adapter, hash?: Sha256): Hash {
  return momentumRoot(rootsOfMomenta(plan, adapter, hash), hash);
}

/** One for each factor, as if it were the factor's own tensor. */
export function rootsOfMomenta(
  { program }: StatePlan,
  { momenta }: Adapter,
  hash?: Sha256,
): Hash[] {
  return factorTensors(program).map((id, i) =>
    rootOfTensor(program, id, i32Bytes(momenta[i]!), hash),
  );
}
