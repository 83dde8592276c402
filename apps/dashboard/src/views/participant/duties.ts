/** Open duties of an account, read from its leases and its seats in audits, the most urgent first. */
import type { Audit, Lease } from "../../api/records.ts";

export type Duty = {
  readonly key: string;
  readonly what: string;
  readonly phase: string;
  readonly submissionId: number;
  /** Last height at which it can be done. */
  readonly endHeight: number;
};

export function dutiesOf(
  address: string,
  leases: readonly Pick<Lease, "id" | "status" | "endHeight">[],
  audits: readonly Pick<
    Audit,
    "submissionId" | "draw" | "phase" | "endHeight" | "miner" | "step" | "seats"
  >[],
): readonly Duty[] {
  const training = leases
    .filter(({ status }) => status === "leased")
    .map(({ id, status, endHeight }) => ({
      key: `lease ${id}`,
      what: "Train and commit",
      phase: status,
      submissionId: id,
      endHeight,
    }));
  const auditing = audits.flatMap((audit) => {
    const what = auditDuty(address, audit);
    if (what === null) return [];
    const { submissionId, draw, phase, endHeight } = audit;
    return [{ key: `audit ${submissionId} ${draw}`, what, phase, submissionId, endHeight }];
  });
  return [...training, ...auditing].sort((one, other) => one.endHeight - other.endHeight);
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
