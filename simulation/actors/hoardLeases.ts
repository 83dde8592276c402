/** A miner that leases whatever it can get and trains nothing: as many names as it has, so many chunks wait for others. */
import { DutyKind } from "@r3mes/protocol/messages";
import type { MinerCheat } from "./minerCheats.ts";

export const hoardLeases: MinerCheat = (deps) => ({
  ...deps,
  query: {
    ...deps.query,
    async duties(request) {
      const answer = await deps.query.duties(request);
      return { ...answer, duties: answer.duties.filter(({ kind }) => kind !== DutyKind.COMMIT) };
    },
  },
});
