/**
 * Whether every kernel computes known bytes, by cases of the operation suite. An engine that compiles with an experiment may be wrong
 * in any of them, so the products, which the self-test tries, do not vouch for the others.
 */
import { fromHex, R3mesError, sha256, toHex } from "@r3mes/protocol";
import { joinCases } from "../../ops/joinCases.ts";
import {
  decodeOperationCases,
  type OperationCase,
  operationCases,
} from "../../ops/operation.case.ts";
import { runCasePlain } from "../../ops/runCasePlain.ts";
import { runOperationCase } from "../../ops/runOperationCase.ts";
import type { Backend } from "../backend.ts";

/** Together they reach every kernel, with values that are ordinary and values that hurt. */
const CHOSEN: readonly string[] = [
  "quantise to 8 bits: uneven rows",
  "quantise to 12 bits: the ends of i32",
  "norm in chunks of 64: uneven rows",
  "norm with an epsilon of 1e-5",
  "linear, rank 4, adam: all 127 against all 1, saturating",
  "linear, rank 16, lion: random",
  "linear, a residual at both ends of its format",
  "gate: uneven rows",
  "attention 4/2 x 40, its gradients at once: uneven rows and zero rows",
  "head: random",
  "head: one certain token",
  "cache.append joins past and next in every head",
  "decode at 10, 3: sequences of two tokens",
  "factors of a sequence: runs of tokens, no row of zeros",
  "sums that pass the end of their format: 9 sequences",
];

/** Hash of the hashes of what the definition shows of them and leaves behind. */
const KNOWN = "d562d1a00630d11ced0526b1c5fa5fb43abcca7bf70150a7e3f34a9c4cf229b7";

/** The chosen cases as one program. */
function chosenCases(): OperationCase {
  const all = [...operationCases, ...decodeOperationCases];
  return joinCases(all.filter(({ name }) => CHOSEN.includes(name)));
}

/** True if a backend shows and leaves what the definition does. */
export async function passesCases(backend: Backend): Promise<boolean> {
  try {
    return (await rootOfCases(backend)) === KNOWN;
  } catch (error) {
    if (error instanceof R3mesError && error.code === "KERNEL_TRAPPED") return false;
    throw error;
  }
}

async function rootOfCases(backend: Backend): Promise<string> {
  const joined = chosenCases();
  const shown = await runOperationCase(backend, joined);
  const plain = await runCasePlain(backend, joined);
  return toHex(sha256(fromHex([...Object.values(shown), ...Object.values(plain)].join(""))));
}
