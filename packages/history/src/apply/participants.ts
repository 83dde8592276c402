/** Keys, bonds, unbondings. */
import { chain } from "@r3mes/database";
import {
  EventBondChangedSchema,
  EventOperatorSetSchema,
  EventUnbondingPaidSchema,
  EventUnbondingStartedSchema,
  RoleSchema,
} from "@r3mes/protocol/messages";
import { enumWord } from "../decode/plainMessage.ts";
import { change, on } from "./place.ts";

export const participantHandlers = [
  on(EventOperatorSetSchema, async ({ owner, operator }, { rows, height }) => {
    const known = await rows.get(chain.participants, { owner });
    rows.put(chain.participants, { owner, operator, height: known?.height ?? height });
  }),
  on(EventBondChangedSchema, async ({ owner, role, amount, locked }, { rows, height }) => {
    rows.put(chain.bonds, { owner, role: enumWord(RoleSchema, role), amount, locked, height });
  }),
  on(EventUnbondingStartedSchema, async (event, { rows, height }) => {
    const id = Number(event.unbondingId);
    // A case that holds it announces it again, with a later height of release.
    const known = await rows.get(chain.unbondings, { id });
    rows.put(chain.unbondings, {
      id,
      owner: event.owner,
      role: enumWord(RoleSchema, event.role),
      amount: event.amount,
      height: known?.height ?? height,
      releaseHeight: Number(event.releaseHeight),
      paidHeight: null,
      paid: null,
    });
  }),
  on(EventUnbondingPaidSchema, async ({ unbondingId, amount }, place) => {
    await change(place, chain.unbondings, { id: Number(unbondingId) }, () => ({
      paidHeight: place.height,
      paid: amount,
    }));
  }),
];
