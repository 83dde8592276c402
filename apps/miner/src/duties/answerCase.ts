/** Answers a case about one of its submissions, from what the journal has of it. Source: spec/verification.md section 2. */
import { type CasePlayer, type ChunkWork, createCasePlayer } from "@r3mes/participant";
import { asHash, fromHex } from "@r3mes/protocol";
import { contentIdToBytes, parseContentId } from "@r3mes/storage";
import { findWork } from "../findWork.ts";
import type { MinerDeps, MinerOptions } from "../minerDeps.ts";

export function createDefence(options: MinerOptions, deps: MinerDeps): CasePlayer {
  return createCasePlayer(options, {
    ...deps,
    workOf: (submission) => chunkWork(deps, submission),
    async openPool(pool) {
      const { opened, session } = await deps.openPool(pool);
      return { opened, session: async () => session };
    },
  });
}

/** The submission has the number of its lease. */
function chunkWork(deps: MinerDeps, lease: bigint): ChunkWork | undefined {
  const work = findWork(deps, lease);
  return (
    work && {
      stateRoots: work.stateRoots.map((root) => asHash(fromHex(root))),
      stateCid: (t) => contentIdToBytes(parseContentId(work.stateCids[t]!)),
    }
  );
}
