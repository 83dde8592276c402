/** A verifier that calls all work invalid, names a root that nobody computed, and finds a fault in whatever it is asked about. */
import { toHex } from "@r3mes/protocol";
import { alterRecords } from "./alterRecords.ts";
import { isFinding, isVerdict, type VerifierCheat } from "./verifierCheats.ts";

export const lyingVerifier: VerifierCheat = (deps) => {
  const accusing = alterRecords(deps.journal, isFinding, async (finding) => ({
    ...finding,
    wrong: "drawn step" as const,
  }));
  const journal = alterRecords(accusing, isVerdict, async (verdict) => ({
    ...verdict,
    verdict: "invalid" as const,
    root: toHex(deps.salt()),
    digest: toHex(deps.salt()),
    reason: "a lie",
  }));
  return { ...deps, journal };
};
