/**
 * Which work in a version is wrong, known by training it again outside of the network: what must hold of recalls rests on nothing that
 * anybody in it has said.
 */
import type { Client } from "@connectrpc/connect";
import { listAll } from "@r3mes/chain-client";
import { contentOf, trainAgain } from "@r3mes/participant";
import { EventAdapterAdoptedSchema, type Query } from "@r3mes/protocol/messages";
import { contentIdFromBytes } from "@r3mes/storage";
import { memoryPeer } from "@r3mes/storage/testing";
import { eventsOf } from "./eventsOf.ts";
import type { Device, Devices } from "./prepareDevices.ts";
import { sha256OnThread } from "./sha256OnThread.ts";
import type { MadeBlock } from "./simulatedNode.ts";

/** A version with what is in it. */
export interface JudgedVersion {
  readonly id: bigint;
  readonly parentId: bigint;
  readonly poolId: bigint;
  readonly round: number;
  /** Numbers of the submissions in its sum that are not what training gives. */
  readonly wrong: readonly bigint[];
}

export interface JudgeDeps {
  readonly query: Client<typeof Query>;
  readonly openPool: Devices["openPool"];
  readonly device: Device;
  /** What lies in anybody's store. */
  readonly findBlock: (hash: string) => Uint8Array | undefined;
  /** What the honest hand in is right, which other checks see to. */
  readonly isHonest: (address: string) => boolean;
}

/** Judges the versions that a block has adopted, before another block is made. */
export function createJudge(deps: JudgeDeps): (block: MadeBlock) => Promise<JudgedVersion[]> {
  const { query } = deps;
  // What was once a version is here from then on, whatever becomes of other stores.
  const store = memoryPeer(async (hash) => deps.findBlock(hash));
  const content = contentOf(store);
  const replays = {
    query,
    hash: sha256OnThread,
    async openPool(id: bigint) {
      const { pool } = await query.pool({ id });
      const { model } = await query.model({ id: pool!.modelId });
      const { dataset } = await query.dataset({ id: pool!.datasetId });
      const records = { pool: pool!, model: model!, dataset: dataset! };
      const opened = await deps.openPool(records, content);
      return { opened, session: async () => deps.device.training };
    },
  };
  return async (block) => {
    const judged: JudgedVersion[] = [];
    for (const adopted of eventsOf(block, EventAdapterAdoptedSchema)) {
      const { adapterId: id, parentId, poolId, round, leftOut, cid } = adopted;
      await store.get(contentIdFromBytes(cid), { bytesMax: Number.MAX_SAFE_INTEGER });
      const listed = await listAll(query, "submissions", { poolId, round });
      const wrong: bigint[] = [];
      for (const submission of listed) {
        const isIn = submission.summed && !leftOut.includes(submission.id);
        if (!isIn || deps.isHonest(submission.miner)) continue;
        const { differs } = await trainAgain(replays, submission);
        if (differs !== null) wrong.push(submission.id);
      }
      judged.push({ id, parentId, poolId, round, wrong });
    }
    return judged;
  };
}
