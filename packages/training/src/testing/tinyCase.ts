/** A case about the tiny pool: what the chain knows, and both parties' computations, held in memory. For tests alone. */
import {
  blockBytes,
  programFacts,
  programOrder,
  type RecordedStep,
  recordsOf,
  rootOfTensor,
  tileRegion,
  traceOfRoots,
  treeOfTensor,
  weightBytes,
} from "@r3mes/engine";
import { createReferee, nodeSha256 } from "@r3mes/engine/node";
import { shardRoot } from "@r3mes/models";
import { tinyWeights } from "@r3mes/models/testing";
import { backboneRoot, datasetRoot, stateRoot, stepsRoot, type Tree } from "@r3mes/protocol";
import { batchShapeOf } from "../chunk/chunkRecords.ts";
import type { CaseFacts } from "../dispute/caseFacts.ts";
import type { Claim } from "../dispute/claim.ts";
import { executionOfTile, type RegisteredData } from "../dispute/executionOfTile.ts";
import {
  type DisputeCase,
  executeTile,
  openCase,
  pinpoint,
  postTrace,
} from "../dispute/judgeCase.ts";
import type { TileExecution, TracePost } from "../dispute/moves.ts";
import { pinpointOperation, pinpointStep, pinpointTile } from "../dispute/pinpoint.ts";
import { postOperations, postSteps, postTiles } from "../dispute/postTrace.ts";
import { type DisputedStep, keepTensors, type StepTrace } from "../dispute/stepTrace.ts";
import { type PostedNodes, treeAsPosted } from "../dispute/treeAsPosted.ts";
import { type ChunkState, rootOfAdapter } from "../step/chunkState.ts";
import { constantsOfStep } from "../step/runStep.ts";
import { placeOf, trainChunk } from "../step/trainChunk.ts";
import { openTinySession, tinyAdapter, tinyLeasedChunk, tinyPlan, tinyTokens } from "./tinyPool.ts";

export const TINY_STEP = 2;
const chunk = 1;
export const tinyRecords = recordsOf(tinyPlan.program);
const call = createReferee();

/** What one party computed, or claims to have computed. */
export interface Party {
  readonly stateRoots: readonly Uint8Array[];
  readonly step: StepTrace;
}

export interface TinyCase {
  readonly step: DisputedStep;
  readonly data: RegisteredData;
  readonly honest: Party;
  /** Storage bytes of every tensor of the honest step. */
  readonly recorded: RecordedStep;
  readonly weights: ReadonlyMap<number, Uint8Array>;
  /** The last record that writes state: a lie there reaches the state root, as every lie that pays does. */
  readonly lastWriter: number;
  facts(defender: Party): CaseFacts;
  /** A party whose tensors differ from the honest ones, and whose state follows from its own trace. */
  liar(lies: ReadonlyMap<number, Uint8Array>): Party;
}

export async function prepareTinyCase(): Promise<TinyCase> {
  const { program } = tinyPlan;
  const leased = tinyLeasedChunk(1, chunk);
  const states: ChunkState[] = [];
  const session = await openTinySession();
  const trained = await trainChunk(
    session,
    { plan: tinyPlan, leased, adapter: tinyAdapter() },
    {
      onState: (t, state) => {
        states[t] = state;
      },
    },
  );
  const step = { plan: tinyPlan, leased, t: TINY_STEP, before: states[TINY_STEP - 1]! };
  const recorded = await keepTensors(
    session,
    step,
    tinyRecords.map(({ tensor }) => tensor),
  );
  const facts = programFacts(program, nodeSha256);
  const { weights, data } = await registeredData();
  const bytesOf = (lies: ReadonlyMap<number, Uint8Array>, record: number) => {
    const { tensor } = tinyRecords[record]!;
    return lies.get(record) ?? recorded.after.get(tensor)!;
  };
  const honestRoots = tinyRecords.map(({ tensor }, record) =>
    rootOfTensor(program, tensor, bytesOf(new Map(), record), nodeSha256),
  );
  const party = (lies: ReadonlyMap<number, Uint8Array>): Party => {
    const trace = traceOfRoots(
      tinyRecords.map(({ tensor }, record) =>
        lies.has(record)
          ? rootOfTensor(program, tensor, lies.get(record)!, nodeSha256)
          : honestRoots[record]!,
      ),
      nodeSha256,
    );
    const after = facts.stateWriters.map((record) => trace.tensorRoots[record]!);
    const root = stateRoot(placeOf(tinyPlan, leased, TINY_STEP), after);
    return {
      stateRoots: trained.stateRoots.with(TINY_STEP - 1, root),
      step: {
        trace,
        tiles: async (record) =>
          treeOfTensor(program, tinyRecords[record]!.tensor, bytesOf(lies, record), nodeSha256),
      },
    };
  };
  return {
    step,
    data,
    recorded,
    weights,
    lastWriter: Math.max(...facts.stateWriters),
    honest: party(new Map()),
    liar: party,
    facts: (defender) => ({
      program: facts,
      backboneRoot: backboneRoot(data.weightRoots),
      dataset: { root: datasetRoot(data.shardRoots), shards: 1, tokens: tinyTokens.length },
      batch: batchShapeOf(tinyPlan),
      place: { pool: tinyPlan.pool, round: BigInt(leased.round), chunk: BigInt(chunk) },
      adapterRoot: rootOfAdapter(tinyPlan, tinyAdapter()),
      stepsRoot: stepsRoot(defender.stateRoots),
      constants: (t) => constantsOfStep(tinyPlan, leased, t),
      referee: call,
      hash: nodeSha256,
    }),
  };
}

async function registeredData() {
  const { program } = tinyPlan;
  const source = tinyWeights(program, 1);
  const weights = new Map<number, Uint8Array>();
  for (let id = 0; id < programOrder(program).weights; id++) {
    weights.set(id, await weightBytes(program, source, id));
  }
  const shard = new Uint8Array(tinyTokens.buffer);
  const data: RegisteredData = {
    weights: source,
    weightRoots: [...weights].map(([id, bytes]) => rootOfTensor(program, id, bytes, nodeSha256)),
    shardRoots: [shardRoot(shard)],
    tokens: tinyTokens.length,
  };
  return { weights, data };
}

/** The bytes of a record's tensor with one bit of one tile turned. */
export function flippedTile(
  { recorded }: TinyCase,
  record: number,
  tile: number,
  bit: number,
): Uint8Array {
  const id = tinyRecords[record]!.tensor;
  const tensor = tinyPlan.program.tensors[id]!;
  const bytes = recorded.after.get(id)!.slice();
  const { row, column } = tileRegion(tensor, tile);
  const place = blockBytes(tensor.dtype, 1, row * tensor.columns + column);
  bytes[place] = bytes[place]! ^ (1 << bit);
  return bytes;
}

export type Move =
  | { readonly kind: "post"; readonly post: TracePost }
  | { readonly kind: "pinpoint"; readonly child: number }
  | { readonly kind: "execute"; readonly execution: TileExecution };

export interface PlayedCase {
  readonly moves: readonly Move[];
  /** The case before each move, and after the last. */
  readonly cases: readonly DisputeCase[];
  readonly end: DisputeCase;
}

/**
 * Plays a case from the state roots to the end. A challenger that finds no difference names something all the same. The tile is
 * executed by the challenger if it computed honestly, else by the defender.
 */
export async function playTinyCase(
  tiny: TinyCase,
  defender: Party,
  challenger: Party,
): Promise<PlayedCase> {
  const facts = tiny.facts(defender);
  const moves: Move[] = [];
  const cases: DisputeCase[] = [openCase(facts)];
  const posts: PostedNodes[] = [];
  for (let current = cases[0]!; current.outcome === undefined; current = cases.at(-1)!) {
    const { claim, children, operation } = current;
    const isTile = claim.stage === "tiles" && !claim.isRoot && claim.height === 0;
    const own = challenger === tiny.honest ? challenger : defender;
    const tree =
      own === defender ? own.step.trace.tree : treeAsPosted(own.step.trace.tree, posts, nodeSha256);
    const move: Move = isTile
      ? {
          kind: "execute",
          execution: executionIn(tiny, { record: operation!, tile: claim.index }, tree),
        }
      : children.length > 0
        ? { kind: "pinpoint", child: (await childOf(challenger, current)) ?? falseChild(claim) }
        : { kind: "post", post: await postOf(defender, current) };
    if (move.kind === "post" && claim.stage === "operations") {
      posts.push({ claim, children: move.post.children });
    }
    moves.push(move);
    cases.push(applyMove(facts, current, move));
  }
  return { moves, cases, end: cases.at(-1)! };
}

export function applyMove(facts: CaseFacts, current: DisputeCase, move: Move): DisputeCase {
  if (move.kind === "post") return postTrace(facts, current, move.post);
  if (move.kind === "pinpoint") return pinpoint(facts, current, move.child);
  return executeTile(facts, current, move.execution);
}

async function postOf(defender: Party, { claim, operation }: DisputeCase): Promise<TracePost> {
  const { program } = tinyPlan;
  if (claim.stage === "steps") return postSteps(claim, defender.stateRoots);
  if (claim.stage === "operations") return postOperations(claim, program, defender.step);
  return postTiles(claim, program, operation!, defender.step, nodeSha256);
}

/** What a challenger names that has no difference of its own: the recorded step, and then whatever comes first. */
function falseChild({ stage }: Claim): number {
  return stage === "steps" ? TINY_STEP - 1 : 0;
}

async function childOf({ stateRoots, step }: Party, { claim, children, operation }: DisputeCase) {
  if (claim.stage === "steps") return pinpointStep(claim, children, stateRoots);
  if (claim.stage === "operations") return pinpointOperation(claim, children, step);
  return pinpointTile(claim, children, operation!, step);
}

/** The inputs of a tile as the honest step has them, proven in the trace that was posted. */
function executionIn(
  { step, data, recorded, weights }: TinyCase,
  disputed: { readonly record: number; readonly tile: number },
  trace: Tree,
): TileExecution {
  const inputs = new Map([...weights, ...recorded.after, ...recorded.before]);
  const deps = { referee: call, hash: nodeSha256 };
  return executionOfTile({ step, trace, data, inputs, ...disputed }, deps);
}
