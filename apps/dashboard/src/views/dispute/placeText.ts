/** Where two parties differ, as far as their dispute has narrowed it down: the names of the trees and the slots in them. */
import type { Case } from "../../api/records.ts";

/** What a slot of each tree is. */
export const slots: Readonly<Record<string, string>> = {
  steps: "state root",
  operations: "operation",
  tensors: "tensor",
  tiles: "tile",
};

/** Such as `step 3 › operation 92 › tile 0`; null while nothing is agreed. All but the step are counted from 0. */
export function placeText({ step, found }: Pick<Case, "step" | "found">): string | null {
  const places = [
    ...(step === null || step === 0 ? [] : [`step ${step}`]),
    ...Object.entries(slots).flatMap(([stage, slot]) =>
      found[stage] === undefined || stage === "steps" ? [] : [`${slot} ${found[stage]}`],
    ),
  ];
  return places.length === 0 ? null : places.join(" › ");
}
