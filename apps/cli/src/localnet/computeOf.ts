/** What the audits of a network cost beside its training, from what its miners and verifiers say of their devices. Pure. */
import type { Hyperparameters, RoundParams } from "@r3mes/protocol/messages";
import type { Said } from "./saidBy.ts";

/** What all devices have computed since their processes began. */
export type ComputeStatus = {
  readonly trainingSeconds: number;
  /** Steps that verifiers ran again for audits; what a case or a withheld update has trained again is no part of it. */
  readonly auditSeconds: number;
  /** Audits for each hundred seconds of training. */
  readonly auditPercent: number;
  /**
   * What they come to over many rounds: one step of each chunk for each of its auditors, and a fifth. Of a few rounds, whose audits are
   * in before their chunks are counted or long after, it is no bound.
   */
  readonly auditPercentExpected: number;
};

type PoolSteps = {
  readonly hyperparameters?: Pick<Hyperparameters, "localSteps"> | undefined;
};
type AuditParams = {
  readonly round?: Pick<RoundParams, "verifiersPerSubmission" | "fullReplayPpm"> | undefined;
};

/** What an audit may cost beyond the steps that it runs again. */
const allowance = 1.2;

/** Null until a miner has trained a chunk. Who began later than others has seen less: only long lives tell a share. */
export function computeOf(
  said: readonly Pick<Said, "status">[],
  pools: readonly PoolSteps[],
  params: AuditParams | undefined,
): ComputeStatus | null {
  const secondsOf = (role: string) =>
    said.reduce(
      (sum, { status }) => sum + (status?.role === role ? (status.computed?.seconds ?? 0) : 0),
      0,
    );
  const [training, audits] = [secondsOf("miner"), secondsOf("verifier")];
  if (training === 0) return null;
  return {
    trainingSeconds: rounded(training),
    auditSeconds: rounded(audits),
    auditPercent: rounded((100 * audits) / training),
    auditPercentExpected: rounded(100 * allowance * shareOfAudits(pools, params)),
  };
}

/** Each of k auditors runs one of H steps again, or all of them besides in so many of a million audits. */
function shareOfAudits(pools: readonly PoolSteps[], params: AuditParams | undefined): number {
  const steps = pools.map(({ hyperparameters }) => hyperparameters?.localSteps ?? 1);
  const { verifiersPerSubmission = 0, fullReplayPpm = 0 } = params?.round ?? {};
  return verifiersPerSubmission * (1 / Math.min(...steps) + fullReplayPpm / 1_000_000);
}

function rounded(value: number): number {
  return Math.round(10 * value) / 10;
}
