/** The course of a local run: go on from the checkpoint, train, save, measure, write the adapter. */
import { type Backend, stateTensors, type WeightSource } from "@r3mes/engine";
import type { AdapterTensors } from "@r3mes/inference";
import { datasetRecords, R3mesError, toHex } from "@r3mes/protocol";
import type { Clock } from "@r3mes/service";
import { type ChunkState, factorTensors, readState, writeState } from "@r3mes/training";
import { writeAdapterFolder } from "../adapters/adapterFolder.ts";
import type { LocalDataset } from "../datasets/localDataset.ts";
import { bitsPerToken, sampleLosses } from "../evaluation/sampleLoss.ts";
import { readCheckpoint, writeCheckpoint } from "./checkpointFile.ts";
import type { TrainView } from "./createTrainView.ts";
import {
  adapterOfState,
  type LocalRun,
  rootOfRun,
  runLocalStep,
  stateAtStart,
} from "./localRun.ts";

export type TrainOptions = {
  readonly run: LocalRun;
  readonly folder: string;
  /** Steps between checkpoints. */
  readonly saveEvery: number;
};

export type TrainDeps = {
  readonly backend: Backend;
  readonly weights: WeightSource;
  readonly dataset: Pick<LocalDataset, "name" | "tokens" | "shards">;
  readonly view: TrainView;
  readonly clock: Clock;
  /** Aborted when the process is asked to end: the step under way is finished and saved. */
  readonly interrupted: AbortSignal;
};

/** @throws TRAINING_INTERRUPTED, TRAINING_RUN_OTHER, TRAINING_CHECKPOINT_DAMAGED */
export async function trainLocally(options: TrainOptions, deps: TrainDeps): Promise<void> {
  const { run, folder } = options;
  const { steps } = run.settings;
  const checkpoint = readCheckpoint(folder, run);
  if (checkpoint !== undefined) {
    deps.view.note(`going on after step ${checkpoint.step} of ${steps}`);
  }
  const started = checkpoint ?? { step: 0, state: stateAtStart(run) };
  const trained =
    started.step === steps
      ? { state: started.state, tokensPerSecond: null }
      : await trainFrom(started, options, deps);
  const root = toHex(rootOfRun(run, steps, trained.state));
  writeAdapterFolder(folder, run, adapterOfState(run, trained.state), root);
  const heldOut = await measure(run, trained.state, deps);
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  const { tokensPerSecond } = trained;
  deps.view.result({ steps, root, heldOut, tokensPerSecond, peakBytes }, folder);
}

async function trainFrom(
  started: { readonly step: number; readonly state: ChunkState },
  { run, folder, saveEvery }: TrainOptions,
  { backend, weights, dataset, view, clock, interrupted }: TrainDeps,
): Promise<{ state: ChunkState; tokensPerSecond: number }> {
  const { steps, sequences, length } = run.settings;
  const shards = await dataset.shards("train");
  const session = await backend.prepare(run.plan.program, weights);
  try {
    writeState(session, started.state);
    const beganMs = clock.monotonicMs();
    const tokensPerSecondAt = (step: number) =>
      ((step - started.step) * sequences * length * 1000) / (clock.monotonicMs() - beganMs);
    for (let step = started.step + 1; step <= steps; step += 1) {
      const loss = await runLocalStep(session, run, shards, step);
      const tokensPerSecond = tokensPerSecondAt(step);
      view.step({
        step,
        steps,
        loss: bitsPerToken({ loss, tokens: sequences * length }),
        tokensPerSecond: Math.round(tokensPerSecond * 10) / 10,
        secondsLeft: Math.ceil(((steps - step) * sequences * length) / tokensPerSecond),
      });
      // A run blocks this thread, so a signal is seen only when the step lets it be.
      await clock.sleep(0);
      const isStopping = interrupted.aborted && step < steps;
      if (step % saveEvery === 0 || step === steps || isStopping) {
        writeCheckpoint(folder, run, { step, state: await readState(session) });
      }
      if (isStopping) throw new R3mesError({ code: "TRAINING_INTERRUPTED", step, steps });
    }
    const tokensPerSecond = Math.round(tokensPerSecondAt(steps) * 10) / 10;
    return { state: await readState(session), tokensPerSecond };
  } finally {
    await session.close();
  }
}

/** Losses of the first and of the trained adapter over the held-out sample, or null if there is none. */
async function measure(run: LocalRun, state: ChunkState, deps: TrainDeps) {
  const { dataset, weights, backend, view } = deps;
  const tokens = dataset.tokens("held-out");
  // Too little text for one batch is no reason to lose what was trained.
  if (datasetRecords(tokens, run.plan.length) < run.plan.sequences) return null;
  const [before, after] = await sampleLosses(
    {
      shape: run.shape,
      adapterShape: run.adapterShape,
      batch: run.plan,
      part: { dataset: dataset.name, split: "held-out", tokens },
    },
    [factorsOfState(run, stateAtStart(run)), factorsOfState(run, state)],
    {
      backend,
      weights,
      shards: await dataset.shards("held-out"),
      onBatch: (done, all) => view.busy(`measuring held-out loss · ${done} of ${all} batches`),
    },
  );
  return { before: bitsPerToken(before!), after: bitsPerToken(after!) };
}

/** The factors as the forward program takes them. */
function factorsOfState(run: LocalRun, state: ChunkState): AdapterTensors {
  const states = stateTensors(run.plan.program);
  return new Map(
    factorTensors(run.plan.program).map((id) => [
      run.plan.program.tensors[id]!.name,
      state[states.indexOf(id)]!,
    ]),
  );
}
