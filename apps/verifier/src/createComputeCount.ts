/**
 * Counts what a verifier's device computes, in processor time: audits, which every submission has, apart from what only a case, an inquiry
 * or a withheld update has trained again, and from the sample of the held-out loss.
 */
import type { Computed, RunTime } from "@r3mes/participant";
import type { Metrics } from "@r3mes/service";

export interface ComputeCount {
  readonly onAudit: (time: RunTime) => void;
  readonly onReplay: (time: RunTime) => void;
  readonly onEvaluation: (time: RunTime) => void;
  readonly onUpdateMade: () => void;
  /** All audits of this life. */
  readonly audited: () => Computed;
}

export function createComputeCount(metrics: Pick<Metrics, "counter">): ComputeCount {
  const audits = metrics.counter({
    name: "r3mes_verifier_audit_seconds_total",
    help: "Processor time of the steps that the device ran for audits.",
  });
  const replays = metrics.counter({
    name: "r3mes_verifier_replay_seconds_total",
    help: "Processor time of the steps that the device ran for cases, for inquiries and for updates that nobody offered.",
  });
  const updates = metrics.counter({
    name: "r3mes_verifier_updates_made_total",
    help: "Accepted updates that nobody offered and that were made by training their chunks again.",
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
    onReplay: ({ ranMs }) => replays.inc(ranMs / 1_000),
    onUpdateMade: () => updates.inc(),
    onEvaluation: ({ ranMs }) => evaluations.inc(ranMs / 1_000),
    audited: () => audited,
  };
}
