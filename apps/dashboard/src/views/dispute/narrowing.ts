/**
 * How a dispute was narrowed down: each post of the accused shows hashes, each answer of the challenger points at the first one that
 * differs. Read from the moves and from what the chain said of them, in the order of the chain.
 */
import type { CaseMove, NetworkEvent } from "../../api/records.ts";

export type Level = {
  /** Which tree is narrowed, such as `operations`. */
  readonly stage: string;
  /** Hashes that the accused showed. */
  readonly shown: number;
  /** Which one the challenger pointed at, from 0; null while nobody has. */
  readonly pinned: number | null;
  /** The hash at that place, which the accused stands by; null while unknown. */
  readonly claimed: string | null;
  readonly height: number;
  readonly transaction: string;
};

/** What the chain said after a move: which tree is narrowed now, whose turn it is, and how long that side has. */
export type Clock = {
  readonly stage: string;
  readonly toMove: string;
  readonly blocksLeft: number;
};

type Moved = Pick<NetworkEvent, "type" | "transaction" | "data">;

export function clockAfter(transaction: string, history: readonly Moved[]): Clock | null {
  const moved = history.findLast(
    (event) => event.type === "CaseMoved" && event.transaction === transaction,
  );
  if (moved === undefined) return null;
  const { stage, toMove, blocksLeft } = moved.data;
  return { stage: String(stage), toMove: String(toMove), blocksLeft: Number(blocksLeft) };
}

export function narrowing(moves: readonly CaseMove[], history: readonly Moved[]): readonly Level[] {
  const levels: Level[] = [];
  let children: readonly string[] = [];
  for (const { type, data, height, transaction } of moves) {
    if (type === "PostTrace") {
      children = hashesOf(data.children);
      const only = children.length === 1 ? 0 : null;
      levels.push({
        stage: clockAfter(transaction, history)?.stage ?? "unknown",
        shown: children.length,
        pinned: only,
        claimed: only === null ? null : (children[0] ?? null),
        height,
        transaction,
      });
    }
    const posted = levels.at(-1);
    if (type !== "Pinpoint" || posted === undefined) continue;
    const pinned = Number(data.child ?? 0);
    levels[levels.length - 1] = { ...posted, pinned, claimed: children[pinned] ?? null };
  }
  return levels;
}

function hashesOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((hash) => typeof hash === "string") : [];
}
