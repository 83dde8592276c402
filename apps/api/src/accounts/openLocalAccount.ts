/**
 * The account of an installation and its one key, made at the first start. The key's text goes into a file that only this user reads,
 * so that the programs of this machine can use it; it is printed once.
 */
import { existsSync, readFileSync } from "node:fs";
import { accounts, type Database } from "@r3mes/database";
import { type Clock, writeWhole } from "@r3mes/service";
import type { Keys } from "./createKeys.ts";
import type { Ledger } from "./createLedger.ts";

export interface LocalAccountDeps {
  readonly database: Pick<Database, "sql">;
  readonly keys: Keys;
  readonly ledger: Ledger;
  readonly clock: Clock;
}

const localAccount = "account_local";
/** Whoever runs the machine pays with its time. */
const localCredits = 1_000_000_000_000;

/** @returns the key's text, and whether it was made now */
export async function openLocalAccount(
  keyFile: string,
  { database, keys, ledger, clock }: LocalAccountDeps,
): Promise<{ readonly text: string; readonly isNew: boolean }> {
  await database.sql
    .insert(accounts.accounts)
    .values({ id: localAccount, createdAt: new Date(clock.nowMs()) })
    .onConflictDoNothing();
  await ledger.grant(localAccount, localCredits, "grant_local");
  const known = existsSync(keyFile) ? readFileSync(keyFile, "utf8").trim() : undefined;
  if (known !== undefined && (await isValid(keys, known))) return { text: known, isNew: false };
  const { text } = await keys.create({
    account: localAccount,
    label: "this installation",
    scopes: ["inference", "keys"],
  });
  writeWhole(keyFile, `${text}\n`);
  return { text, isNew: true };
}

async function isValid(keys: Keys, text: string): Promise<boolean> {
  return keys.find(text, "inference").then(
    () => true,
    () => false,
  );
}
