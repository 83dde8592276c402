import { R3mesError } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { dutiesOf } from "./dutiesOf.ts";

const refusing = (error: Error) => ({ duties: () => Promise.reject(error) });

test("who holds no role owes nothing", async () => {
  const unknown = new R3mesError({ code: "PARTICIPANT_NOT_FOUND" });
  expect(await dutiesOf(refusing(unknown), "remes1challenger")).toEqual([]);
});

test("any other refusal is told", async () => {
  const away = new R3mesError({ code: "NODE_UNREACHABLE", url: "http://127.0.0.1:1" });
  await expect(dutiesOf(refusing(away), "remes1challenger")).rejects.toBe(away);
});
