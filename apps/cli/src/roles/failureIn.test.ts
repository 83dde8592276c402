import { R3mesError } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { failureIn } from "./failureIn.ts";

test("the last word of a process is the failure of the command that ran it", () => {
  const said = new R3mesError({ code: "PARTICIPANT_RUNNING", folder: ["m", [1, null]], pid: 7 });
  expect(failureIn(JSON.stringify(said))).toMatchObject({
    code: "PARTICIPANT_RUNNING",
    message: said.message,
  });
});

test.each([
  "Killed",
  '{"code":"LEASE_EXPIRED","facts":}',
  '{"code":"ERR_OF_A_LIBRARY","facts":{}}',
  '{"code":"LEASE_EXPIRED"}',
  '{"code":"toString","facts":{}}',
])("%s is no such word", (line) => expect(failureIn(line)).toBeUndefined());
