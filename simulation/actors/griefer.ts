/** A griefer: it challenges work that is right, again and again, and then says nothing. It has no bond but that of its cases. */
import type { Client } from "@connectrpc/connect";
import type { ChainMessage } from "@r3mes/chain-client";
import { challengeMessage } from "@r3mes/participant";
import { R3mesError } from "@r3mes/protocol";
import { type Query, SubmissionStatus } from "@r3mes/protocol/messages";

export interface GrieferDeps {
  readonly query: Client<typeof Query>;
  readonly submit: (messages: readonly ChainMessage[]) => Promise<unknown>;
}

/** To be called at every height: challenges the first accepted work that it has not challenged yet. */
export function createGriefer(
  address: string,
  { query, submit }: GrieferDeps,
): () => Promise<void> {
  const challenged = new Set<bigint>();
  return async () => {
    const { pools } = await query.pools({});
    for (const { id: poolId, round } of pools) {
      const { submissions } = await query.submissions({ poolId, round });
      const right = submissions.find(
        ({ id, status }) => status === SubmissionStatus.ACCEPTED && !challenged.has(id),
      );
      if (right === undefined) continue;
      challenged.add(right.id);
      try {
        await submit([challengeMessage(address, right.id)]);
      } catch (error) {
        if (!(error instanceof R3mesError)) throw error;
      }
    }
  };
}
