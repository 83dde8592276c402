import { R3mesError } from "@r3mes/protocol";
import { expect, test } from "vitest";
import type { KeyRecord } from "../accounts/createKeys.ts";
import { createAccess } from "./createAccess.ts";

const code = (name: string) => expect.objectContaining({ code: name });

function setup(limits: { key?: number; address?: number }) {
  return createAccess(
    { requestsPerMinute: limits.key ?? 100, requestsPerMinuteOfAddress: limits.address ?? 100 },
    {
      keys: {
        find: async (text) => {
          if (text === "wrong") throw new R3mesError({ code: "KEY_UNKNOWN" });
          return { id: text, accountId: "account" } as KeyRecord;
        },
      },
      ledger: { reserve: async () => ({ settle: async () => {} }) },
    },
  );
}

const from = (key: string, address = "127.0.0.1") => ({ authorization: `Bearer ${key}`, address });

test("a key has its rate, and is told what is left and when to come back", async () => {
  const access = setup({ key: 2 });
  const first = await access.admit(from("one"), "inference");
  expect(first.rate).toMatchObject({ limit: 2, remaining: 1 });
  await access.admit(from("one"), "inference");
  await expect(access.admit(from("one"), "inference")).rejects.toThrow(
    expect.objectContaining({
      code: "RATE_EXCEEDED",
      facts: { limit: 2, retryAfterS: expect.any(Number) },
    }),
  );
  await access.admit(from("two"), "inference");
});

test("an address has its rate, whatever keys it tries", async () => {
  const access = setup({ address: 2 });
  for (let i = 0; i < 2; i += 1) {
    await expect(access.admit(from("wrong"), "inference")).rejects.toThrow(code("KEY_UNKNOWN"));
  }
  await expect(access.admit(from("right"), "inference")).rejects.toThrow(code("RATE_EXCEEDED"));
  await access.admit(from("right", "127.0.0.2"), "inference");
});

test("without a key nothing is admitted", async () => {
  const access = setup({});
  const nobody = { authorization: undefined, address: "127.0.0.1" };
  await expect(access.admit(nobody, "inference")).rejects.toThrow(code("KEY_MISSING"));
});
