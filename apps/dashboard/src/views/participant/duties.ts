/** Open duties of an account: from its disputes, its leases, its submissions and its seats in audits, the most urgent first. */
import type { Audit, Case, Lease, Round, Submission } from "../../api/records.ts";

export type Duty = {
  readonly key: string;
  readonly what: string;
  readonly phase: string;
  readonly subject: { readonly kind: "submission" | "case"; readonly id: number };
  /** Last height at which it can be done; of a dispute, the blocks that its clock had left when the turn began. */
  readonly until: { readonly height: number } | { readonly blocks: number };
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
  readonly cases: readonly Pick<Case, "id" | "toMove" | "blocksLeft" | "outcome">[];
};

export function dutiesOf(address: string, sources: DutySources): readonly Duty[] {
  const { leases, committed, rounds, audits, cases } = sources;
  const training = leases
    .filter(({ status }) => status === "leased")
    .map(({ id, status, endHeight }) => ({
      key: `lease ${id}`,
      what: "Train and commit",
      phase: status,
      ...ofSubmission(id, endHeight),
    }));
  const revealing = committed.flatMap(({ id, poolId, round, status }) => {
    const open = rounds.find(
      (each) => each.poolId === poolId && each.number === round && each.phase === "reveal",
    );
    if (open === undefined || status !== "committed") return [];
    const { phase, endHeight } = open;
    const what = "Reveal the work";
    return [{ key: `reveal ${id}`, what, phase, ...ofSubmission(id, endHeight) }];
  });
  const auditing = audits.flatMap((audit) => {
    const what = auditDuty(address, audit);
    if (what === null) return [];
    const { submissionId, draw, phase, endHeight } = audit;
    const key = `audit ${submissionId} ${draw}`;
    return [{ key, what, phase, ...ofSubmission(submissionId, endHeight) }];
  });
  const timed = [...training, ...revealing, ...auditing].sort(
    (one, other) => one.until.height - other.until.height,
  );
  // Who is silent in a dispute loses more than a chunk: it comes first.
  return [...cases.flatMap((one) => answerDue(address, one)), ...timed];
}

function ofSubmission(id: number, height: number) {
  return { subject: { kind: "submission", id }, until: { height } } as const;
}

function answerDue(
  address: string,
  { id, toMove, blocksLeft, outcome }: DutySources["cases"][number],
): Duty[] {
  if (outcome !== null || toMove !== address) return [];
  const subject = { kind: "case", id } as const;
  const until = { blocks: blocksLeft ?? 0 };
  return [{ key: `case ${id}`, what: "Answer in a dispute", phase: "open", subject, until }];
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
