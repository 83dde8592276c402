/**
 * Writes spec/vectors/dispute: whole cases about a step of the tiny model, move by move, from the state roots to the executed tile, and
 * moves that must be refused. `node packages/training/src/testing/disputeVectors.ts`; a test holds the files to what this computes.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { recordsOf } from "@r3mes/engine";
import { toHex } from "@r3mes/protocol";
import type { DisputeCase } from "../dispute/judgeCase.ts";
import type { ShardLeaves, TileInput, TracePost } from "../dispute/moves.ts";
import {
  flippedTile,
  type Move,
  type Party,
  playTinyCase,
  prepareTinyCase,
  TINY_STEP,
  type TinyCase,
} from "./tinyCase.ts";
import { tinyLeasedChunk, tinyPlan } from "./tinyPool.ts";

export const disputeFolder = new URL("../../../../spec/vectors/dispute/", import.meta.url);

type Json = { readonly [field: string]: unknown };

/** Operations whose inputs come from everywhere: dataset, backbone, state, constants, trace. */
const DISPUTED = [
  ["a row of the embedding: batch and backbone", "embed"],
  ["a linear layer: backbone and trace", "layers.0.q.y"],
  ["the working copy of a factor: state and trace", "layers.1.o.b.copy"],
  ["gradients of the scores: batch, constants and trace", "dlogits"],
  ["an optimizer: state, constants and trace", "layers.0.down.a.update"],
] as const;

export async function disputeVectors(tiny: TinyCase): Promise<{ readonly cases: readonly Json[] }> {
  const records = recordsOf(tinyPlan.program);
  const lastWriter = tiny.lastWriter;
  const cases: Json[] = [];
  for (const [name, operation] of DISPUTED) {
    const record = records.findIndex((each) => each.operation.name === operation);
    const lies = new Map([[lastWriter, flippedTile(tiny, lastWriter, 0, 0)]]);
    const liar = tiny.liar(lies.set(record, flippedTile(tiny, record, 1, 3)));
    cases.push(await caseOf(name, tiny, liar, tiny.honest));
    if (operation === "layers.0.q.y") {
      cases.push(await caseOf(`${name}, falsely challenged`, tiny, tiny.honest, liar));
    }
  }
  return { cases };
}

async function caseOf(name: string, tiny: TinyCase, defender: Party, challenger: Party) {
  const facts = tiny.facts(defender);
  const played = await playTinyCase(tiny, defender, challenger);
  const leased = tinyLeasedChunk(1, Number(facts.place.chunk));
  return {
    name,
    facts: {
      ...facts.program,
      root: toHex(facts.program.root),
      backboneRoot: toHex(facts.backboneRoot),
      datasetRoot: toHex(facts.dataset.root),
      shards: facts.dataset.shards,
      tokens: facts.dataset.tokens,
      ...facts.batch,
      pool: String(facts.place.pool),
      round: Number(facts.place.round),
      chunk: Number(facts.place.chunk),
      roundSeed: toHex(leased.roundSeed),
      learningRates: tinyPlan.learningRates,
      adapterRoot: toHex(facts.adapterRoot),
      stepsRoot: toHex(facts.stepsRoot),
    },
    moves: played.moves.map((move, i) => ({
      ...moveJson(move),
      claim: claimJson(played.cases[i + 1]!),
    })),
    step: TINY_STEP,
    constants: toHex(facts.constants(TINY_STEP)),
    outcome: played.end.outcome,
  };
}

function claimJson({ claim }: DisputeCase): Json {
  const { stage, isRoot, height, index, hash } = claim;
  return { stage, isRoot, height, index, hash: toHex(hash) };
}

const hexes = (hashes: readonly Uint8Array[]) => hashes.map(toHex).join("");

function moveJson(move: Move): Json {
  if (move.kind === "pinpoint") return { pinpoint: move.child };
  if (move.kind === "post") return { post: postJson(move.post) };
  const { inputs, shards } = move.execution;
  return { execute: { inputs: inputs.map(inputJson), shards: shards.map(shardJson) } };
}

/** Lists of hashes are joined. */
function postJson({ children, trace, record }: TracePost): Json {
  return {
    children: hexes(children),
    ...(trace && {
      traceRoot: toHex(trace.root),
      stateRoots: hexes(trace.binding.stateRoots),
      stateSiblings: hexes(trace.binding.siblings),
    }),
    ...(record && {
      record: toHex(record.bytes),
      recordIndex: record.proof.index,
      recordSiblings: hexes(record.proof.siblings),
    }),
  };
}

function inputJson({ payload, siblings, tensor, ...range }: TileInput): Json {
  return {
    ...range,
    payload: toHex(payload),
    siblings: hexes(siblings),
    tensorIndex: tensor.index,
    tensorSiblings: hexes(tensor.siblings),
  };
}

function shardJson({ shard, leaves, payload, siblings, shardSiblings }: ShardLeaves): Json {
  return {
    shard,
    leaves,
    payload: toHex(payload),
    siblings: hexes(siblings),
    shardSiblings: hexes(shardSiblings),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { cases } = await disputeVectors(await prepareTinyCase());
  const about =
    "Cases about one step of a tiny model, move by move with the claim that each leaves, to the executed tile. Lists of hashes are joined.";
  const lines = cases.map((each) => `    ${JSON.stringify(each)}`).join(",\n");
  mkdirSync(disputeFolder, { recursive: true });
  writeFileSync(
    new URL("case.json", disputeFolder),
    `{\n  "about": ${JSON.stringify(about)},\n  "cases": [\n${lines}\n  ]\n}\n`,
  );
}
