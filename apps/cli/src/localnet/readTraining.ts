/** What the chain says of the training that a localnet does: pools with their rounds and losses, cases, and what everybody earned. */
import { type Client, createClient } from "@connectrpc/connect";
import { connectRpc, listAll, queryTransport } from "@r3mes/chain-client";
import { LIMITS } from "@r3mes/protocol";
import {
  type AdapterVersion,
  type Params,
  type Pool,
  Query,
  RoundPhase,
  type Submission,
  SubmissionStatus,
} from "@r3mes/protocol/messages";
import { type ComputeStatus, computeOf } from "./computeOf.ts";
import type { LocalnetNetwork } from "./localnetNetwork.ts";
import { type PoolVersions, poolVersions } from "./poolVersions.ts";
import { type Said, saidBy } from "./saidBy.ts";

export type TrainingStatus = {
  readonly pools: readonly PoolStatus[];
  readonly disputes: readonly { readonly submission: string; readonly pool: string }[];
  readonly earned: readonly Earned[];
  /** Names of miners and verifiers that did not answer in time: they may stand still. */
  readonly silent: readonly string[];
  /** Null until a miner has trained a chunk. */
  readonly compute: ComputeStatus | null;
};

export type PoolStatus = PoolVersions & {
  readonly id: string;
  /** Newest last. */
  readonly rounds: readonly RoundStatus[];
};

export type RoundStatus = {
  readonly round: number;
  readonly phase: string;
  readonly accepted: number;
  readonly rejected: number;
  /** Submissions that may still be paid or fined. */
  readonly open: number;
};

export type Earned = {
  readonly operator: string;
  readonly name: string;
  /** In uremes, as text. Pending is the pools' part alone: the emission is divided when its epoch ends. */
  readonly pending: string;
  readonly matured: string;
  readonly paid: string;
};

/** Whoever asks for a status waits for it; a node that stands still takes connections and says nothing. */
const answerWithinMs = 5_000;

type ChainQuery = Client<typeof Query>;

/** Rounds of a pool that are told; older ones have ended long ago. */
const roundsShown = 8;

export async function readTraining(network: LocalnetNetwork): Promise<TrainingStatus> {
  const rpc = await connectRpc(network.rpc, { answerWithinMs });
  try {
    const query = createClient(Query, queryTransport(rpc));
    const [pools, adapters, { params }] = await Promise.all([
      listAll(query, "pools"),
      listAll(query, "adapters"),
      query.params({}),
    ]);
    const submissions = (
      await Promise.all(pools.map((pool) => openSubmissions(query, pool)))
    ).flat();
    const pending = await pendingOf(query, submissions, params?.params);
    const said = await saidBy(network);
    return {
      pools: await Promise.all(pools.map((pool) => poolStatus(query, pool, adapters))),
      disputes: submissions
        .filter(({ status }) => status === SubmissionStatus.DISPUTED)
        .map(({ id, poolId }) => ({ submission: String(id), pool: String(poolId) })),
      earned: await earnedOf(query, said, pending),
      silent: said.filter(({ status }) => status === null).map(({ name }) => name),
      compute: computeOf(said, pools, params?.params),
    };
  } finally {
    rpc.close();
  }
}

async function poolStatus(
  query: ChainQuery,
  pool: Pool,
  adapters: readonly AdapterVersion[],
): Promise<PoolStatus> {
  const tokens = await sampleTokens(query, pool);
  const numbers = lastNumbers(pool.round, roundsShown);
  const rounds = await Promise.all(
    numbers.map(async (number) => (await query.round({ poolId: pool.id, number })).round!),
  );
  return {
    id: String(pool.id),
    ...poolVersions(pool.id, adapters, tokens),
    rounds: rounds.map((round) => ({
      round: round.number,
      phase: phaseName(round.phase),
      accepted: round.accepted,
      rejected: Math.max(0, round.revealed - round.accepted - round.unsettled),
      open: round.openSubmissions,
    })),
  };
}

/** Tokens over which the held-out loss of a pool is a sum: whole batches of the first records of the split. */
async function sampleTokens(query: ChainQuery, pool: Pool): Promise<number> {
  const { model } = await query.model({ id: pool.modelId });
  const { batch, sequence } = model!.programs[pool.program]!;
  // A built-in dataset has far more held-out records than the sample takes.
  return Math.floor(LIMITS.heldOutRecordsMax / batch) * batch * sequence;
}

async function openSubmissions(query: ChainQuery, pool: Pool): Promise<Submission[]> {
  const rounds = lastNumbers(pool.round, roundsShown);
  const each = await Promise.all(
    rounds.map((round) => listAll(query, "submissions", { poolId: pool.id, round })),
  );
  return each.flat();
}

/** The pools' part of what is accepted and still open to challenge, by owner, in uremes. */
async function pendingOf(
  query: ChainQuery,
  submissions: readonly Submission[],
  params: Params | undefined,
): Promise<ReadonlyMap<string, bigint>> {
  const pending = new Map<string, bigint>();
  const reward = params?.reward;
  if (reward === undefined) return pending;
  const { verifierPpm, validatorPpm, dataProviderPpm } = reward;
  const minerPpm = 1_000_000 - verifierPpm - validatorPpm - dataProviderPpm;
  const add = (owner: string, uremes: bigint) =>
    pending.set(owner, (pending.get(owner) ?? 0n) + uremes);
  for (const { id, miner, status, price } of submissions) {
    if (status !== SubmissionStatus.ACCEPTED) continue;
    add(miner, (price * BigInt(minerPpm)) / 1_000_000n);
    const seats = (await query.submission({ id })).audits.at(-1)?.seats ?? [];
    for (const { verifier } of seats) {
      add(verifier, (price * BigInt(verifierPpm)) / 1_000_000n / BigInt(seats.length));
    }
  }
  return pending;
}

async function earnedOf(
  query: ChainQuery,
  said: readonly Said[],
  pending: ReadonlyMap<string, bigint>,
): Promise<Earned[]> {
  return Promise.all(
    said.map(async ({ name, address, status }) => ({
      operator: address,
      name,
      pending: String(pending.get(address) ?? 0n),
      matured: String((await query.rewards({ owner: address })).amount),
      paid: status?.earned?.paid ?? "unknown",
    })),
  );
}

const phaseNames: { readonly [phase in RoundPhase]?: string } = {
  [RoundPhase.WAITING]: "waiting",
  [RoundPhase.TRAINING]: "training",
  [RoundPhase.REVEAL]: "reveal",
  [RoundPhase.AUDIT]: "audit",
  [RoundPhase.AGGREGATION]: "aggregation",
  [RoundPhase.COMPLETE]: "settled",
  [RoundPhase.CARRIED_OVER]: "carried over",
};

function phaseName(phase: RoundPhase): string {
  return phaseNames[phase] ?? "unknown";
}

/** The last `count` numbers up to `last`, from 1. */
function lastNumbers(last: number, count: number): number[] {
  const first = Math.max(1, last - count + 1);
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
