/**
 * A disputed tile as every validator computes it: the referee names the leaves, the leaves are proven under agreed roots, the referee
 * executes. It knows roots and counts, and no operation. Source: spec/verification.md section 3.
 */
import {
  decodeClosure,
  decodeRecord,
  encodeRefereeRequest,
  type LeafRange,
  type RangeBytes,
  sourceOf,
} from "@r3mes/engine";
import {
  equalBytes,
  hashBytes,
  LIMITS,
  operationRoot,
  R3mesError,
  stateRootOfTree,
  type TensorLayout,
  tensorDepth,
  tensorRootOfTree,
  tileBytes,
  tilePosition,
  tileSlot,
  treeDepth,
  treeOfMultiproof,
  treeOfProof,
  verifyListItem,
} from "@r3mes/protocol";
import { layoutOfShard, leavesOfTiles, tileOfLeaves } from "./batchLeaves.ts";
import type { CaseFacts } from "./caseFacts.ts";
import { indicesOf } from "./executionOfTile.ts";
import type { ShardLeaves, TileExecution, TileInput } from "./moves.ts";

/** What the parties agreed about on the way to the tile. */
export interface AgreedRoots {
  readonly step: number;
  /** The disputed record: everything before it is agreed. */
  readonly operation: number;
  readonly record: Uint8Array;
  readonly stateBefore: Uint8Array;
  readonly traceRoot: Uint8Array;
}

/** Calls in which a closure may be named. */
const CALLS_MAX = LIMITS.refereeCallsMax;

/**
 * The payload of the tile, or null if the referee refuses. A trap is the host's error and passes through.
 *
 * @throws TILE_INPUT_INVALID unless the inputs are exactly those that the referee names, MERKLE_… where a proof leads elsewhere
 */
export function executeDisputedTile(
  facts: CaseFacts,
  agreed: AgreedRoots,
  tile: number,
  execution: TileExecution,
): Uint8Array | null {
  checkSize(execution);
  const { inputs: layouts } = decodeRecord(agreed.record);
  const constantsSlot = layouts.findIndex((layout) => from(facts, layout) === "constants");
  const constants = constantsSlot < 0 ? new Uint8Array(0) : facts.constants(agreed.step);
  const request = { record: agreed.record, tile, constants };
  const given: RangeBytes[] = [];
  const batch = openBatch(facts, agreed.step, execution.shards);
  for (let call = 0; call < CALLS_MAX; call++) {
    const response = facts.referee("closure", encodeRefereeRequest({ ...request, inputs: given }));
    if (typeof response === "number") return null;
    const { ranges, more } = decodeClosure(response);
    for (const range of ranges) {
      const input = execution.inputs[given.length];
      const layout = layouts[range.slot];
      if (input === undefined || !layout || !isSameRange(input, range)) throw refuse(range);
      const isBatch = from(facts, layout) === "batch";
      const bytes = isBatch
        ? batch.payload(layout, indicesOf(input))
        : provenPayload(facts, agreed, layout, input);
      given.push({ slot: range.slot, first: range.first, bytes });
    }
    if (more) continue;
    if (given.length !== execution.inputs.length) throw refuse({ slot: given.length });
    batch.checkUsed();
    const output = facts.referee("execute", encodeRefereeRequest({ ...request, inputs: given }));
    return typeof output === "number" ? null : output;
  }
  return null;
}

function refuse(facts: Partial<LeafRange> & { readonly bytes?: number }): R3mesError {
  return new R3mesError({ code: "TILE_INPUT_INVALID", ...facts });
}

function from(facts: CaseFacts, layout: TensorLayout | null) {
  return layout === null ? null : sourceOf(facts.program, layout.tensor).from;
}

function checkSize({ inputs, shards }: TileExecution): void {
  const hashes = [
    ...inputs.flatMap(({ siblings, tensor }) => [...siblings, ...tensor.siblings]),
    ...shards.flatMap(({ siblings, shardSiblings }) => [...siblings, ...shardSiblings]),
  ];
  const payload = [...inputs, ...shards].reduce((sum, each) => sum + each.payload.length, 0);
  const bytes = payload + hashes.length * hashBytes;
  if (bytes > LIMITS.tileInputBytesMax) throw refuse({ bytes });
}

function isSameRange(input: TileInput, range: LeafRange): boolean {
  return (["slot", "first", "count", "stride"] as const).every((key) => input[key] === range[key]);
}

/** The payload of a range of a weight, of the state or of the trace, proven. */
function provenPayload(
  facts: CaseFacts,
  agreed: AgreedRoots,
  layout: TensorLayout,
  input: TileInput,
): Uint8Array {
  const source = sourceOf(facts.program, layout.tensor);
  // The chain hands constants over by itself; a referee that asks for their leaves is not answered.
  if (source.from === "constants") throw refuse({ slot: input.slot });
  const indices = indicesOf(input);
  const size = tileBytes(layout);
  if (input.payload.length !== size * indices.length) throw refuse({ slot: input.slot });
  const slots = indices.map((index, i) => {
    tilePosition(layout, index);
    return tileSlot(layout, index, input.payload.subarray(i * size, (i + 1) * size), facts.hash);
  });
  const proof = { depth: tensorDepth(layout), indices, slots, siblings: input.siblings };
  const root = tensorRootOfTree(layout, treeOfMultiproof(proof, facts.hash), facts.hash);
  checkTensor(facts, agreed, source, { ...input.tensor, root });
  return input.payload;
}

/** Whether a tensor's root stands in the list that its number names. */
function checkTensor(
  facts: CaseFacts,
  agreed: AgreedRoots,
  source: ReturnType<typeof sourceOf>,
  proof: { readonly root: Uint8Array } & TileInput["tensor"],
): void {
  const { index, siblings, root } = proof;
  const { weights, stateTensors, records } = facts.program;
  if (source.from === "weight") {
    const backbone = { tag: "remes/backbone/1", count: weights, root: facts.backboneRoot } as const;
    verifyListItem(backbone, { index: source.item, slot: root, siblings }, facts.hash);
  } else if (source.from === "state") {
    const depth = treeDepth(stateTensors);
    const tree = treeOfProof({ depth, index: source.item, slot: root, siblings }, facts.hash);
    const found = stateRootOfTree({ ...facts.place, t: agreed.step - 1 }, tree, facts.hash);
    if (!equalBytes(found, agreed.stateBefore)) {
      const expected = agreed.stateBefore;
      throw new R3mesError({ code: "MERKLE_PROOF_INVALID", root: expected, found });
    }
  } else {
    if (index >= agreed.operation) throw new R3mesError({ code: "MERKLE_INDEX_INVALID", index });
    const trace = { tag: "remes/trace/1", count: records, root: agreed.traceRoot } as const;
    verifyListItem(trace, { index, slot: operationRoot([root], facts.hash), siblings }, facts.hash);
  }
}

interface OpenedBatch {
  payload(layout: TensorLayout, tiles: readonly number[]): Uint8Array;
  /** Refuses leaves that no named tile needs. */
  checkUsed(): void;
}

/** The leaves of the dataset that came with an execution, proven. */
function openBatch(facts: CaseFacts, step: number, shards: readonly ShardLeaves[]): OpenedBatch {
  const at = { chunk: Number(facts.place.chunk), t: step, batch: facts.batch };
  const opened = new Map<number, ReadonlyMap<number, Uint8Array>>();
  for (const each of shards) opened.set(each.shard, openShard(facts, each));
  const named: { readonly layout: TensorLayout; readonly tiles: readonly number[] }[] = [];
  const leafBytes = ({ shard, leaf }: { readonly shard: number; readonly leaf: number }) => {
    const bytes = opened.get(shard)?.get(leaf);
    if (bytes === undefined) throw new R3mesError({ code: "TILE_INPUT_INVALID", shard, leaf });
    return bytes;
  };
  return {
    payload(layout, tiles) {
      named.push({ layout, tiles });
      const size = tileBytes(layout);
      const payload = new Uint8Array(size * tiles.length);
      tiles.forEach((tile, i) => {
        payload.set(tileOfLeaves(layout, tile, at, leafBytes), i * size);
      });
      return payload;
    },
    checkUsed() {
      const layout = named[0]?.layout;
      const needed =
        layout === undefined
          ? []
          : [
              ...leavesOfTiles(
                layout,
                named.flatMap(({ tiles }) => tiles),
                at,
              ),
            ];
      const isExact =
        needed.length === shards.length &&
        needed.every(([shard, leaves], i) => {
          const sent = shards[i]!;
          return (
            sent.shard === shard &&
            sent.leaves.length === leaves.length &&
            leaves.every((leaf, j) => sent.leaves[j] === leaf)
          );
        });
      if (!isExact) throw new R3mesError({ code: "TILE_INPUT_INVALID", shards: shards.length });
    },
  };
}

function openShard(
  { dataset, hash }: CaseFacts,
  sent: ShardLeaves,
): ReadonlyMap<number, Uint8Array> {
  const { shard, leaves, payload } = sent;
  if (shard * LIMITS.shardTokensMax >= dataset.tokens) {
    throw new R3mesError({ code: "TILE_INPUT_INVALID", shard });
  }
  const layout = layoutOfShard(shard, dataset.tokens);
  const size = tileBytes(layout);
  if (payload.length !== size * leaves.length) {
    throw new R3mesError({ code: "TILE_INPUT_INVALID", shard, bytes: payload.length });
  }
  const bytes = leaves.map((_, i) => payload.subarray(i * size, (i + 1) * size));
  const slots = bytes.map((each, i) => {
    tilePosition(layout, leaves[i]!);
    return tileSlot(layout, leaves[i]!, each, hash);
  });
  const proof = { depth: tensorDepth(layout), indices: leaves, slots, siblings: sent.siblings };
  const root = tensorRootOfTree(layout, treeOfMultiproof(proof, hash), hash);
  const list = { tag: "remes/dataset/1", count: dataset.shards, root: dataset.root } as const;
  verifyListItem(list, { index: shard, slot: root, siblings: sent.shardSiblings }, hash);
  return new Map(leaves.map((leaf, i) => [leaf, bytes[i]!]));
}
