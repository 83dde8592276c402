/** What an audit draw decides, each from a seed of its own: spec/encoding.md section 8. */
import { LIMITS } from "../gen/limits.ts";
import { auditQuestionSeed } from "../seed/seeds.ts";
import { draw } from "./shuffle.ts";
import { uniform } from "./uniform.ts";

const wholePpm = 1_000_000;

/** The audited step, 1 to `localSteps`. */
export function auditedStep(audit: Uint8Array, localSteps: number): number {
  return 1 + uniform(auditQuestionSeed(audit, "step"), 0n, localSteps);
}

/** Places of the drawn verifiers among the eligible ones, sorted by owner address. */
export function auditVerifiers(audit: Uint8Array, eligible: number, count: number): number[] {
  return draw(auditQuestionSeed(audit, "verifiers"), eligible, count);
}

/** Whether all steps of the submission are replayed, which a share of them (in ppm) is. */
export function auditReplays(audit: Uint8Array, sharePpm: number): boolean {
  return uniform(auditQuestionSeed(audit, "replay"), 0n, wholePpm) < sharePpm;
}

/** The operations whose roots enter the execution digest, ascending. */
export function auditedOperations(audit: Uint8Array, operations: number): number[] {
  const count = Math.min(operations, LIMITS.digestOperations);
  const seed = auditQuestionSeed(audit, "operations");
  return draw(seed, operations, count).toSorted((left, right) => left - right);
}
