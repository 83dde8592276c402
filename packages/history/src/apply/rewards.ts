/** What was minted, earned and paid out; and the epochs of the beacon. */
import { chain } from "@r3mes/database";
import { toHex } from "@r3mes/protocol";
import {
  EventBeaconFinalSchema,
  EventEpochStartedSchema,
  EventRewardCreditedSchema,
  EventRewardEpochClosedSchema,
  EventRewardWithdrawnSchema,
} from "@r3mes/protocol/messages";
import { change, need, on, type Place } from "./place.ts";

export const rewardHandlers = [
  on(EventRewardEpochClosedSchema, async ({ epoch, work, minted }, place) => {
    const { rows, height } = place;
    rows.put(chain.rewardEpochs, { epoch: Number(epoch), work, minted, height });
    await change(place, chain.cursor, { id: 1 }, (all) => ({ minted: all.minted + minted }));
  }),
  on(EventRewardCreditedSchema, async ({ owner, submissionId, amount }, place) => {
    const { rows, height, index } = place;
    const id = Number(submissionId);
    const role = await roleOf(place, owner, id);
    rows.put(chain.credits, { height, index, owner, role, submissionId: id, amount });
    await change(place, chain.submissions, { id }, ({ paid }) => ({ paid: paid + amount }));
    const before = await rows.get(chain.earnings, { owner, role });
    rows.put(chain.earnings, {
      owner,
      role,
      credited: (before?.credited ?? 0n) + amount,
      credits: (before?.credits ?? 0) + 1,
    });
    await change(place, chain.cursor, { id: 1 }, ({ credited }) => ({
      credited: credited + amount,
    }));
  }),
  on(EventRewardWithdrawnSchema, async ({ owner, amount }, place) => {
    const { rows, height, index, transaction } = place;
    rows.put(chain.withdrawals, { height, index, owner, amount, transaction });
    await change(place, chain.cursor, { id: 1 }, ({ withdrawn }) => ({
      withdrawn: withdrawn + amount,
    }));
  }),
  on(EventEpochStartedSchema, async ({ epoch, revealEndHeight }, { rows, height }) => {
    rows.put(chain.epochs, {
      epoch: Number(epoch),
      startHeight: height,
      revealEndHeight: Number(revealEndHeight),
      ...{ value: null, reveals: null, missed: null, weak: null, finalHeight: null },
    });
  }),
  on(EventBeaconFinalSchema, async ({ epoch, value, reveals, missed, weak }, place) => {
    await change(place, chain.epochs, { epoch: Number(epoch) }, () => ({
      value: toHex(value),
      reveals,
      missed,
      weak,
      finalHeight: place.height,
    }));
  }),
];

/**
 * As what somebody is paid for a submission. All of it is credited in one block and in the order of the specification: its
 * miner, the verifiers of its last audit, the provider of its data. One owner may be all three.
 */
async function roleOf(place: Place, owner: string, id: number): Promise<string> {
  const { miner, draws } = await need(place, chain.submissions, { id });
  const takes = (role: string): boolean => {
    const name = `${role} ${owner} ${id}`;
    if (place.seen.has(name)) return false;
    place.seen.add(name);
    return true;
  };
  if (owner === miner && takes("miner")) return "miner";
  const key = { submissionId: id, draw: draws - 1, verifier: owner };
  const seat = draws === 0 ? undefined : await place.rows.get(chain.seats, key);
  return seat !== undefined && takes("verifier") ? "verifier" : "data_provider";
}
