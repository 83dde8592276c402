/** What a challenger writes down of a case: the nodes that the defender posted of a list. A later post replaces them on the chain. */
import { fromHex, toHex } from "@r3mes/protocol";
import type { Claim } from "@r3mes/protocol/messages";
import { type Journal, type JournalRecord, keepNewest } from "@r3mes/service";
import type { PostedNodes } from "@r3mes/training";

export interface CaseRecord extends JournalRecord {
  readonly kind: "post";
  /** Number of the case; followed by the name of the list where a case is about several. */
  readonly case: string;
  readonly isRoot: boolean;
  readonly height: number;
  readonly index: number;
  /** In hex. */
  readonly children: readonly string[];
}

/** Any journal that takes these records among its own. */
export type CaseJournal = Pick<Journal<JournalRecord>, "records" | "append">;

/** A case ends within some hundred blocks, and each that is open locks a bond. */
const openCasesMax = 256;

/** A rule for what a journal keeps: the posts of the newest cases, whole cases only. */
export const keepNewestCases = keepNewest("post", openCasesMax, ({ case: id }) =>
  numberOf(String(id)),
);

/** Where a case is about several lists, each has its name behind the number. */
function numberOf(id: string): string {
  return /^\d+/.exec(id)?.[0] ?? id;
}

/** Keeps a post, once. */
export async function keepPost(
  journal: CaseJournal,
  id: bigint | string,
  claim: Claim,
): Promise<void> {
  const record: CaseRecord = {
    kind: "post",
    case: String(id),
    isRoot: claim.atRoot,
    height: claim.height,
    index: Number(claim.index),
    children: claim.children.map(toHex),
  };
  const isKept = recordsOfCase(journal, id).some(
    ({ isRoot, height, index }) =>
      isRoot === record.isRoot && height === record.height && index === record.index,
  );
  if (!isKept) await journal.append(record);
}

/** The posts that were kept, first post first. */
export function postsOfCase(journal: CaseJournal, id: bigint | string): readonly PostedNodes[] {
  return recordsOfCase(journal, id).map(({ isRoot, height, index, children }) => ({
    claim: { isRoot, height, index },
    children: children.map(fromHex),
  }));
}

function recordsOfCase(journal: CaseJournal, id: bigint | string): readonly CaseRecord[] {
  return journal.records.filter(
    (record): record is CaseRecord => record.kind === "post" && record.case === String(id),
  );
}
