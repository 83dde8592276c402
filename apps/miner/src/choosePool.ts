/**
 * Which pool to work for next: the one that pays most for the time it takes, among those whose next chunk can be finished before its
 * lease ends. It chooses a pool and never a chunk; the chain gives the next one of the queue.
 */
import { type Pool, PoolStatus, type Round, RoundPhase } from "@r3mes/protocol/messages";

export interface Candidate {
  readonly pool: Pool;
  readonly round: Round;
  /** Multiply-adds of a chunk: the registered work of a step, times its steps. */
  readonly work: bigint;
  /** What the chain would pay its miner if the reward epoch ended now, in uremes. */
  readonly pay: bigint;
}

export interface Conditions {
  readonly height: bigint;
  /** Chunks that are leased and not committed: they are trained first, and taken to be as long. */
  readonly leased: number;
  /** Of late, from one block to the next. */
  readonly blockMs: number;
  /** Milliseconds that so many chunks of so much work take here; undefined where nothing was measured: then one chunk is tried alone. */
  readonly estimateMs: (work: bigint, chunks: number) => number | undefined;
}

export type Choice =
  | { readonly pool: bigint }
  /** Why there is nothing to lease, in the order in which reasons were found. */
  | { readonly pool: null; readonly reasons: readonly Reason[] };

export type Reason = {
  readonly pool: bigint;
  readonly why:
    | "closed"
    | "not in training"
    | "no chunk left"
    | "speed not known yet"
    | "device too slow"
    | "too little time";
};

/** Fetching, hashing and sending come on top of training; a machine that is busy trains more slowly than before. */
const marginPercent = 50n;

export function choosePool(candidates: readonly Candidate[], conditions: Conditions): Choice {
  const reasons: Reason[] = [];
  let best: { readonly pool: bigint; readonly pay: number } | undefined;
  for (const candidate of candidates) {
    const why = whyNot(candidate, conditions);
    if (why !== undefined) {
      reasons.push({ pool: candidate.pool.id, why });
      continue;
    }
    const pay = Number(candidate.pay) / Number(candidate.work);
    if (best === undefined || pay > best.pay) best = { pool: candidate.pool.id, pay };
  }
  return best === undefined ? { pool: null, reasons } : { pool: best.pool };
}

/** What keeps everybody from leasing a chunk now, if anything does, whatever it pays and however fast they are. */
export function whyIdle({
  pool,
  round,
}: Pick<Candidate, "pool" | "round">): Reason["why"] | undefined {
  if (pool.status !== PoolStatus.OPEN) return "closed";
  if (round.phase !== RoundPhase.TRAINING) return "not in training";
  // Of the chunks that were handed out, those neither leased nor committed were given back, and wait for somebody.
  const givenBack = round.nextPosition - round.leased - round.committed;
  return round.nextPosition === pool.chunksPerRound && givenBack === 0
    ? "no chunk left"
    : undefined;
}

function whyNot(
  { pool, round, work }: Candidate,
  conditions: Conditions,
): Reason["why"] | undefined {
  const idle = whyIdle({ pool, round });
  if (idle !== undefined) return idle;
  const blocksLeft =
    round.trainingEndHeight === 0n
      ? BigInt(pool.leaseBlocks) // the round rests: a lease begins another window
      : minimum(BigInt(pool.leaseBlocks), round.trainingEndHeight - conditions.height);
  const blocksFor = (chunks: number): bigint | undefined => {
    const ms = conditions.estimateMs(work, chunks);
    if (ms === undefined) return undefined;
    return (BigInt(Math.ceil(ms / conditions.blockMs)) * (100n + marginPercent)) / 100n;
  };
  const [forOne, forAll] = [blocksFor(1), blocksFor(conditions.leased + 1)];
  if (forOne === undefined || forAll === undefined) {
    return conditions.leased > 0 ? "speed not known yet" : undefined;
  }
  if (forOne > BigInt(pool.leaseBlocks)) return "device too slow";
  return forAll > blocksLeft ? "too little time" : undefined;
}

function minimum(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
