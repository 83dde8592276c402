/** What a participant was credited of late, submission by submission: the pool's price times a share, and the rest from the emission. */
import { decodeEvent, listAll } from "@r3mes/chain-client";
import {
  EventCommittedSchema,
  EventRewardCreditedSchema,
  EventRewardEpochClosedSchema,
  type Params,
} from "@r3mes/protocol/messages";
import type { OpenedNetwork } from "./openNetwork.ts";
import { type PlacedEvent, readEvents } from "./readEvents.ts";
import { remesText } from "./remesText.ts";

export type ExplainedReward = {
  readonly submission: string;
  readonly height: string;
  /** In uremes. */
  readonly credited: string;
  readonly fromPool: string;
  readonly fromEmission: string;
  readonly lines: readonly string[];
};

/** Blocks that are read back from the newest. */
const blocksRead = 400n;

export async function explainRewards(
  owner: string,
  { rpc, query }: Pick<OpenedNetwork, "rpc" | "query">,
): Promise<ExplainedReward[]> {
  const { latestHeight, earliestHeight } = await rpc.status();
  const wanted = latestHeight - blocksRead;
  const events = await readEvents(
    rpc,
    wanted > earliestHeight ? wanted : earliestHeight,
    latestHeight,
  );
  const { params } = await query.params({});
  const prices = await pricesOf(query);
  return events.flatMap(({ height, event }, at) => {
    const credited = decodeEvent(EventRewardCreditedSchema, event);
    if (credited?.owner !== owner) return [];
    const work = workOf(events, credited.submissionId);
    const minted = mintedBefore(events, at);
    const { amount, submissionId } = credited;
    const price = prices.get(work?.poolId ?? 0n);
    const share = work?.miner === owner ? minerPpm(params?.params) : undefined;
    const isKnown = work !== undefined;
    return [explain({ submissionId, height, amount, price, share, isKnown, minted })];
  });
}

interface Facts {
  readonly submissionId: bigint;
  readonly height: bigint;
  readonly amount: bigint;
  readonly price: bigint | undefined;
  /** The miner's, in ppm; undefined for somebody else's part. */
  readonly share: number | undefined;
  /** False where the commitment lies further back than was read. */
  readonly isKnown: boolean;
  readonly minted: { readonly epoch: bigint; readonly uremes: bigint } | undefined;
}

function explain(facts: Facts): ExplainedReward {
  const { submissionId, height, amount, price, share, isKnown, minted } = facts;
  const fromPool =
    price === undefined || share === undefined ? undefined : (price * BigInt(share)) / 1_000_000n;
  const rest = fromPool === undefined ? undefined : amount - fromPool;
  const poolLine =
    fromPool === undefined
      ? `a part of the pool's price and of the emission, ${isKnown ? "as an auditor or a data provider" : "for work of more blocks ago than are read"}`
      : `${remesText(fromPool)} from the pool: ${share! / 10_000} % of ${remesText(price!)} REMES`;
  const mintedText =
    minted === undefined
      ? ""
      : `: its work's part of what epoch ${minted.epoch} minted, ${remesText(minted.uremes)} REMES`;
  return {
    submission: String(submissionId),
    height: String(height),
    credited: String(amount),
    fromPool: fromPool === undefined ? "unknown" : String(fromPool),
    fromEmission: rest === undefined ? "unknown" : String(rest),
    lines: [
      `submission ${submissionId}, matured at height ${height}`,
      `  ${poolLine}`,
      ...(rest === undefined ? [] : [`  ${remesText(rest)} from the emission${mintedText}`]),
      `  = ${remesText(amount)} REMES`,
    ],
  };
}

function minerPpm(params: Params | undefined): number | undefined {
  const reward = params?.reward;
  if (reward === undefined) return undefined;
  return 1_000_000 - reward.verifierPpm - reward.validatorPpm - reward.dataProviderPpm;
}

function workOf(events: readonly PlacedEvent[], submissionId: bigint) {
  for (const { event } of events) {
    const committed = decodeEvent(EventCommittedSchema, event);
    if (committed?.submissionId === submissionId) return committed;
  }
  return undefined;
}

/** The last epoch that was closed before a credit. */
function mintedBefore(events: readonly PlacedEvent[], at: number): Facts["minted"] {
  for (let i = at; i >= 0; i -= 1) {
    const closed = decodeEvent(EventRewardEpochClosedSchema, events[i]!.event);
    if (closed !== undefined) return { epoch: closed.epoch, uremes: closed.minted };
  }
  return undefined;
}

async function pricesOf(query: OpenedNetwork["query"]): Promise<ReadonlyMap<bigint, bigint>> {
  const pools = await listAll(query, "pools");
  return new Map(pools.map(({ id, chunkPrice }) => [id, chunkPrice]));
}
