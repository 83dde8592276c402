/** What a chain says of pay in the events of its blocks, from the first on. */
import { type ChainRpc, decodeEvent, type RawEvent } from "@r3mes/chain-client";
import {
  EventRewardCreditedSchema,
  EventRewardEpochClosedSchema,
  EventSubmissionChangedSchema,
  SubmissionStatus,
} from "@r3mes/protocol/messages";

export interface Credit {
  readonly height: bigint;
  readonly owner: string;
  readonly amount: bigint;
}

export interface ClosedEpoch {
  readonly minted: bigint;
  /** Submissions that were accepted in it. */
  readonly accepted: readonly bigint[];
}

export interface Pay {
  readonly epochs: readonly ClosedEpoch[];
  /** By submission, in the order in which they matured. */
  readonly credits: ReadonlyMap<bigint, readonly Credit[]>;
}

export async function readPay(rpc: ChainRpc): Promise<Pay> {
  const epochs: ClosedEpoch[] = [];
  const credits = new Map<bigint, Credit[]>();
  let accepted: bigint[] = [];
  const { latestHeight } = await rpc.status();
  for (let height = 1n; height < latestHeight; height += 1n) {
    const { blockEvents } = await rpc.blockResults(height);
    for (const event of blockEvents) {
      const credit = decodeEvent(EventRewardCreditedSchema, event);
      if (credit !== undefined) {
        const { submissionId, owner, amount } = credit;
        credits.set(submissionId, [
          ...(credits.get(submissionId) ?? []),
          { height, owner, amount },
        ]);
      }
      accepted.push(...acceptedBy(event));
      const closed = decodeEvent(EventRewardEpochClosedSchema, event);
      if (closed !== undefined) {
        epochs.push({ minted: closed.minted, accepted });
        accepted = [];
      }
    }
  }
  return { epochs, credits };
}

function acceptedBy(event: RawEvent): readonly bigint[] {
  const changed = decodeEvent(EventSubmissionChangedSchema, event);
  return changed?.status === SubmissionStatus.ACCEPTED ? [changed.submissionId] : [];
}
