import { R3mesError } from "@r3mes/protocol";
import type { Case } from "@r3mes/protocol/messages";
import { expect, test } from "vitest";
import { caseOf } from "./replayCase.ts";

type Asked = Parameters<typeof caseOf>[1];
const answering = (answer: () => Promise<object>) => ({ case: answer }) as unknown as Asked;

test("a case that is not there is refused by its number, without the words of the node", async () => {
  const refused = async () => {
    throw new R3mesError({ code: "CASE_NOT_FOUND", log: "rpc error: code = Unknown" });
  };
  const unknown = { code: "CASE_NOT_FOUND", facts: { case: 99n } };
  await expect(caseOf(99n, answering(refused))).rejects.toMatchObject(unknown);
  await expect(
    caseOf(
      99n,
      answering(async () => ({})),
    ),
  ).rejects.toMatchObject(unknown);
  const failing = caseOf(99n, answering(refused));
  await expect(failing).rejects.toSatisfy((error: R3mesError) => !("log" in error.facts));
});

test("a case that is there is given, and another failure is not renamed", async () => {
  const found = { id: 3n } as Case;
  expect(
    await caseOf(
      3n,
      answering(async () => ({ case: found })),
    ),
  ).toBe(found);
  const silent = async () => {
    throw new R3mesError({ code: "NODE_UNREACHABLE", url: "http://x", reason: "refused" });
  };
  await expect(caseOf(3n, answering(silent))).rejects.toMatchObject({ code: "NODE_UNREACHABLE" });
});
