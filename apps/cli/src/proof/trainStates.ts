/** A chunk trained again, with the states that are asked for. */
import { nodeSha256 } from "@r3mes/engine/node";
import type { OpenedChunk } from "@r3mes/participant";
import type { Hash } from "@r3mes/protocol";
import { type ChunkState, placeOf, rootOfState, trainChunk } from "@r3mes/training";

export type TrainedStates = {
  readonly stepsRoot: Hash;
  /** The root of the state after step t = 0 … H. */
  rootAfter(t: number): Hash;
  /** The state after step t, one of those that were asked for. */
  stateAfter(t: number): ChunkState;
};

/** `onStep` is called after each step. */
export type OnStep = (step: number, steps: number) => void;

export async function trainStates(
  { opened: { plan }, session, leased, adapter }: OpenedChunk,
  wanted: ReadonlySet<number>,
  onStep: OnStep,
): Promise<TrainedStates> {
  const states = new Map<number, ChunkState>();
  let first: Hash | undefined;
  const { stateRoots, stepsRoot } = await trainChunk(
    session,
    { plan, leased, adapter },
    {
      hash: nodeSha256,
      onState(t, state) {
        if (t === 0) first = rootOfState(plan, placeOf(plan, leased, t), state, nodeSha256);
        if (wanted.has(t)) states.set(t, state);
      },
      onStep: (t) => onStep(t, plan.localSteps),
    },
  );
  return {
    stepsRoot,
    rootAfter: (t) => (t === 0 ? first! : stateRoots[t - 1]!),
    stateAfter: (t) => states.get(t)!,
  };
}
