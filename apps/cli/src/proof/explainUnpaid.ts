/** Work that earned nothing though nobody was fined for it: submissions that could not be checked, sums that were not adopted. */
import { decodeEvent } from "@r3mes/chain-client";
import { equalBytes, toHex } from "@r3mes/protocol";
import {
  EventAdapterAdoptedSchema,
  EventAttestedSchema,
  EventSubmissionChangedSchema,
  SubmissionStatus,
} from "@r3mes/protocol/messages";
import type { PlacedEvent } from "./readEvents.ts";

export type ExplainedUnpaid = {
  readonly what: "submission" | "sum";
  readonly pool: string;
  readonly round: number;
  /** Of the submission; absent for a sum. */
  readonly submission?: string;
  readonly lines: readonly string[];
};

export function explainUnpaid(owner: string, events: readonly PlacedEvent[]): ExplainedUnpaid[] {
  return [...uncountedWork(owner, events), ...otherSums(owner, events)];
}

function uncountedWork(owner: string, events: readonly PlacedEvent[]): ExplainedUnpaid[] {
  return events.flatMap(({ height, event }) => {
    const changed = decodeEvent(EventSubmissionChangedSchema, event);
    if (changed?.miner !== owner || changed.status !== SubmissionStatus.UNCOUNTED) return [];
    const { submissionId, poolId, round } = changed;
    return [
      {
        what: "submission" as const,
        pool: String(poolId),
        round,
        submission: String(submissionId),
        lines: [
          `submission ${submissionId} in round ${round} of pool ${poolId}, uncounted at height ${height}`,
          "  its auditors could not check it in any of its draws: it is in no sum and earns nothing",
        ],
      },
    ];
  });
}

/** Of each round the last word counts: an attestation may have taken the place of another. */
function otherSums(owner: string, events: readonly PlacedEvent[]): ExplainedUnpaid[] {
  const attested = events.flatMap(({ height, event }) => {
    const said = decodeEvent(EventAttestedSchema, event);
    return said?.verifier === owner ? [{ ...said, height }] : [];
  });
  return events.flatMap(({ event }) => {
    const adopted = decodeEvent(EventAdapterAdoptedSchema, event);
    if (adopted === undefined) return [];
    const { poolId, round } = adopted;
    const said = attested.findLast((one) => one.poolId === poolId && one.round === round);
    if (said === undefined || equalBytes(said.root, adopted.root)) return [];
    return [
      {
        what: "sum" as const,
        pool: String(poolId),
        round,
        lines: [
          `sum of round ${round} of pool ${poolId}, attested at height ${said.height}: not adopted`,
          `  attested ${toHex(said.root)}${without(said.leftOut)}`,
          `  adopted  ${toHex(adopted.root)}${without(adopted.leftOut)}, by a quorum of the verifiers' bond`,
        ],
      },
    ];
  });
}

function without(leftOut: readonly bigint[]): string {
  if (leftOut.length === 0) return "";
  return `, without ${leftOut.length === 1 ? "submission" : "submissions"} ${leftOut.join(", ")}`;
}
