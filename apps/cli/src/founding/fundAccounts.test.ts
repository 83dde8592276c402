import type { Participant } from "@r3mes/participant";
import { R3mesError } from "@r3mes/protocol";
import type { JournalRecord } from "@r3mes/service";
import { expect, test } from "vitest";
import { fundAccounts } from "./fundAccounts.ts";

/** A chain on which these addresses have an account, and a journal that does not know of it. */
function setup(existing: readonly string[]) {
  const accounts = new Set(existing);
  const records: JournalRecord[] = [];
  const transactions: number[] = [];
  const participant = {
    address: "founder",
    journal: { records, append: async (record: JournalRecord) => void records.push(record) },
    submit: async (messages: readonly unknown[]) => void transactions.push(messages.length),
  } as unknown as Pick<Participant, "journal" | "address" | "submit">;
  const hasAccount = async (address: string) => accounts.has(address);
  return { participant, hasAccount, transactions };
}

test("an account that was funded before a kill is not funded again", async () => {
  const { participant, hasAccount, transactions } = setup(["one"]);
  expect(await fundAccounts(["one", "two"], participant, hasAccount)).toBe(1);
  expect(await fundAccounts(["one", "two"], participant, hasAccount)).toBe(0);
  expect(transactions).toEqual([1]);
});

test("a node that cannot answer stops the funding before anything is sent", async () => {
  const { participant, transactions } = setup([]);
  const away = async () => {
    throw new R3mesError({ code: "NODE_UNREACHABLE", url: "u", reason: "refused" });
  };
  await expect(fundAccounts(["one"], participant, away)).rejects.toMatchObject({
    code: "NODE_UNREACHABLE",
  });
  expect(transactions).toEqual([]);
});
