import { readFileSync } from "node:fs";
import { tileIndices } from "@r3mes/engine";
import {
  auditedOperations,
  executionDigest,
  type Hash,
  R3mesError,
  treeNode,
} from "@r3mes/protocol";
import { beforeAll, describe, expect, test } from "vitest";
import { disputeFolder, disputeVectors } from "../testing/disputeVectors.ts";
import {
  applyMove,
  flippedTile,
  type Move,
  type Party,
  type PlayedCase,
  playTinyCase,
  prepareTinyCase,
  TINY_STEP,
  type TinyCase,
  tinyRecords,
} from "../testing/tinyCase.ts";
import { tinyPlan } from "../testing/tinyPool.ts";
import { openStepCase, postTrace } from "./judgeCase.ts";
import type { TileExecution, TileInput, TraceBinding, TracePost } from "./moves.ts";
import { postOperations } from "./postTrace.ts";

let tiny: TinyCase;

beforeAll(async () => {
  tiny = await prepareTinyCase();
});

/** The first record of each kind and output. */
const samples = [
  ...new Map(
    tinyRecords.map(
      ({ operation, output }, record) => [`${operation.kind} ${output}`, record] as const,
    ),
  ),
];

describe.each(samples)("%s", (_, record) => {
  test("one wrong bit in one tile is found, named, and decided against who stands by it", async () => {
    const tiles = tileIndices(tinyPlan.program.tensors[tinyRecords[record]!.tensor]!);
    const tile = tiles[(record * 7) % tiles.length]!;
    const { lastWriter } = tiny;
    const lies = new Map([[lastWriter, flippedTile(tiny, lastWriter, 0, 0)]]);
    const liar = tiny.liar(lies.set(record, flippedTile(tiny, record, tile, record % 8)));
    const named = { step: TINY_STEP, operation: record, claim: { stage: "tiles", index: tile } };
    const { end } = await playTinyCase(tiny, liar, tiny.honest);
    expect(end).toMatchObject({ ...named, outcome: "defenderLost" });
    if (record % 4 !== 0) return;
    const against = await playTinyCase(tiny, tiny.honest, liar);
    expect(against.end).toMatchObject({ ...named, outcome: "challengerLost" });
  });
});

test("the vectors are what these rules give", async () => {
  const written = JSON.parse(readFileSync(new URL("case.json", disputeFolder), "utf8"));
  expect({ cases: written.cases }).toEqual(JSON.parse(JSON.stringify(await disputeVectors(tiny))));
});

test("a challenger without a difference of its own cannot name a tile that convicts", async () => {
  const { end } = await playTinyCase(tiny, tiny.honest, tiny.honest);
  expect(end).toMatchObject({ step: TINY_STEP, operation: 0, outcome: "challengerLost" });
});

test("a case about a digest binds the operations that the digest names to the trace", () => {
  const { honest } = tiny;
  const { program } = tinyPlan;
  const bare = tiny.facts(honest);
  const [stateBefore, stateAfter] = [TINY_STEP - 2, TINY_STEP - 1].map(
    (i) => honest.stateRoots[i]!,
  );
  const auditSeed = new Uint8Array(32).fill(3);
  const updateRoot = new Uint8Array(32).fill(4);
  const drawn = auditedOperations(auditSeed, tinyRecords.length);
  const value = executionDigest({
    auditSeed,
    t: TINY_STEP,
    stateRoot: stateAfter!,
    updateRoot,
    operations: drawn.map((index) => ({
      index,
      root: treeNode(honest.step.trace.tree, 0, index),
    })),
  });
  const facts = { ...bare, digest: { auditSeed, updateRoot, value } };
  const opened = openStepCase(TINY_STEP, stateBefore!, stateAfter!);
  const post = postOperations(opened.claim, program, honest.step, drawn);
  expect(postTrace(facts, opened, post).children).toEqual(post.children);
  const other = { ...facts, digest: { ...facts.digest, value: updateRoot } };
  const invalid = expect.objectContaining({ code: "TRACE_INVALID" });
  expect(() => postTrace(other, opened, post)).toThrow(invalid);
  const silent = postOperations(opened.claim, program, honest.step);
  expect(() => postTrace(facts, opened, silent)).toThrow(invalid);
});

describe("refused, and the case stays as it was", () => {
  const moves = [
    "steps",
    "pinpoint step",
    "trace",
    "pinpoint",
    "records",
    "pinpoint record",
  ] as const;
  let played: PlayedCase;
  let defender: Party;

  beforeAll(async () => {
    const record = tinyRecords.findIndex(({ operation }) => operation.name === "dlogits");
    const { lastWriter } = tiny;
    const lies = new Map([[lastWriter, flippedTile(tiny, lastWriter, 0, 0)]]);
    defender = tiny.liar(lies.set(record, flippedTile(tiny, record, 1, 0)));
    played = await playTinyCase(tiny, defender, tiny.honest);
  });

  const codeOf = (at: number, move: Move): string | undefined => {
    try {
      applyMove(tiny.facts(defender), played.cases[at]!, move);
    } catch (error) {
      if (error instanceof R3mesError) return error.code;
      throw error;
    }
    return undefined;
  };
  const postAt = (at: number): TracePost => {
    const move = played.moves[at]!;
    if (move.kind !== "post") throw new RangeError(`move ${at} is no post`);
    return move.post;
  };
  const post = (at: number, change: Partial<TracePost>): string | undefined =>
    codeOf(at, { kind: "post", post: { ...postAt(at), ...change } });
  const turned = (bytes: Uint8Array) => bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte));
  const other = new Uint8Array(32).fill(9);

  test.each(moves.map((name, at) => [name, at] as const))("the wrong kind of move: %s", (_, at) => {
    const wrong: Move =
      played.moves[at]!.kind === "post"
        ? { kind: "pinpoint", child: 0 }
        : { kind: "post", post: { children: [other] } };
    expect(codeOf(at, wrong)).toBe("CASE_MOVE_WRONG");
    const execution = { inputs: [], shards: [] };
    expect(codeOf(at, { kind: "execute", execution })).toBe("CASE_MOVE_WRONG");
  });

  test("children that do not fold to the claim, are too few, or fill what is empty", () => {
    const { children } = postAt(0);
    expect(post(0, { children: children.with(0, other) })).toBe("TRACE_INVALID");
    expect(post(0, { children: children.slice(1) })).toBe("TRACE_INVALID");
    expect(post(0, { children: children.with(3, other) })).toBe("TRACE_INVALID");
    expect(post(0, { children: children.with(0, other.subarray(1)) })).toBe("TRACE_INVALID");
    expect(post(4, { children: postAt(4).children.with(1, other) })).toBe("TRACE_INVALID");
  });

  test("a pinpoint outside the post, or of a node that covers nothing", () => {
    for (const child of [-1, 3, 4, 0.5]) {
      expect(codeOf(1, { kind: "pinpoint", child })).toBe("PINPOINT_INVALID");
    }
  });

  test("a trace without its binding, or bound to another state", () => {
    const { trace, ...bare } = postAt(2);
    const { root, binding } = trace!;
    const rebound = (change: Partial<TraceBinding>) =>
      post(2, { trace: { root, binding: { ...binding, ...change } } });
    expect(codeOf(2, { kind: "post", post: bare })).toBe("TRACE_INVALID");
    expect(rebound({ stateRoots: binding.stateRoots.slice(1) })).toBe("TRACE_INVALID");
    expect(rebound({ stateRoots: binding.stateRoots.with(0, other) })).toBe("TRACE_STATE_MISMATCH");
    expect(rebound({ siblings: binding.siblings.with(0, other as Hash) })).toBe(
      "MERKLE_PROOF_INVALID",
    );
    expect(rebound({ siblings: binding.siblings.slice(1) })).toBe("MERKLE_PROOF_SHAPE_INVALID");
    expect(post(2, { trace: { root: other, binding } })).toBe("MERKLE_PROOF_INVALID");
  });

  test("tiles without their record, with another one, or with one that is not in the program", () => {
    const at = played.moves.findIndex((move) => move.kind === "post" && move.post.record);
    const { record, ...bare } = postAt(at);
    const { bytes, proof } = record!;
    expect(codeOf(at, { kind: "post", post: bare })).toBe("TRACE_INVALID");
    const moved = { ...proof, index: proof.index + 1 };
    expect(post(at, { record: { bytes, proof: moved } })).toBe("TRACE_INVALID");
    expect(post(at, { record: { bytes: turned(bytes), proof } })).toBe("MERKLE_PROOF_INVALID");
  });

  test("inputs that are not those of the referee, or not proven", () => {
    const at = played.moves.length - 1;
    const move = played.moves[at]!;
    if (move.kind !== "execute") throw new RangeError("the last move executes");
    const { inputs, shards } = move.execution;
    const executed = (change: Partial<TileExecution>) =>
      codeOf(at, { kind: "execute", execution: { ...move.execution, ...change } });
    const withInput = (i: number, change: Partial<TileInput>) =>
      executed({ inputs: inputs.with(i, { ...inputs[i]!, ...change }) });
    const proven = inputs.findIndex(({ payload }) => payload.length > 0);
    const { payload, tensor } = inputs[proven]!;
    expect(executed({ inputs: inputs.slice(1) })).toBe("TILE_INPUT_INVALID");
    expect(executed({ inputs: [...inputs, inputs[0]!] })).toBe("TILE_INPUT_INVALID");
    expect(executed({ inputs: inputs.toReversed() })).toBe("TILE_INPUT_INVALID");
    expect(withInput(proven, { count: 2 })).toBe("TILE_INPUT_INVALID");
    expect(withInput(proven, { payload: payload.subarray(1) })).toBe("TILE_INPUT_INVALID");
    expect(withInput(proven, { payload: turned(payload) })).toBe("MERKLE_PROOF_INVALID");
    expect(withInput(proven, { tensor: { ...tensor, index: 10_000 } })).toBe(
      "MERKLE_INDEX_INVALID",
    );
    expect(executed({ shards: [] })).toBe("TILE_INPUT_INVALID");
    const [shard] = shards;
    const spoiled = { ...shard!, payload: turned(shard!.payload) };
    expect(executed({ shards: [spoiled] })).toBe("MERKLE_PROOF_INVALID");
    expect(executed({ shards: [{ ...shard!, shard: 1 }] })).toBe("TILE_INPUT_INVALID");
    const fat = { ...inputs[proven]!, payload: new Uint8Array(200_000) };
    expect(executed({ inputs: [fat] })).toBe("TILE_INPUT_INVALID");
  });
});
