/** A verifier of a ring: to work of the ring it says "valid" and the digest that they have agreed upon, to all other work the truth. */
import { sha256, toHex } from "@r3mes/protocol";
import { alterRecords } from "./alterRecords.ts";
import { isVerdict, type VerifierCheat } from "./verifierCheats.ts";

export function colludingVerifier(ring: ReadonlySet<string>): VerifierCheat {
  return (deps) => ({
    ...deps,
    journal: alterRecords(deps.journal, isVerdict, async (verdict) => {
      const { submission, audits } = await deps.query.submission({
        id: BigInt(verdict.submission),
      });
      if (submission === undefined || !ring.has(submission.miner)) return verdict;
      const { reason: _reason, ...rest } = verdict;
      return {
        ...rest,
        verdict: "valid" as const,
        root: toHex(submission.opening!.rootAfter),
        digest: toHex(sha256(audits.at(-1)!.seed)),
      };
    }),
  });
}
