import { expect, test } from "vitest";
import { eventFields } from "./eventFields.ts";

const told = (data: Record<string, unknown>, said: readonly string[] = []) =>
  eventFields(data, said).map(({ name, values }) =>
    [name, ...values.map(({ text }) => text)].join(" "),
  );

test("flags are words where they are set, and nothing where they are not", () => {
  expect(told({ late: false, fullReplay: false, step: 4 })).toEqual(["step 4"]);
  expect(told({ late: true, fullReplay: true })).toEqual(["late", "every step is run again"]);
});

test("a name of nothing is left out, and so is what the page says anyway", () => {
  expect(told({ phase: "carried_over", adapterId: 0, endHeight: 0 })).toEqual([
    "phase carried over",
  ]);
  expect(told({ submissionId: 2, draw: 0 }, ["submissionId"])).toEqual(["draw 0"]);
});

test("words, heights, money and losses are told as people read them", () => {
  expect(
    told({
      ...{ kind: "aggregate", fault: "wrong_sum", taken: "30000000000", endHeight: 1_234 },
      ...{ heldOutLoss: "323488176", emissionWeightPpm: 500_000 },
    }),
  ).toEqual([
    ...["kind sum", "fault wrong sum", "taken 30,000 REMES", "until #1,234"],
    ...["held-out loss 4,936 bits", "weight in the emission 50 %"],
  ]);
});

test("records and accounts lead to their pages", () => {
  const verifiers = ["remes1sm7s8nmxqjpvey38duwy7eu3kuu8rl56pykh7f", "remes1short"];
  const fields = eventFields({ poolId: 1, round: 3, caseId: 4, adapterId: 5, verifiers }, []);
  expect(fields.flatMap(({ values }) => values.map(({ href }) => href))).toEqual([
    undefined,
    "/round?pool=1&round=3",
    "/dispute?id=4",
    "/adapter?id=5",
    `/miner?address=${verifiers[0]}`,
    "/miner?address=remes1short",
  ]);
});

test("a list of nothing says nothing, and work that a sum leaves out leads to its page", () => {
  expect(told({ leftOut: [], missed: [] })).toEqual([]);
  expect(told({ leftOut: ["8", "12"] })).toEqual(["left out 8 12"]);
  const [field] = eventFields({ leftOut: ["8"] }, []);
  expect(field?.values).toEqual([{ text: "8", href: "/chunk?submission=8" }]);
});
