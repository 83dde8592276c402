import { R3mesError } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { untilFunded } from "./untilFunded.ts";

function setup() {
  const told: unknown[] = [];
  const ending = new AbortController();
  const tell = (level: string) => (fields: { address: string }) =>
    told.push([level, fields.address]);
  const log = { info: tell("info"), warn: tell("warn") };
  const clock = { sleep: async () => undefined };
  const deps = { address: "remes1poor", clock, log, shutdown: { signal: ending.signal } };
  return { deps: deps as unknown as Parameters<typeof untilFunded>[0], told, ending };
}

const unknown = new R3mesError({ code: "ACCOUNT_UNKNOWN", address: "remes1poor" });
const poor = new R3mesError({ code: "FUNDS_INSUFFICIENT" });

test.each([
  { first: unknown, level: "info" },
  { first: poor, level: "warn" },
])(
  "an account without funds waits for them, and says once which account it is: $level",
  async ({ first, level }) => {
    const { deps, told } = setup();
    const refused = new R3mesError({ code: "CHAIN_REFUSED", log: "1uremes: insufficient fee" });
    const refusals = [first, poor, refused];
    const done = await untilFunded(deps, async () => {
      const refusal = refusals.shift();
      if (refusal !== undefined) throw refusal;
      return "bonded";
    });
    expect([done, told]).toEqual(["bonded", [[level, "remes1poor"]]]);
  },
);

test("another refusal is not waited out, and the end of the process ends the waiting", async () => {
  const { deps, ending } = setup();
  const other = new R3mesError({ code: "PHASE_WRONG" });
  await expect(untilFunded(deps, () => Promise.reject(other))).rejects.toBe(other);
  const endingPoor = async () => {
    ending.abort(new Error("ended"));
    throw poor;
  };
  await expect(untilFunded(deps, endingPoor)).rejects.toThrow("ended");
});
