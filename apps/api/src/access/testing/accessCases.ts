/** What holds of rates and admission, wherever they are counted. Each case gets counts that nobody else uses. */
import { R3mesError } from "@r3mes/protocol";
import { expect } from "vitest";
import type { KeyRecord } from "../../accounts/createKeys.ts";
import { createAccess } from "../createAccess.ts";
import type { Rates } from "../rates.ts";

const code = (name: string) => expect.objectContaining({ code: name });

interface Limits {
  readonly key?: number;
  readonly address?: number;
  readonly knock?: number;
  readonly read?: number;
}

export function accessOn(rates: Rates, limits: Limits) {
  return createAccess(
    {
      requestsPerMinute: limits.key ?? 100,
      requestsPerMinuteOfAddress: limits.address ?? 100,
      readsPerMinuteOfAddress: limits.read ?? 100,
      knocksPerMinute: limits.knock ?? 100,
    },
    {
      rates,
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

const from = (key: string, address = "127.0.0.1") => ({
  authorization: `Bearer ${key}`,
  address,
});

export const accessCases: Readonly<Record<string, (rates: Rates) => Promise<void>>> = {
  async "a key has its rate, and is told what is left and when to come back"(rates) {
    const access = accessOn(rates, { key: 2 });
    const first = await access.admit(from("one"), "inference");
    expect(first.rate).toMatchObject({ limit: 2, remaining: 1 });
    expect(first.rate.resetS).toBeGreaterThan(0);
    expect(first.rate.resetS).toBeLessThanOrEqual(60);
    await access.admit(from("one"), "inference");
    await expect(access.admit(from("one"), "inference")).rejects.toThrow(
      expect.objectContaining({
        code: "RATE_EXCEEDED",
        facts: { limit: 2, retryAfterS: expect.any(Number) },
      }),
    );
    await access.admit(from("two"), "inference");
  },
  async "an address has its rate, whatever keys it tries"(rates) {
    const access = accessOn(rates, { address: 2 });
    for (let i = 0; i < 2; i += 1) {
      await expect(access.admit(from("wrong"), "inference")).rejects.toThrow(code("KEY_UNKNOWN"));
    }
    await expect(access.admit(from("right"), "inference")).rejects.toThrow(code("RATE_EXCEEDED"));
    await access.admit(from("right", "127.0.0.2"), "inference");
  },
  async "who comes without a key has a smaller rate"(rates) {
    const access = accessOn(rates, { knock: 1 });
    await access.knock("::1");
    await expect(access.knock("::1")).rejects.toThrow(code("RATE_EXCEEDED"));
    await access.admit(from("one", "::1"), "inference");
  },
  async "reads are counted by their address, this machine's own not"(rates) {
    const access = accessOn(rates, { read: 1, address: 1 });
    for (const address of ["192.0.2.1", "192.0.2.2", "127.0.0.1", "127.0.0.1"]) {
      await access.read(address);
    }
    await expect(access.read("192.0.2.1")).rejects.toThrow(code("RATE_EXCEEDED"));
    await access.admit(from("one", "192.0.2.1"), "inference");
  },
  async "a network of IPv6 has the rate of one address"(rates) {
    const access = accessOn(rates, { address: 1 });
    await access.knock("2001:db8::1");
    await expect(access.knock("2001:db8::2")).rejects.toThrow(code("RATE_EXCEEDED"));
    const other = from("one", "2001:db8::3");
    await expect(access.admit(other, "inference")).rejects.toThrow(code("RATE_EXCEEDED"));
    await access.knock("2001:db8:0:1::1");
  },
  async "many at once are counted one by one"(rates) {
    const access = accessOn(rates, { key: 5 });
    const tries = await Promise.allSettled(
      Array.from({ length: 12 }, () => access.admit(from("busy"), "inference")),
    );
    expect(tries.filter(({ status }) => status === "fulfilled").length).toBe(5);
  },
};
