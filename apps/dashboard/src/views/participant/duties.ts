/** Open duties of an account, read from its leases, its submissions and its seats in audits, the most urgent first. */
import type { Audit, Lease, Round, Submission } from "../../api/records.ts";

export type Duty = {
  readonly key: string;
  readonly what: string;
  readonly phase: string;
  readonly submissionId: number;
  /** Last height at which it can be done. */
  readonly endHeight: number;
};

export type DutySources = {
  readonly leases: readonly Pick<Lease, "id" | "status" | "endHeight">[];
  /** Submissions of the account that are committed. */
  readonly committed: readonly Pick<Submission, "id" | "poolId" | "round" | "status">[];
  readonly rounds: readonly Pick<Round, "poolId" | "number" | "phase" | "endHeight">[];
  readonly audits: readonly Pick<
    Audit,
    "submissionId" | "draw" | "phase" | "endHeight" | "miner" | "step" | "seats"
  >[];
};

export function dutiesOf(address: string, sources: DutySources): readonly Duty[] {
  const { leases, committed, rounds, audits } = sources;
  const training = leases
    .filter(({ status }) => status === "leased")
    .map(({ id, status, endHeight }) => ({
      key: `lease ${id}`,
      what: "Train and commit",
      phase: status,
      submissionId: id,
      endHeight,
    }));
  const revealing = committed.flatMap(({ id, poolId, round, status }) => {
    const open = rounds.find(
      (each) => each.poolId === poolId && each.number === round && each.phase === "reveal",
    );
    if (open === undefined || status !== "committed") return [];
    const { phase, endHeight } = open;
    return [{ key: `reveal ${id}`, what: "Reveal the work", phase, submissionId: id, endHeight }];
  });
  const auditing = audits.flatMap((audit) => {
    const what = auditDuty(address, audit);
    if (what === null) return [];
    const { submissionId, draw, phase, endHeight } = audit;
    return [{ key: `audit ${submissionId} ${draw}`, what, phase, submissionId, endHeight }];
  });
  return [...training, ...revealing, ...auditing].sort(
    (one, other) => one.endHeight - other.endHeight,
  );
}

function auditDuty(
  address: string,
  { phase, miner, step, seats }: Pick<Audit, "phase" | "miner" | "step" | "seats">,
): string | null {
  if (phase === "opening" && miner === address) return `Open step ${step}`;
  const seat = seats.find(({ verifier }) => verifier === address);
  if (seat === undefined) return null;
  if (phase === "commit" && seat.commitment === null) return `Check step ${step}`;
  if (phase === "reveal" && seat.verdict === null) return `Reveal the verdict on step ${step}`;
  return null;
}
