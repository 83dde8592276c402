/** A verifier that calls all work invalid, and names a root that nobody computed. */
import { toHex } from "@r3mes/protocol";
import { alterRecords } from "./alterRecords.ts";
import { isVerdict, type VerifierCheat } from "./verifierCheats.ts";

export const lyingVerifier: VerifierCheat = (deps) => ({
  ...deps,
  journal: alterRecords(deps.journal, isVerdict, async (verdict) => ({
    ...verdict,
    verdict: "invalid" as const,
    root: toHex(deps.salt()),
    digest: toHex(deps.salt()),
    reason: "a lie",
  })),
});
