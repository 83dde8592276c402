/** Versions: what is in them, and how far they may be trusted. */
import { chain } from "@r3mes/database";
import { toHex } from "@r3mes/protocol";
import {
  AdapterStatusSchema,
  EventAdapterAdoptedSchema,
  EventAdapterStatusChangedSchema,
} from "@r3mes/protocol/messages";
import { cidText, enumWord, hashText } from "../decode/plainMessage.ts";
import { leaveOut } from "./leaveOut.ts";
import { change, need, on } from "./place.ts";

export const adapterHandlers = [
  on(EventAdapterAdoptedSchema, async (event, place) => {
    const { rows, height } = place;
    const [id, poolId] = [Number(event.adapterId), Number(event.poolId)];
    const { round } = event;
    const pool = await need(place, chain.pools, { id: poolId });
    rows.put(chain.pools, { ...pool, adapterId: id });
    await change(place, chain.rounds, { poolId, number: round }, () => ({ resultAdapterId: id }));
    await leaveOut(place, event.leftOut);
    const summed = await rows.list(chain.submissions, { poolId, round, summed: true });
    for (const submission of summed) rows.put(chain.submissions, { ...submission, adapterId: id });
    rows.put(chain.adapters, {
      id,
      modelId: pool.modelId,
      datasetId: pool.datasetId,
      poolId,
      round,
      parentId: Number(event.parentId),
      root: toHex(event.root),
      momentumRoot: hashText(event.momentumRoot),
      cid: cidText(event.cid),
      heldOutLoss: event.heldOutLoss,
      submissions: summed.length,
      // Its sum may be disputed for a while, so none is mature from the start; one that is recalled already says so next.
      status: "provisional",
      height,
      matureHeight: null,
    });
  }),
  on(EventAdapterStatusChangedSchema, async ({ adapterId, status: value }, place) => {
    const status = enumWord(AdapterStatusSchema, value);
    await change(place, chain.adapters, { id: Number(adapterId) }, ({ matureHeight }) => ({
      status,
      matureHeight: status === "mature" ? place.height : matureHeight,
    }));
  }),
];
