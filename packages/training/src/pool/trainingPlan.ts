/**
 * What a pool asks of whoever trains for it: the step program with its settings, as the chain's record and the model's registration
 * fix them. Two parties with equal plans compute equal bytes.
 */
import { type OuterSettings, type Program, stateTensors, type UpdateLayout } from "@r3mes/engine";
import { assert } from "@r3mes/protocol";

export interface TrainingPlan {
  readonly pool: bigint;
  readonly program: Program;
  /** Steps of a chunk (H). */
  readonly localSteps: number;
  /** Sequences of a step, and the tokens that each predicts. */
  readonly sequences: number;
  readonly length: number;
  /** In units of 2^-24. Step t of round r takes entry min((r - 1) · H + t - 1, last). */
  readonly learningRates: readonly number[];
  /** Share of a weight that decays in a step, in units of 2^-30. */
  readonly decay: number;
  /** Elements of the update that are sent, in thousandths. */
  readonly density: number;
  readonly outer: OuterSettings;
}

/** What of a plan decides how states and adapters look. */
export type StatePlan = Pick<TrainingPlan, "program">;

/** Numbers of the trained factors among the program's tensors, in program order: the tensors that an optimizer writes first. */
export function factorTensors(program: Program): readonly number[] {
  return program.operations
    .filter(({ kind }) => kind === "adam" || kind === "lion")
    .map(({ outputs }) => outputs[0]!)
    .sort((a, b) => a - b);
}

/** Elements of each factor. */
export function factorElements({ program }: StatePlan): number[] {
  return factorTensors(program).map((id) => {
    const { rows, columns } = program.tensors[id]!;
    return rows * columns;
  });
}

/** Which tensor of the state is factor number `factor`. */
export function stateOfFactor(program: Program, factor: number): number {
  return stateTensors(program).indexOf(factorTensors(program)[factor]!);
}

export function updateLayoutOf(plan: TrainingPlan): UpdateLayout {
  return { elements: factorElements(plan), keptPerMille: plan.density };
}

/** The learning rate of step t (from 1) of a round (from 1). */
export function learningRateOf(
  plan: Pick<TrainingPlan, "localSteps" | "learningRates">,
  round: number,
  t: number,
): number {
  assert(round >= 1 && t >= 1 && t <= plan.localSteps, "rounds and steps count from 1");
  const entry = (round - 1) * plan.localSteps + t - 1;
  return plan.learningRates[Math.min(entry, plan.learningRates.length - 1)]!;
}
