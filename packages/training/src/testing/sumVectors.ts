/**
 * Writes spec/vectors/dispute/sum.json: whole cases about the sum of a round of the tiny model, move by move, from its tensors to the
 * computed tile. `node packages/training/src/testing/sumVectors.ts`; a test holds the file to what this computes.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compress, encodeUpdate, programFacts } from "@r3mes/engine";
import { nodeSha256 } from "@r3mes/engine/node";
import { noise, toHex } from "@r3mes/protocol";
import { updatesRoot } from "@r3mes/protocol/testing";
import type { Adapter } from "../adapter/adapter.ts";
import { aggregateRound } from "../aggregation/aggregateRound.ts";
import type { Claim } from "../dispute/claim.ts";
import {
  executionOfSum,
  pinpointSumTensor,
  pinpointSumTile,
  postSumTensors,
  postSumTiles,
  type SummedRound,
  type SumPart,
  sumOf,
} from "../dispute/sumCase.ts";
import { updateLayoutOf } from "../pool/trainingPlan.ts";
import { rootOfAdapter } from "../step/chunkState.ts";
import { rootOfMomenta } from "../step/rootOfMomenta.ts";
import { rootOfUpdate } from "../step/rootOfUpdate.ts";
import { disputeFolder } from "./disputeVectors.ts";
import { type Json, moveJson, type VectorMove } from "./moveJson.ts";
import { tinyAdapter, tinyPlan } from "./tinyPool.ts";

/** A round whose updates were drawn instead of trained: a sum asks nobody where they come from. */
export function tinyRound(before: Adapter, isFresh: boolean, seed: number): SummedRound {
  const layout = updateLayoutOf(tinyPlan);
  const updates = [1, 2, 3].map((miner) => {
    const after = before.factors.map((factor, tensor) =>
      factor.map((value, i) => value + (noise(seed, miner, tensor, i, 0) % (2000 * miner))),
    );
    return encodeUpdate(layout, compress(layout, before.factors, after));
  });
  return { plan: tinyPlan, before, isFresh, updates, hash: nodeSha256 };
}

/** The first round of a pool, and the second, which has a momentum. */
export function tinyRounds(): { readonly first: SummedRound; readonly second: SummedRound } {
  const first = tinyRound(tinyAdapter(), true, 1);
  const after = aggregateRound(tinyPlan, first.before, first.updates);
  return { first, second: tinyRound(after, false, 2) };
}

/** A sum with one element altered. */
export function alteredSum(after: Adapter, part: SumPart, factor: number, index: number): Adapter {
  const list = part === "adapter" ? after.factors : after.momenta;
  const changed = list.map((values, i) =>
    i === factor ? values.with(index, values[index]! ^ 1) : values,
  );
  return part === "adapter" ? { ...after, factors: changed } : { ...after, momenta: changed };
}

/** Every tree of the tiny model fits one post, so a claim is a whole tree, and then what was pinpointed of it. */
const whole = (stage: "tensors" | "tiles"): Claim => ({
  stage,
  isRoot: true,
  height: 0,
  index: 0,
  hash: new Uint8Array(32),
});

/** `insist` is the tensor and the tile that a challenger names of a sum that is right. */
export function playSum(
  round: SummedRound,
  part: SumPart,
  claimed: Adapter,
  insist?: { readonly place: number; readonly tile: number },
): readonly VectorMove[] {
  const truth = sumOf(round, part);
  const stated = { ...truth, after: claimed };
  const tensors = postSumTensors(whole("tensors"), stated);
  const found = pinpointSumTensor(whole("tensors"), tensors.children, truth);
  const place = found ?? insist!.place;
  const tiles = postSumTiles(whole("tiles"), stated, place);
  const posted = tiles.children;
  const tile = pinpointSumTile(whole("tiles"), posted, truth, place) ?? insist!.tile;
  return [
    { post: tensors },
    { pinpoint: place },
    { post: tiles },
    ...(posted.length === 1 ? [] : [{ pinpoint: tile }]),
    { execute: executionOfSum(round, part, place, tile) },
  ];
}

export function sumVectors(): { readonly cases: readonly Json[] } {
  const { first, second } = tinyRounds();
  const about = new Map([first, second].map((round) => [round, factsOfRound(round)]));
  const wrong = (name: string, round: SummedRound, part: SumPart, at: [number, number]) => {
    const claimed = alteredSum(sumOf(round, part).after, part, ...at);
    const facts = { ...about.get(round)!, ...factsOfSum(part, claimed) };
    return caseOf(name, facts, playSum(round, part, claimed), "defenderLost");
  };
  const right = (name: string, place: number) => {
    const { after } = sumOf(second, "adapter");
    const facts = { ...about.get(second)!, ...factsOfSum("adapter", after) };
    const moves = playSum(second, "adapter", after, { place, tile: 1 });
    return caseOf(name, facts, moves, "challengerLost");
  };
  return {
    cases: [
      wrong("an element of a factor, in the first round", first, "adapter", [3, 40]),
      wrong("an element of a factor, with a momentum before", second, "adapter", [9, 70]),
      wrong("an element of a momentum, with one before", second, "momentum", [2, 33]),
      right("a right sum, for a factor", 12),
      right("a right sum, for what an optimizer keeps", 13),
    ],
  };
}

function factsOfRound({ before, isFresh, updates }: SummedRound): Json {
  const { root, ...facts } = programFacts(tinyPlan.program, nodeSha256);
  const { momentum, learningRate } = tinyPlan.outer;
  const roots = updates.map((bytes) => rootOfUpdate(tinyPlan, bytes, nodeSha256));
  return {
    ...facts,
    root: toHex(root),
    outerMomentum: momentum,
    outerLearningRate: learningRate,
    adapterRoot: toHex(rootOfAdapter(tinyPlan, before, nodeSha256)),
    ...(!isFresh && { momentumRoot: toHex(rootOfMomenta(tinyPlan, before, nodeSha256)) }),
    updatesRoot: toHex(updatesRoot(roots, nodeSha256)),
  };
}

function factsOfSum(part: SumPart, claimed: Adapter): Json {
  return {
    isMomentum: part === "momentum",
    sumRoot: toHex(rootOfAdapter(tinyPlan, claimed, nodeSha256)),
    sumMomentumRoot: toHex(rootOfMomenta(tinyPlan, claimed, nodeSha256)),
  };
}

function caseOf(name: string, facts: Json, moves: readonly VectorMove[], outcome: string): Json {
  return { name, facts, moves: moves.map((move) => moveJson(move, "sum")), outcome };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { cases } = sumVectors();
  const about =
    "Cases about the sum of a round of a tiny model, move by move, to the computed tile. Lists of hashes are joined.";
  const lines = cases.map((each) => `    ${JSON.stringify(each)}`).join(",\n");
  mkdirSync(disputeFolder, { recursive: true });
  writeFileSync(
    new URL("sum.json", disputeFolder),
    `{\n  "about": ${JSON.stringify(about)},\n  "cases": [\n${lines}\n  ]\n}\n`,
  );
}
