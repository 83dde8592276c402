/**
 * The rules of a case as the chain applies them: each move is checked against roots alone and gives the next case, or is refused and
 * changes nothing. Whoever replays a case from its file runs this; the chain has the same rules in its own language, held equal by
 * vectors. Clocks and bonds are the chain's. Source: spec/verification.md sections 2 and 3.
 */
import { decodeRecord } from "@r3mes/engine";
import {
  auditedOperations,
  emptyHash,
  equalBytes,
  executionDigest,
  hashBytes,
  leafHash,
  listRootOfTree,
  operationRoot,
  R3mesError,
  stateRoot,
  stateRootOfTree,
  tensorRootOfTree,
  tileSlot,
  verifyListItem,
  verifyListItems,
} from "@r3mes/protocol";
import type { CaseFacts } from "./caseFacts.ts";
import {
  type Claim,
  coversNothing,
  foldNodes,
  heightBelow,
  nodeOfClaim,
  type Stage,
  shapeOfList,
  shapeOfTensor,
  type TreeShape,
} from "./claim.ts";
import { executeDisputedTile } from "./executeDisputedTile.ts";
import type { TileExecution, TraceBinding, TracePost } from "./moves.ts";

export type CaseOutcome = "defenderLost" | "challengerLost" | "undecided";

export interface DisputeCase {
  readonly claim: Claim;
  /** What the defender posted last; empty while it is to move. */
  readonly children: readonly Uint8Array[];
  /** From 1; 0 until it is found. */
  readonly step: number;
  readonly stateBefore?: Uint8Array;
  readonly stateAfter?: Uint8Array;
  readonly traceRoot?: Uint8Array;
  /** The disputed record, from the stage of tiles on. */
  readonly operation?: number;
  readonly record?: Uint8Array;
  /** Leaf of the tile that the referee computed. */
  readonly executed?: Uint8Array;
  readonly outcome?: CaseOutcome;
}

const beginning = (stage: Stage, hash: Uint8Array): Claim => ({
  stage,
  isRoot: true,
  height: 0,
  index: 0,
  hash,
});

/** A case that begins at the state roots. */
export function openCase(facts: CaseFacts): DisputeCase {
  return { claim: beginning("steps", facts.stepsRoot), children: [], step: 0 };
}

/** A case about a step whose state roots before and after are known from the miner's opening. */
export function openStepCase(
  step: number,
  stateBefore: Uint8Array,
  stateAfter: Uint8Array,
): DisputeCase {
  const claim = beginning("operations", new Uint8Array(0));
  return { claim, children: [], step, stateBefore, stateAfter };
}

/** The defender's move. Throws CASE_MOVE_WRONG, TRACE_INVALID, TRACE_STATE_MISMATCH, ENCODING_INVALID or MERKLE_…. */
export function postTrace(facts: CaseFacts, current: DisputeCase, post: TracePost): DisputeCase {
  if (isTile(current) || current.children.length > 0) throw wrongMove(current);
  const next = current.claim.isRoot ? withFirstPost(facts, current, post) : current;
  const shape = shapeOfClaim(facts, next);
  const { height, index } = nodeOfClaim(next.claim, shape);
  const below = heightBelow(height);
  const count = 2 ** (height - below);
  if (post.children.length !== count) throw invalid({ expected: count });
  post.children.forEach((node, i) => {
    if (node.length !== hashBytes) throw invalid({ child: i });
    if (!coversNothing(shape, below, index * count + i)) return;
    if (!equalBytes(node, emptyHash(below))) throw invalid({ child: i });
  });
  const node = foldNodes(post.children, facts.hash);
  const found = next.claim.isRoot ? wrap(facts, next, node) : node;
  if (!equalBytes(found, next.claim.hash)) throw invalid({ found });
  const posted = { ...next, children: post.children };
  return count === 1 ? descend(facts, posted, 0) : posted;
}

/** The challenger's move. Throws CASE_MOVE_WRONG or PINPOINT_INVALID. */
export function pinpoint(facts: CaseFacts, current: DisputeCase, child: number): DisputeCase {
  if (current.children.length === 0) throw wrongMove(current);
  const shape = shapeOfClaim(facts, current);
  const { height, index } = nodeOfClaim(current.claim, shape);
  const count = current.children.length;
  const isNode = Number.isInteger(child) && child >= 0 && child < count;
  if (!isNode || coversNothing(shape, heightBelow(height), index * count + child)) {
    throw new R3mesError({ code: "PINPOINT_INVALID", child });
  }
  return descend(facts, current, child);
}

/** Anyone's move at a tile. Throws CASE_MOVE_WRONG, TILE_INPUT_INVALID or MERKLE_…. */
export function executeTile(
  facts: CaseFacts,
  current: DisputeCase,
  execution: TileExecution,
): DisputeCase {
  const { record, operation, stateBefore, traceRoot, step } = current;
  if (!isTile(current)) throw wrongMove(current);
  const { tensor } = decodeRecord(record!);
  const tile = current.claim.index;
  const agreed = {
    step,
    operation: operation!,
    stateBefore: stateBefore!,
    traceRoot: traceRoot!,
    record: record!,
  };
  const output = executeDisputedTile(facts, agreed, tile, execution);
  if (output === null) return { ...current, outcome: "undecided" };
  const executed = tileSlot(tensor, tile, output, facts.hash);
  const isEqual = equalBytes(executed, current.claim.hash);
  return { ...current, executed, outcome: isEqual ? "challengerLost" : "defenderLost" };
}

const isTile = ({ claim }: DisputeCase): boolean =>
  claim.stage === "tiles" && !claim.isRoot && claim.height === 0;

function wrongMove({ claim, outcome }: DisputeCase): R3mesError {
  return new R3mesError({ code: "CASE_MOVE_WRONG", stage: claim.stage, outcome: outcome ?? "" });
}

function invalid(facts: { readonly [fact: string]: number | Uint8Array }): R3mesError {
  return new R3mesError({ code: "TRACE_INVALID", ...facts });
}

/** What comes with the first post of a stage, checked and kept. */
function withFirstPost(facts: CaseFacts, current: DisputeCase, post: TracePost): DisputeCase {
  const { stage } = current.claim;
  if (stage === "operations") return withTrace(facts, current, post);
  if (stage === "steps") return current;
  if (post.record === undefined) throw invalid({});
  const { bytes, proof } = post.record;
  if (proof.index !== current.operation) throw invalid({ record: proof.index });
  const { root, records } = facts.program;
  const program = { tag: "remes/program/1", count: records, root } as const;
  verifyListItem(program, { ...proof, slot: leafHash(bytes, facts.hash) }, facts.hash);
  decodeRecord(bytes);
  return { ...current, record: bytes };
}

function withTrace(facts: CaseFacts, current: DisputeCase, post: TracePost): DisputeCase {
  if (post.trace === undefined) throw invalid({});
  const { root, binding } = post.trace;
  const { stateWriters, records, stateTensors } = facts.program;
  if (binding.stateRoots.length !== stateTensors) throw invalid({ expected: stateTensors });
  const found = stateRoot({ ...facts.place, t: current.step }, binding.stateRoots, facts.hash);
  if (!equalBytes(found, current.stateAfter!)) {
    throw new R3mesError({ code: "TRACE_STATE_MISMATCH", expected: current.stateAfter!, found });
  }
  const slots = stateWriters
    .map((record, i) => ({ record, slot: operationRoot([binding.stateRoots[i]!], facts.hash) }))
    .sort((a, b) => a.record - b.record);
  verifyListItems(
    { tag: "remes/trace/1", count: records, root },
    {
      indices: slots.map(({ record }) => record),
      slots: slots.map(({ slot }) => slot),
      siblings: binding.siblings,
    },
    facts.hash,
  );
  checkDigest(facts, current, root, binding);
  return { ...current, traceRoot: root, claim: beginning("operations", root) };
}

/** The trace must give the digest that the case is about. */
function checkDigest(
  { digest, program, hash }: CaseFacts,
  { step, stateAfter }: DisputeCase,
  root: Uint8Array,
  binding: TraceBinding,
): void {
  if (digest === undefined) return;
  const { auditSeed, updateRoot, value } = digest;
  const indices = auditedOperations(auditSeed, program.records);
  const { roots, siblings } = binding.digest ?? { roots: [], siblings: [] };
  if (roots.length !== indices.length) throw invalid({ expected: indices.length });
  const trace = { tag: "remes/trace/1", count: program.records, root } as const;
  verifyListItems(trace, { indices, slots: roots, siblings }, hash);
  const operations = indices.map((index, i) => ({ index, root: roots[i]! }));
  const found = executionDigest({
    auditSeed,
    t: step,
    stateRoot: stateAfter!,
    updateRoot,
    operations,
  });
  if (!equalBytes(found, value)) throw invalid({ found });
}

function shapeOfClaim(facts: CaseFacts, { claim, record }: DisputeCase): TreeShape {
  if (claim.stage === "steps") return shapeOfList(facts.batch.localSteps);
  if (claim.stage === "operations") return shapeOfList(facts.program.records);
  return shapeOfTensor(decodeRecord(record!).tensor);
}

/** The root of a stage's tree, from the node at its top. */
function wrap(facts: CaseFacts, { claim, record }: DisputeCase, top: Uint8Array) {
  if (claim.stage === "steps") {
    return listRootOfTree("remes/steps/1", facts.batch.localSteps, top, facts.hash);
  }
  if (claim.stage === "operations") {
    return listRootOfTree("remes/trace/1", facts.program.records, top, facts.hash);
  }
  return operationRoot(
    [tensorRootOfTree(decodeRecord(record!).tensor, top, facts.hash)],
    facts.hash,
  );
}

/** Makes a posted node the claim; at a slot the next stage begins. */
function descend(facts: CaseFacts, current: DisputeCase, child: number): DisputeCase {
  const { stage } = current.claim;
  const node = nodeOfClaim(current.claim, shapeOfClaim(facts, current));
  const height = heightBelow(node.height);
  const index = node.index * current.children.length + child;
  const chosen = current.children[child]!;
  const next = { ...current, children: [] };
  if (height > 0 || stage === "tiles") {
    return { ...next, claim: { stage, isRoot: false, height, index, hash: chosen } };
  }
  if (stage === "operations") {
    return { ...next, operation: index, claim: beginning("tiles", chosen) };
  }
  const first = { ...facts.place, t: 0 };
  const stateBefore =
    index === 0
      ? stateRootOfTree(first, facts.adapterRoot, facts.hash)
      : current.children[child - 1]!;
  return {
    ...next,
    step: index + 1,
    stateBefore,
    stateAfter: chosen,
    claim: beginning("operations", new Uint8Array(0)),
  };
}
