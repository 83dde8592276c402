import { R3mesError } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { untilFunded } from "./untilFunded.ts";

function setup() {
  const warned: unknown[] = [];
  const ending = new AbortController();
  const log = { warn: (fields: { address: string }) => warned.push(fields.address) };
  const clock = { sleep: async () => undefined };
  const deps = { address: "remes1poor", clock, log, shutdown: { signal: ending.signal } };
  return { deps: deps as unknown as Parameters<typeof untilFunded>[0], warned, ending };
}

test("an account without funds waits for them, and says once which account it is", async () => {
  const { deps, warned } = setup();
  const refusals = [
    new R3mesError({ code: "ACCOUNT_UNKNOWN", address: "remes1poor" }),
    new R3mesError({ code: "FUNDS_INSUFFICIENT" }),
    new R3mesError({ code: "CHAIN_REFUSED", log: "1uremes: insufficient fee" }),
  ];
  const done = await untilFunded(deps, async () => {
    const refusal = refusals.shift();
    if (refusal !== undefined) throw refusal;
    return "bonded";
  });
  expect([done, warned]).toEqual(["bonded", ["remes1poor"]]);
});

test("another refusal is not waited out, and the end of the process ends the waiting", async () => {
  const { deps, ending } = setup();
  const other = new R3mesError({ code: "PHASE_WRONG" });
  await expect(untilFunded(deps, () => Promise.reject(other))).rejects.toBe(other);
  const poor = async () => {
    ending.abort(new Error("ended"));
    throw new R3mesError({ code: "FUNDS_INSUFFICIENT" });
  };
  await expect(untilFunded(deps, poor)).rejects.toThrow("ended");
});
