/**
 * Rebuilds an adapter version from what its miners published: the sum of the accepted updates on top of the version before it. Nobody
 * is believed: which updates were accepted is read from the blocks, and every byte is checked against its address.
 */
import { decodeEvent, queryAdapterCid } from "@r3mes/chain-client";
import { nodeSha256 } from "@r3mes/engine/node";
import { recordsOfPool } from "@r3mes/participant";
import { LIMITS, R3mesError, toHex } from "@r3mes/protocol";
import {
  type AdapterVersion,
  EventRevealedSchema,
  EventRoundPhaseChangedSchema,
  EventSubmissionChangedSchema,
  RoundPhase,
  SubmissionStatus,
} from "@r3mes/protocol/messages";
import { aggregateRound, openPool, rootOfAdapter } from "@r3mes/training";
import type { OpenedNetwork } from "./openNetwork.ts";
import { type PlacedEvent, readEvents } from "./readEvents.ts";

export type Reproduction = {
  readonly equal: boolean;
  /** Of the version that was rebuilt, in hex. */
  readonly root: string;
  /** Of the version that the network adopted, in hex. */
  readonly adopted: string;
  readonly pool: string;
  readonly round: number;
  readonly updates: number;
};

/** `onRead` hears how many blocks are read of those of its round. */
export async function reproduceAdapter(
  adapter: AdapterVersion,
  { rpc, query, content }: OpenedNetwork,
  onRead: (blocks: bigint, all: bigint) => void,
): Promise<Reproduction> {
  const { poolId, round: number } = adapter;
  const { round } = await query.round({ poolId, number });
  if (round === undefined) throw new R3mesError({ code: "ROUND_NOT_FOUND", round: number });
  const parent = async () => {
    const { plan, adapter: fetched } = await openPool(
      await recordsOfPool(query, poolId),
      content,
      nodeSha256,
    );
    return { plan, before: await fetched(await queryAdapterCid(query, poolId, round.adapterId)) };
  };
  const summed = async () => {
    const blocks = adapter.height - round.openHeight + 1n;
    const events = await readEvents(rpc, round.openHeight, adapter.height, (read) =>
      onRead(read, blocks),
    );
    const cids = summedUpdates(events, poolId, number);
    return Promise.all(cids.map((cid) => content.get(cid, LIMITS.updateBytesMax)));
  };
  const [{ plan, before }, updates] = await Promise.all([parent(), summed()]);
  const root = toHex(rootOfAdapter(plan, aggregateRound(plan, before, updates), nodeSha256));
  const adopted = toHex(adapter.root);
  return {
    equal: root === adopted,
    root,
    adopted,
    pool: String(poolId),
    round: number,
    updates: updates.length,
  };
}

/** Addresses of the updates of a round that were accepted when aggregation began. */
function summedUpdates(
  events: readonly PlacedEvent[],
  poolId: bigint,
  round: number,
): readonly Uint8Array[] {
  const updates = new Map<bigint, Uint8Array>();
  const accepted = new Set<bigint>();
  for (const { event } of events) {
    const revealed = decodeEvent(EventRevealedSchema, event);
    if (revealed?.poolId === poolId && revealed.round === round) {
      updates.set(revealed.submissionId, revealed.updateCid);
    }
    const phase = decodeEvent(EventRoundPhaseChangedSchema, event);
    const isOurs = phase?.poolId === poolId && phase.round === round;
    // What happens to a submission later changes the fate of the result, never what is summed.
    if (isOurs && phase.phase === RoundPhase.AGGREGATION) break;
    const changed = decodeEvent(EventSubmissionChangedSchema, event);
    if (changed?.poolId !== poolId || changed.round !== round) continue;
    if (counts(changed.status)) accepted.add(changed.submissionId);
    else accepted.delete(changed.submissionId);
  }
  return [...updates].flatMap(([id, cid]) => (accepted.has(id) ? [cid] : []));
}

function counts(status: SubmissionStatus): boolean {
  return status === SubmissionStatus.ACCEPTED || status === SubmissionStatus.MATURE;
}
