/** What a verifier's store must not lose: the sums that it vouches for, and the updates that it may have to sum. */
import type { Client } from "@connectrpc/connect";
import { createOpenUpdates } from "@r3mes/participant";
import type { Query } from "@r3mes/protocol/messages";
import type { Journal } from "@r3mes/service";
import { type ContentId, parseContentId } from "@r3mes/storage";
import type { VerifierRecord } from "./verifierRecord.ts";

export interface OwnContentDeps {
  readonly query: Client<typeof Query>;
  readonly journal: Pick<Journal<VerifierRecord>, "records">;
}

export function createOwnContent({ query, journal }: OwnContentDeps) {
  const openUpdates = createOpenUpdates(query);
  return async (): Promise<ContentId[]> => [...sumsOf(journal.records), ...(await openUpdates())];
}

/** Addresses of the adapters that this verifier has attested; one of them may not be adopted yet. */
function sumsOf(records: readonly VerifierRecord[]): ContentId[] {
  return records.flatMap((record) => (record.kind === "sum" ? [parseContentId(record.cid)] : []));
}
