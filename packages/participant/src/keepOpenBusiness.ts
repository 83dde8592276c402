/**
 * What the journal of a participant keeps when it is written anew: whatever a later life may ask for. What its own role promises, it
 * names itself. Loaded before anything else of a process, so it knows records and nothing that computes.
 */
import { keepOpenTransactions } from "@r3mes/chain-client";
import { type Keep, keepAll } from "@r3mes/service";
import { keepNewestCases } from "./dispute/caseRecord.ts";
import { keepPayments } from "./earnings.ts";
import { keepNewestBlock } from "./keepToChain.ts";

export function keepOpenBusiness(own: readonly Keep[] = []): Keep {
  return keepAll([keepNewestBlock, keepOpenTransactions, keepPayments, keepNewestCases, ...own]);
}
