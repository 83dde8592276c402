/** Tells of each round that has ended, and of the version that it made: what a localnet is there for. */
import type { PoolStatus, RoundStatus } from "./readTraining.ts";

/** To be asked with every status; says of every round once how it ended, but for those that ended before the first look. */
export function roundWatch(): (pools: readonly PoolStatus[]) => readonly string[] {
  /** By pool, the newest round that was told. */
  const told = new Map<string, number>();
  return (pools) =>
    pools.flatMap((pool) => {
      const ended = pool.rounds.filter(hasEnded);
      const newest = ended.at(-1)?.round ?? 0;
      const before = told.get(pool.id);
      told.set(pool.id, Math.max(newest, before ?? 0));
      if (before === undefined) return [];
      return ended.filter(({ round }) => round > before).map((round) => roundText(pool, round));
    });
}

function hasEnded({ phase }: RoundStatus): boolean {
  return phase === "settled" || phase === "carried over";
}

function roundText(
  { id, adapterVersion, heldOutLoss }: PoolStatus,
  { round, phase, accepted, rejected }: RoundStatus,
): string {
  const counted = `${accepted} of ${accepted + rejected} accepted`;
  const loss = heldOutLoss.at(-1);
  const made =
    phase === "settled" && loss !== undefined
      ? `version ${adapterVersion}, held-out loss ${loss.loss.toFixed(3)} bits/token`
      : "no new version";
  return `pool ${id}, round ${round}: ${made}, ${counted}`;
}
