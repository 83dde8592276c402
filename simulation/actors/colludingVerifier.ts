/**
 * A verifier of a ring, which lies where a lie pays. To work of the ring that it found wrong it says "valid" if only the ring is asked: another
 * would open a case. What nobody can have, nobody else can vouch for or prove wrong: that is "valid", too. Of convicted work of the ring it
 * finds nothing wrong. All else is the truth, which is paid.
 */
import { sha256, toHex } from "@r3mes/protocol";
import { alterRecords } from "./alterRecords.ts";
import { isFinding, isVerdict, type VerifierCheat } from "./verifierCheats.ts";

/** `ring` are the addresses of its miners and of its verifiers. */
export function colludingVerifier(ring: ReadonlySet<string>): VerifierCheat {
  return (deps) => {
    const hiding = alterRecords(deps.journal, isFinding, async (finding) => {
      const { submission } = await deps.query.submission({ id: BigInt(finding.submission) });
      const { wrong: _wrong, ...right } = finding;
      return ring.has(submission!.miner) ? right : finding;
    });
    const journal = alterRecords(hiding, isVerdict, async (verdict) => {
      const { submission, audits } = await deps.query.submission({
        id: BigInt(verdict.submission),
      });
      if (submission === undefined || !ring.has(submission.miner)) return verdict;
      const { seats, seed } = audits.at(-1)!;
      const isAmongUs = seats.every(({ verifier }) => ring.has(verifier));
      if (!isAmongUs && verdict.verdict !== "cannotCheck") return verdict;
      const { reason: _reason, ...rest } = verdict;
      return {
        ...rest,
        verdict: "valid" as const,
        root: toHex(submission.opening!.rootAfter),
        // What they have agreed upon: neither has to run anything.
        digest: toHex(sha256(seed)),
      };
    });
    return { ...deps, journal };
  };
}
