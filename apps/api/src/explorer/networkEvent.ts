/** Events as replies and streams hold them. The id is the place in the chain, so a stream resumes from any of them. */
import type { chain } from "@r3mes/database";
import { R3mesError } from "@r3mes/protocol";
import type { z } from "zod";
import type { event } from "./schemas/ledger.ts";

export type NetworkEvent = z.infer<typeof event>;

export type EventPlace = { readonly height: number; readonly index: number };

type BlockRow = typeof chain.blocks.$inferSelect;

/** A block comes after everything that happened in it. */
export function blockEvent(block: BlockRow): NetworkEvent {
  const { height, timeMs, hash, proposer, transactions, events, gasUsed } = block;
  return {
    id: eventId({ height, index: events }),
    kind: "block",
    type: "Block",
    height,
    index: events,
    timeMs,
    transaction: null,
    data: { hash, proposer, transactions, events, gasUsed },
    poolId: null,
    round: null,
    submissionId: null,
    adapterId: null,
    caseId: null,
    accounts: [],
  };
}

export function eventId({ height, index }: EventPlace): string {
  return `${height}-${index}`;
}

/** Throws CURSOR_INVALID for what is no id. */
export function parseEventId(text: string): EventPlace {
  const parts = /^(\d{1,15})-(\d{1,9})$/.exec(text);
  if (parts === null) throw new R3mesError({ code: "CURSOR_INVALID", cursor: text });
  return { height: Number(parts[1]), index: Number(parts[2]) };
}
