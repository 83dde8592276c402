import { EventAttestedSchema } from "@r3mes/protocol/messages";
import { expect, test } from "vitest";
import { explainUnpaid } from "./explainUnpaid.ts";
import type { PlacedEvent } from "./readEvents.ts";

const base64 = (byte: number) => Buffer.alloc(32, byte).toString("base64");

/** An event as CometBFT gives it: each field as JSON text. */
function placed(name: string, fields: Readonly<Record<string, unknown>>): PlacedEvent {
  const type = EventAttestedSchema.typeName.replace("EventAttested", name);
  const attributes = Object.entries(fields).map(([key, value]) => ({
    key,
    value: JSON.stringify(value),
  }));
  return { height: 9n, event: { type, attributes } as PlacedEvent["event"] };
}

const place = { pool_id: "1", round: 2 };

test("a submission that nobody could check, and a sum that was not adopted, are told with why", () => {
  const events = [
    placed("EventSubmissionChanged", {
      ...place,
      submission_id: "7",
      miner: "me",
      status: "SUBMISSION_STATUS_UNCOUNTED",
    }),
    placed("EventAttested", { ...place, verifier: "me", root: base64(1) }),
    placed("EventAdapterAdopted", { ...place, adapter_id: "2", root: base64(2) }),
  ];
  const found = explainUnpaid("me", events);
  expect(found.map(({ what }) => what)).toEqual(["submission", "sum"]);
  expect(found[0]!.lines[0]).toContain("submission 7 in round 2 of pool 1");
  expect(found[1]!.lines.join()).toContain("02".repeat(32));
  expect(explainUnpaid("other", events)).toEqual([]);
});

test("who attested what was adopted, and whose work was accepted, has nothing to explain", () => {
  const events = [
    placed("EventSubmissionChanged", {
      ...place,
      submission_id: "7",
      miner: "me",
      status: "SUBMISSION_STATUS_ACCEPTED",
    }),
    placed("EventAttested", { ...place, verifier: "me", root: base64(2) }),
    placed("EventAdapterAdopted", { ...place, adapter_id: "2", root: base64(2) }),
  ];
  expect(explainUnpaid("me", events)).toEqual([]);
});

test("an attestation that another replaced is not explained, and work that a sum leaves out is named", () => {
  const adopted = placed("EventAdapterAdopted", {
    ...{ ...place, adapter_id: "2", root: base64(2), left_out: ["7", "9"] },
  });
  const first = placed("EventAttested", { ...place, verifier: "me", root: base64(1) });
  const second = placed("EventAttested", {
    ...{ ...place, verifier: "me", root: base64(2), left_out: ["7", "9"] },
  });
  expect(explainUnpaid("me", [first, second, adopted])).toEqual([]);
  const [found] = explainUnpaid("me", [first, adopted]);
  expect(found!.lines.join()).toContain(`${"02".repeat(32)}, without submissions 7, 9`);
});
