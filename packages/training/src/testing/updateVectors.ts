/**
 * Writes spec/vectors/dispute/update.json: whole cases about the update of a chunk of the tiny model, move by move, from its tensors to
 * the judged tile. `node packages/training/src/testing/updateVectors.ts`; a test holds the file to what this computes.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compress, programFacts, type TensorUpdate, type Update } from "@r3mes/engine";
import { nodeSha256 } from "@r3mes/engine/node";
import { stateRoot, toHex, updateRoot } from "@r3mes/protocol";
import type { Claim } from "../dispute/claim.ts";
import type { UpdateClaim } from "../dispute/moves.ts";
import { nodesOfClaim, treeOfItems } from "../dispute/postTrace.ts";
import {
  executionOfUpdate,
  pinpointSigns,
  pinpointSums,
  pinpointTensor,
  postSigns,
  postSums,
  postTensors,
  SCALE_DISPUTED,
  type UpdateLists,
  type UpdateStates,
  updateClaimOf,
  updateLists,
} from "../dispute/updateCase.ts";
import { factorTensors, updateLayoutOf } from "../pool/trainingPlan.ts";
import { type ChunkState, factorsOf, rootOfAdapter, rootsOfState } from "../step/chunkState.ts";
import { itemsOfUpdate, signTiles } from "../step/rootOfUpdate.ts";
import { placeOf, trainChunk } from "../step/trainChunk.ts";
import { disputeFolder } from "./disputeVectors.ts";
import { type Json, moveJson, type VectorMove } from "./moveJson.ts";
import { openTinySession, tinyAdapter, tinyLeasedChunk, tinyPlan } from "./tinyPool.ts";

export interface TinyUpdate {
  readonly states: UpdateStates;
  /** What the states compress to. */
  readonly honest: Update;
}

export interface PlayedUpdate {
  readonly moves: readonly VectorMove[];
  /** The disputed factor, tile and list; the tile is absent if the challenger had nothing to object to. */
  readonly place: number;
  readonly tile: number | undefined;
  readonly isAboutScale: boolean;
}

const chunk = 1;
const leased = tinyLeasedChunk(1, chunk);

export async function prepareTinyUpdate(): Promise<TinyUpdate> {
  const states: ChunkState[] = [];
  await trainChunk(
    await openTinySession(),
    { plan: tinyPlan, leased, adapter: tinyAdapter() },
    {
      onState: (t, state) => {
        states[t] = state;
      },
    },
  );
  const last = states.at(-1)!;
  const honest = compress(
    updateLayoutOf(tinyPlan),
    tinyAdapter().factors,
    factorsOf(tinyPlan, last),
  );
  return { states: { plan: tinyPlan, first: states[0]!, last, hash: nodeSha256 }, honest };
}

/** An update with one of its tensors altered. */
export function altered(
  update: Update,
  place: number,
  change: (tensor: TensorUpdate) => TensorUpdate,
): Update {
  return update.map((tensor, i) => (i === place ? change(tensor) : tensor));
}

/** Every tree of the tiny model fits one post, so a claim is a whole tree, and then what was pinpointed of it. */
const whole = (stage: "tensors" | "tiles"): Claim => ({
  stage,
  isRoot: true,
  height: 0,
  index: 0,
  hash: new Uint8Array(32),
});

/** `insist` is the tensor and the tile, or the scale, that a challenger names of an update that is right. */
export function playUpdate(
  { states, honest }: TinyUpdate,
  revealed: Update,
  insist?: { readonly place: number; readonly child: number },
): PlayedUpdate {
  const tensors = postTensors(whole("tensors"), states, revealed);
  const named = pinpointTensor(whole("tensors"), tensors.children, states, honest);
  const place = named ?? insist!.place;
  const moves: VectorMove[] = [{ post: tensors }, { pinpoint: place }];
  const id = factorTensors(tinyPlan.program)[place]!;
  const tiles = signTiles(tinyPlan.program, id, revealed[place]!);
  const { scale, kept, signsRoot } = itemsOfUpdate(tinyPlan, revealed, nodeSha256)[place]!;
  const stated: UpdateClaim = {
    ...updateClaimOf(states, place, honest[place]!),
    ...{ scale, kept, signsRoot },
  };
  const own = updateLists(states, place, stated);
  const signs = postSigns(whole("tiles"), states, place, stated);
  const posted = nodesOfClaim(whole("tiles"), treeOfItems(tiles, nodeSha256));
  moves.push({ post: { ...signs, children: posted } });
  const depth = Math.log2(posted.length);
  const claim = { ...whole("tiles"), isRoot: false, height: depth };
  const child = pinpointSigns(claim, posted, stated, own) ?? insist?.child;
  if (child === undefined) return { moves, place, tile: undefined, isAboutScale: false };
  moves.push({ pinpoint: child });
  const isAboutScale = child === SCALE_DISPUTED;
  const tile = isAboutScale ? playSums(moves, claim, stated, own) : child;
  const lists = {
    signs: treeOfItems(tiles, nodeSha256),
    ...(isAboutScale && { sums: treeOfItems(own.sums, nodeSha256) }),
  };
  const items = { ...own, signs: tiles };
  moves.push({ execute: executionOfUpdate(states, { place, tile }, items, lists) });
  return { moves, place, tile, isAboutScale };
}

function playSums(
  moves: VectorMove[],
  claim: Claim,
  stated: UpdateClaim,
  own: UpdateLists,
): number {
  const sums = postSums(whole("tiles"), own);
  moves.push({ post: sums });
  if (sums.children.length === 1) return 0;
  const child = pinpointSums(claim, sums.children, stated, own) ?? own.sums.length - 1;
  moves.push({ pinpoint: child });
  return child;
}

/** What is wrong with the update of a cheat. */
export const UPDATE_LIES: Readonly<Record<string, (tensor: TensorUpdate) => TensorUpdate>> = {
  "a sign turned": ({ negative, ...tensor }) => ({
    ...tensor,
    negative: negative.with(-1, 1 - negative.at(-1)!),
  }),
  "an element that comes later in the order": ({ indices, ...tensor }) => {
    const other = indices.findLast((index, i) => index + 1 < (indices[i + 1] ?? 0))! + 1;
    const first = indices.slice(1);
    return { ...tensor, indices: Uint32Array.from([...first, other]).sort() };
  },
  "a scale that is one too large": (tensor) => ({ ...tensor, scale: tensor.scale + 1 }),
};

export async function updateVectors(
  tiny: TinyUpdate,
): Promise<{ readonly cases: readonly Json[] }> {
  const cases: Json[] = [];
  for (const [i, [name, lie]] of Object.entries(UPDATE_LIES).entries()) {
    const revealed = altered(tiny.honest, 3 + 5 * i, lie);
    cases.push(caseOf(name, tiny, revealed, playUpdate(tiny, revealed), "defenderLost"));
  }
  for (const [name, child] of [
    ["a tile", 1],
    ["the scale", SCALE_DISPUTED],
  ] as const) {
    const played = playUpdate(tiny, tiny.honest, { place: 4, child });
    cases.push(caseOf(`a right update, for ${name}`, tiny, tiny.honest, played, "challengerLost"));
  }
  return { cases };
}

function caseOf(
  name: string,
  tiny: TinyUpdate,
  revealed: Update,
  played: PlayedUpdate,
  outcome: string,
) {
  const { root, ...facts } = programFacts(tinyPlan.program, nodeSha256);
  const { localSteps, density, pool } = tinyPlan;
  const roots = rootsOfState(tinyPlan, tiny.states.last, nodeSha256);
  const bytes = revealed.map(({ scale, indices, negative }) => ({
    scale,
    indices: [...indices],
    negative: [...negative],
  }));
  return {
    name,
    facts: {
      ...facts,
      root: toHex(root),
      localSteps,
      density,
      pool: String(pool),
      round: leased.round,
      chunk,
      adapterRoot: toHex(rootOfAdapter(tinyPlan, tinyAdapter())),
      rootFinal: toHex(stateRoot(placeOf(tinyPlan, leased, localSteps), roots)),
      updateRoot: toHex(updateRoot(itemsOfUpdate(tinyPlan, revealed, nodeSha256))),
    },
    disputed: bytes[played.place],
    moves: played.moves.map((move) => moveJson(move, "update")),
    outcome,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { cases } = await updateVectors(await prepareTinyUpdate());
  const about =
    "Cases about the update of a chunk of a tiny model, move by move, to the judged tile. Lists of hashes are joined.";
  const lines = cases.map((each) => `    ${JSON.stringify(each)}`).join(",\n");
  mkdirSync(disputeFolder, { recursive: true });
  writeFileSync(
    new URL("update.json", disputeFolder),
    `{\n  "about": ${JSON.stringify(about)},\n  "cases": [\n${lines}\n  ]\n}\n`,
  );
}
