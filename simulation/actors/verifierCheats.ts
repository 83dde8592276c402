/** Verifiers that break the rules: the product's verifier with one of its ports bent. */
import { R3mesError, toHex } from "@r3mes/protocol";
import type { VerifierDeps } from "../../apps/verifier/src/verifierDeps.ts";
import type {
  FindingRecord,
  VerdictRecord,
  VerifierRecord,
} from "../../apps/verifier/src/verifierRecord.ts";
import { alterRecords } from "./alterRecords.ts";
import { skipSteps } from "./skipSteps.ts";

export type VerifierCheat = (deps: VerifierDeps) => VerifierDeps;

/** Takes a larger outer step than the pool asks for, and stands by the sum that it gives: in a case it goes down to the tile. */
export const wrongSum: VerifierCheat = (deps) => ({
  ...deps,
  async openPool(id) {
    const pool = await deps.openPool(id);
    const { plan } = pool.opened;
    const outer = { ...plan.outer, learningRate: plan.outer.learningRate + 1 };
    return { ...pool, opened: { ...pool.opened, plan: { ...plan, outer } } };
  },
});

/** Calls everything valid and runs nothing; the digest that only a run gives it has to invent. */
const lazy: VerifierCheat = (deps) => ({
  ...deps,
  // States are what an audit begins with: without them the honest program has nothing to run.
  async bring(cid) {
    throw new R3mesError({ code: "CONTENT_UNAVAILABLE", cid });
  },
  async openPool(id) {
    const pool = await deps.openPool(id);
    const training = async () => skipSteps(await pool.training());
    return { ...pool, training, replay: training };
  },
  journal: alterRecords(deps.journal, isVerdict, async (verdict) => {
    const { submission } = await deps.query.submission({ id: BigInt(verdict.submission) });
    const { reason: _reason, ...rest } = verdict;
    return {
      ...rest,
      verdict: "valid" as const,
      root: toHex(submission!.opening!.rootAfter),
      digest: toHex(deps.salt()),
    };
  }),
});

/** Says of everything that it cannot be checked: it runs nothing, is never fined, and has the work drawn again. */
export const shrug: VerifierCheat = (deps) => ({
  ...deps,
  async bring(cid) {
    throw new R3mesError({ code: "CONTENT_UNAVAILABLE", cid });
  },
});

export const verifierCheats: Readonly<Record<string, VerifierCheat>> = {
  "wrong-sum": wrongSum,
  "lazy-verifier": lazy,
};

export function isVerdict(record: VerifierRecord): record is VerdictRecord {
  return record.kind === "verdict";
}

export function isFinding(record: VerifierRecord): record is FindingRecord {
  return record.kind === "finding";
}
