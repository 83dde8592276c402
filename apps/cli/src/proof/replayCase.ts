/**
 * A case, looked at again by whoever doubts its end. The tile that it came down to is computed on this machine: by the chain's referee
 * where a step was disputed, by the rules of updates and sums else. A case that ended before it says nothing about a tile: then the work
 * that it was about is done again.
 */
import type { Client } from "@connectrpc/connect";
import { nodeSha256 } from "@r3mes/engine/node";
import { claimOf, openSummedRound, recordsOfPool } from "@r3mes/participant";
import { equalBytes, R3mesError, toHex } from "@r3mes/protocol";
import { type Case, CaseKind, type Query } from "@r3mes/protocol/messages";
import {
  type Claim,
  firstState,
  openPool,
  postSigns,
  postSums,
  postSumTiles,
  rootOfAdapter,
  rootOfMomenta,
  type Sum,
  sumOf,
  updateLists,
} from "@r3mes/training";
import { outcomeText, placeText } from "./caseText.ts";
import { createReplayer } from "./createReplayer.ts";
import { decidingMessage, executeAgain } from "./executeAgain.ts";
import { factsOfCase } from "./factsOfCase.ts";
import { atHeight } from "./findWork.ts";
import { openedStates } from "./openedStates.ts";
import type { OpenedNetwork } from "./openNetwork.ts";
import {
  type ComparedRoot,
  compareRoots,
  type Replay,
  replaySubmission,
} from "./replaySubmission.ts";
import { type OnStep, trainStates } from "./trainStates.ts";

export type CaseReplay = {
  readonly case: string;
  readonly kind: string;
  readonly place: string;
  readonly outcome: string;
  readonly height: string;
  /** With a tile: it is what consensus computed. Without one: the disputed work is what is computed here. */
  readonly equal: boolean;
  /** Leaf of the tile in hex, as it is here, as consensus computed it, and as the accused stood by it. */
  readonly tile?: { readonly root: string; readonly executed: string; readonly stated: string };
  readonly submission?: Replay;
  /** The root of the disputed list, as it is here and as it was adopted. */
  readonly sum?: ComparedRoot;
};

type ChainQuery = Client<typeof Query>;

export type CasePorts = Pick<OpenedNetwork, "rpc" | "query" | "queryAt" | "content" | "log">;

/** @throws CASE_NOT_FOUND, STATE_PRUNED, BLOCKS_PRUNED, CONTENT_UNAVAILABLE */
export async function replayCase(
  id: bigint,
  network: CasePorts,
  onStep: OnStep,
): Promise<CaseReplay> {
  const record = await caseOf(id, network.query);
  const query = queryOfCase(record, network);
  const ports = { ...network, query };
  const told = {
    case: String(id),
    kind: kinds[record.kind] ?? "unknown",
    place: placeText(record),
    outcome: outcomeText(record),
    height: String(record.closeHeight),
  };
  if (record.executedHash.length > 0) {
    const leaf = await atHeight(record.closeHeight, leafOf(record, ports, onStep));
    const executed = record.executedHash;
    const tile = {
      root: toHex(leaf),
      executed: toHex(executed),
      stated: toHex(record.claim!.hash),
    };
    return { ...told, equal: equalBytes(leaf, executed), tile };
  }
  if (record.kind === CaseKind.AGGREGATE) {
    const sum = await compareSum(record, ports);
    return { ...told, equal: sum.equal, sum };
  }
  const submission = await replayWork(record, ports, onStep);
  return { ...told, equal: submission.equal, submission };
}

export async function caseOf(id: bigint, query: Pick<ChainQuery, "case">): Promise<Case> {
  try {
    const { case: record } = await query.case({ id });
    if (record !== undefined) return record;
  } catch (error) {
    if (!(error instanceof R3mesError) || error.code !== "CASE_NOT_FOUND") throw error;
  }
  // The node's own words about it help nobody.
  throw new R3mesError({ code: "CASE_NOT_FOUND", case: id });
}

const kinds: { readonly [kind in CaseKind]?: string } = {
  [CaseKind.STEP]: "step",
  [CaseKind.UPDATE]: "update",
  [CaseKind.AGGREGATE]: "sum",
  [CaseKind.DIGEST]: "digest",
};

/** The last state in which the case was open: what it is about is not settled there. */
function queryOfCase({ closeHeight }: Case, { query, queryAt }: CasePorts): ChainQuery {
  return closeHeight === 0n ? query : queryAt(closeHeight - 1n);
}

/** Of the disputed tile, as this machine computes it. */
async function leafOf(record: Case, network: CasePorts, onStep: OnStep): Promise<Uint8Array> {
  if (record.kind === CaseKind.AGGREGATE) return leafOfSum(record, network);
  if (record.kind === CaseKind.UPDATE) return leafOfUpdate(record, network, onStep);
  const [message, facts] = await Promise.all([
    decidingMessage(record, network.rpc),
    factsOfCase(record, network.query),
  ]);
  return executeAgain(record, facts, message);
}

/** What an honest defender would post of the claim. */
async function leafOfSum(record: Case, network: CasePorts): Promise<Uint8Array> {
  const sum = await sumOfCase(record, network);
  return onlyNode(postSumTiles(claimAt(record), sum, record.operation));
}

async function leafOfUpdate(
  record: Case,
  { query, content, log }: CasePorts,
  onStep: OnStep,
): Promise<Uint8Array> {
  const { submission } = await query.submission({ id: record.submissionId });
  const replayer = createReplayer({ query, content, log });
  try {
    const chunk = await replayer.open(submission!);
    const { plan } = chunk.opened;
    const { opening } = submission!;
    const wanted = new Set([opening!.step - 1, plan.localSteps]);
    const train = () => trainStates(chunk, wanted, onStep);
    const { final } = await openedStates(chunk, opening!, content, train);
    const first = firstState(plan, chunk.adapter);
    const states = { plan, first, last: final, hash: nodeSha256 };
    const stated = record.update!;
    if (record.output === 0) {
      return onlyNode(postSigns(claimAt(record), states, record.operation, stated));
    }
    return onlyNode(postSums(claimAt(record), updateLists(states, record.operation, stated)));
  } finally {
    await replayer.close();
  }
}

function claimAt(record: Case): Claim {
  return { ...claimOf(record)!, isRoot: false };
}

function onlyNode({ children }: { readonly children: readonly Uint8Array[] }): Uint8Array {
  return children[0]!;
}

async function sumOfCase(
  { poolId, round: number, output }: Case,
  { query, content }: CasePorts,
): Promise<Sum> {
  const { round } = await query.round({ poolId, number });
  const opened = await openPool(await recordsOfPool(query, poolId), content, nodeSha256);
  const deps = { query, fetch: content.get, hash: nodeSha256 };
  const summed = await openSummedRound(deps, opened, round!);
  return sumOf(summed, output === 1 ? "momentum" : "adapter");
}

async function compareSum(record: Case, network: CasePorts): Promise<ComparedRoot> {
  const { poolId, round: number } = record;
  const { query } = network;
  const { plan, part, after } = await sumOfCase(record, network);
  const { round } = await query.round({ poolId, number });
  const { adapter } = await query.adapter({ id: round!.resultAdapterId });
  return part === "adapter"
    ? compareRoots(rootOfAdapter(plan, after, nodeSha256), adapter!.root)
    : compareRoots(rootOfMomenta(plan, after, nodeSha256), adapter!.momentumRoot);
}

async function replayWork(
  { submissionId }: Case,
  { query, content, log }: CasePorts,
  onStep: OnStep,
): Promise<Replay> {
  const { submission } = await query.submission({ id: submissionId });
  const replayer = createReplayer({ query, content, log });
  try {
    return await replaySubmission(submission!, await replayer.open(submission!), onStep);
  } finally {
    await replayer.close();
  }
}
