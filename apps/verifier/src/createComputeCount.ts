/** Counts what a verifier's device computes, in processor time: what is run again for audits apart from the sample of the held-out loss. */
import type { Computed, RunTime } from "@r3mes/participant";
import type { Metrics } from "@r3mes/service";

export interface ComputeCount {
  readonly onAudit: (time: RunTime) => void;
  readonly onEvaluation: (time: RunTime) => void;
  /** All audits and cases of this life. */
  readonly audited: () => Computed;
}

export function createComputeCount(metrics: Pick<Metrics, "counter">): ComputeCount {
  const audits = metrics.counter({
    name: "r3mes_verifier_audit_seconds_total",
    help: "Processor time of the steps that the device ran for audits and cases.",
  });
  const evaluations = metrics.counter({
    name: "r3mes_verifier_evaluation_seconds_total",
    help: "Processor time of the sample of the held-out loss on the device.",
  });
  let audited: Computed = { steps: 0, seconds: 0 };
  return {
    onAudit({ ranMs }) {
      audits.inc(ranMs / 1_000);
      audited = { steps: audited.steps + 1, seconds: audited.seconds + ranMs / 1_000 };
    },
    onEvaluation: ({ ranMs }) => evaluations.inc(ranMs / 1_000),
    audited: () => audited,
  };
}
