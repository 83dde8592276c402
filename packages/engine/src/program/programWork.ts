/** The paid work of one step: multiply-adds of its products in int8 limbs (spec/step-program.md section 6). */
import { shapesOf } from "../ops/kind.ts";
import { KINDS } from "../ops/kinds.ts";
import type { Program } from "./program.ts";

export function programWork(program: Program): number {
  return program.operations.reduce((sum, operation) => {
    const kind = KINDS.get(operation.kind)!;
    return sum + kind.work(shapesOf(program, operation, kind));
  }, 0);
}
