import { readdirSync, readFileSync } from "node:fs";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { VERDICTS } from "./commitment/verdictCommitment.ts";
import { MsgCommitSchema, Verdict } from "./messages.ts";

test("every generated file of the protocol is behind the door", () => {
  const door = readFileSync(new URL("messages.ts", import.meta.url), "utf8");
  const generated = readdirSync(new URL("gen/proto/remes/v1", import.meta.url));
  const exported = [...door.matchAll(/remes\/v1\/(\w+_pb\.ts)"/g)].map(([, file]) => file);
  expect(exported).toEqual(generated.sort());
});

test("a message comes back from its bytes", () => {
  const message = create(MsgCommitSchema, { operator: "remes1x", leaseId: 2n ** 64n - 1n });
  expect(fromBinary(MsgCommitSchema, toBinary(MsgCommitSchema, message))).toEqual(message);
});

test("verdicts have the numbers in commitments that they have in messages", () => {
  const { VALID, INVALID, CANNOT_CHECK, UPDATE_INVALID } = Verdict;
  expect(VERDICTS).toEqual({
    valid: VALID,
    invalid: INVALID,
    cannotCheck: CANNOT_CHECK,
    updateInvalid: UPDATE_INVALID,
  });
});
