/** A refusal of the chain as an error of the catalogue: the module's own code where it has one, the SDK's facts otherwise. */
import { ERRORS, type ErrorCode, errorCodeOfChain, type Facts, R3mesError } from "@r3mes/protocol";

const moduleCodespace = "remes";

export interface ChainRefusal {
  readonly code: number;
  readonly codespace: string;
  readonly log: string;
}

export function refusal({ code, codespace, log }: ChainRefusal, facts: Facts = {}): R3mesError {
  const known = codespace === moduleCodespace ? errorCodeOfChain(code) : undefined;
  if (known !== undefined) return new R3mesError({ ...facts, code: known, log });
  return new R3mesError({ ...facts, code: "CHAIN_REFUSED", codespace, number: code, log });
}

/**
 * The refusal of a query or of a simulated transaction. The SDK answers those with text alone, which ends in the title that the
 * module has registered for its code.
 */
export function refusalInWords(answer: ChainRefusal, facts: Facts = {}): R3mesError {
  const known = codeInText(answer.log);
  if (known === undefined) return refusal(answer, facts);
  return new R3mesError({ ...facts, code: known, log: answer.log });
}

const titles: readonly (readonly [string, ErrorCode])[] = (Object.keys(ERRORS) as ErrorCode[])
  .filter((code) => ERRORS[code].chain !== undefined)
  .map((code) => [ERRORS[code].title, code]);

function codeInText(log: string): ErrorCode | undefined {
  const end = log
    .replace(/ \[[^\]]*\].*$/s, "")
    .replace(/: (unknown request|invalid request|key not found)$/, "");
  return titles.find(([title]) => end.endsWith(`: ${title}`))?.[1];
}

/**
 * Refusals that say nothing about the transaction itself, and the only ones that are tried again: a full mempool, and a clock at zero. A
 * node that has restarted knows no time until its next block, so that every timeout seems too far away to it.
 */
export function isTransient({ code, codespace, log }: ChainRefusal): boolean {
  const [invalidRequest, mempoolIsFull] = [18, 20];
  if (codespace !== "sdk") return false;
  return code === mempoolIsFull || (code === invalidRequest && log.includes("tx ttl exceeds"));
}

/** The node has had the same bytes: they wait for a block, or are in one. */
export function isAlreadyKnown({ code, codespace }: ChainRefusal): boolean {
  const transactionInMempoolCache = 19;
  return codespace === "sdk" && code === transactionInMempoolCache;
}
