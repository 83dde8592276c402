import { CaseKind, CaseOutcome, CaseStage, Fault } from "@r3mes/protocol/messages";
import { expect, test } from "vitest";
import { explainSlashes } from "./explainSlash.ts";
import type { OpenedNetwork } from "./openNetwork.ts";

const offence = {
  fault: Fault.WRONG_STEP,
  subject: 7n,
  height: 90n,
  taken: 1_000_000_000n,
  burned: 700_000_000n,
  awarded: 300_000_000n,
  insured: 0n,
  caseId: 3n,
};
const file = { id: 3n, challenger: "somebody", outcome: CaseOutcome.CONVICTED, operation: 4 };
const tile = { claim: { stage: CaseStage.EXECUTION, index: 2n } };

/** What is said of the case behind a fine. */
async function caseLine(proof: object): Promise<string | undefined> {
  const query = {
    offences: async () => ({ offences: [offence] }),
    params: async () => ({ params: { params: { slash: { wrongStepPpm: 1_000_000 } } } }),
    case: async () => ({ case: { ...file, ...proof } }),
  } as unknown as OpenedNetwork["query"];
  const [slash] = await explainSlashes("me", { query });
  expect(slash).toMatchObject({ subject: "7", taken: "1000000000" });
  return slash!.lines.find((line) => line.startsWith("case"));
}

test("a case is told with the place that it came down to, of a step, an update or a sum", async () => {
  const how = "consensus computed another result than the accused stood by";
  const told = (where: string) => `case      3, brought by somebody: ${where}${how}`;
  const [step, update] = [CaseKind.STEP, CaseKind.UPDATE];
  expect(await caseLine({ kind: step, step: 5, ...tile })).toBe(
    told("step 5, operation 4, tile 2: "),
  );
  expect(await caseLine({ kind: update, step: 0, ...tile })).toBe(
    told("update, tensor 4, tile 2: "),
  );
  const sum = { kind: CaseKind.AGGREGATE, step: 0, round: 6, output: 1, ...tile };
  expect(await caseLine(sum)).toBe(told("sum of round 6, momentum, tensor 4, tile 2: "));
  expect(await caseLine({ kind: step, step: 0, claim: { stage: CaseStage.STEPS } })).toBe(told(""));
});
