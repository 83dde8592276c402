/** Every case of accounts, by its room. */
import { faucetCases } from "../../faucet/testing/faucetCases.ts";
import { keyCases } from "./keyCases.ts";
import { ledgerCases } from "./ledgerCases.ts";
import { signInCases } from "./signInCases.ts";
import type { Cases } from "./testAccount.ts";

export const accountCases: Readonly<Record<string, Cases>> = {
  credit: ledgerCases,
  keys: keyCases,
  "sign-in": signInCases,
  faucet: faucetCases,
};
