import { FaultSchema } from "@r3mes/protocol/messages";
import { expect, test } from "vitest";
import { faultOf } from "./faults.ts";

const [, ...faults] = FaultSchema.values.map(({ localName }) => localName.toLowerCase());

test.each(faults)("%s is told in words, with what it concerns", (fault) => {
  expect(faultOf(fault).subject).not.toBeNull();
});

test("a fault of a later chain is named as the chain names it", () => {
  expect(faultOf("too_loud")).toMatchObject({ done: "too_loud", subject: null });
});
