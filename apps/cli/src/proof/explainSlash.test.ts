import { R3mesError } from "@r3mes/protocol";
import { CaseKind, CaseOutcome, CaseStage, Fault, WrongPart } from "@r3mes/protocol/messages";
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
    submission: async () => ({ submission: {} }),
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

test("what verifiers found is told with a fine, as long as the chain keeps it", async () => {
  const inquiry = { wholeBond: 50_000_000_000n, endHeight: 120n, workWrong: true };
  const slashWith = async (asked: () => Promise<object>) => {
    const query = {
      offences: async () => ({ offences: [{ ...offence, fault: Fault.WRONG_VERDICT }] }),
      params: async () => ({ params: { params: { slash: { wrongVerdictPpm: 500_000 } } } }),
      case: async () => ({ case: { ...file, kind: CaseKind.STEP, step: 5, submissionId: 7n } }),
      submission: asked,
      findings: async () => ({
        findings: [{ verifier: "one", part: WrongPart.DRAWN_STEP, bond: 20_000_000_000n }],
      }),
    } as unknown as OpenedNetwork["query"];
    const [slash] = await explainSlashes("me", { query });
    return slash!;
  };
  const found = "found     wrong, the drawn step: one, with 20000 REMES";
  const open = { ...inquiry, verdictsWrong: false, closeHeight: 0n };
  const told = await slashWith(async () => ({ submission: { inquiry: open } }));
  expect(told.lines).toContain(found);
  expect(told.lines).toContain(
    "inquiry   open until height 120: the work is wrong, of 50000 REMES of all verifiers",
  );
  expect(told.inquiry).toEqual({
    ...{ isOpen: true, workWrong: true, verdictsWrong: false },
    findings: [{ verifier: "one", part: "the drawn step", bond: "20000000000" }],
  });
  const closed = { ...open, verdictsWrong: true, closeHeight: 101n };
  expect((await slashWith(async () => ({ submission: { inquiry: closed } }))).lines).toContain(
    "inquiry   ended at height 101: the work is wrong, and its last audit had to find that, of 50000 REMES of all verifiers",
  );
  const settled = await slashWith(async () => {
    throw new R3mesError({ code: "SUBMISSION_NOT_FOUND", submission: 7n });
  });
  expect(settled.inquiry).toBeUndefined();
});
