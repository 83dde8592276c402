/**
 * How a dispute was narrowed down: each post of the accused shows hashes, each answer of the challenger
 * points at the first one that differs. Read from the moves alone, in the order of the chain.
 */
import type { CaseMove } from "../../api/records.ts";

export type Stage = "steps" | "operations" | "tiles";

export type Level = {
  readonly stage: Stage;
  /** Hashes that the accused showed. */
  readonly shown: number;
  /** Which one the challenger pointed at, from 0; null while nobody has. */
  readonly pinned: number | null;
  /** The hash at that place, which the accused stands by; null while unknown. */
  readonly claimed: string | null;
  readonly height: number;
  readonly transaction: string;
};

export function narrowing(moves: readonly CaseMove[]): readonly Level[] {
  const levels: Level[] = [];
  let stage: Stage = "steps";
  let children: readonly string[] = [];
  for (const { type, data, height, transaction } of moves) {
    if (type === "Challenge" && Number(data.step ?? 0) > 0) stage = "operations";
    if (type === "PostTrace") {
      stage = stageOf(data, stage);
      children = hashesOf(data.children);
      const only = children.length === 1 ? 0 : null;
      levels.push({
        stage,
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

function stageOf(data: CaseMove["data"], stage: Stage): Stage {
  if (isFilled(data.record)) return "tiles";
  if (isFilled(data.traceRoot)) return "operations";
  return stage;
}

function isFilled(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function hashesOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((hash) => typeof hash === "string") : [];
}
