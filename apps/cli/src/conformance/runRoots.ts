/**
 * One long training run on every wanted backend, root by root, with samples of it for those that are too slow for all of it: the
 * reference and a GPU repeat some steps, and the referee some tiles of the last of these.
 */
import {
  type Backend,
  executeByReferee,
  type ProgramRecord,
  recordStep,
  recordsOf,
  reference,
  type Session,
  stateRootOf,
  stateTensors,
  tileBytes,
  tileIndices,
} from "@r3mes/engine";
import type { TileVector } from "@r3mes/engine/conformance";
import { createReferee, nodeSha256 } from "@r3mes/engine/node";
import { tinyTraining } from "@r3mes/models";
import { equalBytes, noise, toHex } from "@r3mes/protocol";
import type { Clock } from "@r3mes/service";
import type { RootsReport } from "./conformanceReport.ts";
import type { RootSamples } from "./rootSamples.ts";
import type { Contestant } from "./runConformance.ts";

/** The learning rate falls over so many steps, so that a shorter run is a prefix of the whole one. */
export const ROOT_STEPS = 1_000;

const SAMPLES = 5;
const TILES = 200;
const SETTINGS = { seed: 1, steps: ROOT_STEPS, sequences: 2, length: 16 } as const;
const training = tinyTraining(SETTINGS);

/** Storage bytes of every state tensor, by name. */
type State = ReadonlyMap<string, Uint8Array>;

type LongRun = {
  /** Hex of the state root after step 1, 2, … */
  readonly roots: readonly string[];
  /** The state before each sampled step. */
  readonly before: ReadonlyMap<number, State>;
  readonly tokensPerSecond: number;
};

export type RootsOptions = {
  /** 1 to `ROOT_STEPS`. */
  readonly steps: number;
  /** Run every step; the first of them decides which root the others must give. */
  readonly contestants: readonly Contestant[];
  /** Run sampled steps, beside the reference. */
  readonly samplers: readonly Pick<Contestant, "name" | "backend">[];
};

/**
 * @param onProgress is told what goes on
 * @returns what was found, and what others need to repeat the sampled parts of it
 */
export async function runRoots(
  { steps, contestants, samplers }: RootsOptions,
  clock: Clock,
  onProgress: (text: string) => void,
): Promise<{ readonly report: RootsReport; readonly samples: RootSamples }> {
  const runs: (LongRun & { readonly contestant: Contestant })[] = [];
  for (const contestant of contestants) {
    const { name, threads, backend } = contestant;
    onProgress(`training ${steps} steps on ${name} × ${threads}`);
    runs.push({ contestant, ...(await trainLong(backend, steps, clock)) });
  }
  const { roots, before } = runs[0]!;
  const sampled: RootsReport["sampled"][number][] = [];
  for (const { name, backend } of [{ name: "reference", backend: reference }, ...samplers]) {
    onProgress(`repeating steps ${[...before.keys()].join(", ")} on ${name}`);
    sampled.push({ backend: name, ...(await repeatSteps(backend, before, roots)) });
  }
  onProgress("repeating tiles by the referee");
  const [t, state] = [...before].at(-1)!;
  const { failed, cases } = await repeatTiles(t, state);
  const report: RootsReport = {
    steps,
    root: roots.at(-1)!,
    backends: runs.map(({ contestant, ...run }) => {
      const at = run.roots.findIndex((root, i) => root !== roots[i]);
      const { name, threads } = contestant;
      const tokensPerSecond = Math.round(run.tokensPerSecond);
      const root = run.roots.at(-1)!;
      return { backend: name, threads, root, differsAt: at < 0 ? null : at + 1, tokensPerSecond };
    }),
    sampled,
    referee: { step: t, tiles: TILES, failed },
  };
  return { report, samples: { training: SETTINGS, steps: stepSamples(before, roots), cases } };
}

function stepSamples(
  before: ReadonlyMap<number, State>,
  roots: readonly string[],
): RootSamples["steps"] {
  return [...before].map(([t, state]) => ({
    t,
    root: roots[t - 1]!,
    state: Object.fromEntries([...state].map(([name, bytes]) => [name, toHex(bytes)])),
  }));
}

/** Up to `SAMPLES` steps from the first to the last. */
function sampleSteps(steps: number): readonly number[] {
  const places = Array.from({ length: SAMPLES }, (_, i) =>
    Math.round(1 + ((steps - 1) * i) / (SAMPLES - 1)),
  );
  return [...new Set(places)];
}

async function trainLong(backend: Backend, steps: number, clock: Clock): Promise<LongRun> {
  const session = await backend.prepare(training.program, training.weights);
  try {
    training.begin(session);
    const samples = sampleSteps(steps);
    const roots: string[] = [];
    const before = new Map<number, State>();
    let stepsMs = 0;
    for (let t = 1; t <= steps; t += 1) {
      if (samples.includes(t)) before.set(t, await readState(session));
      training.prepareStep(session, t);
      const beganMs = clock.monotonicMs();
      await session.run();
      stepsMs += clock.monotonicMs() - beganMs;
      roots.push(await rootAfter(session, t));
    }
    const tokens = steps * SETTINGS.sequences * SETTINGS.length;
    return { roots, before, tokensPerSecond: (tokens * 1000) / stepsMs };
  } finally {
    await session.close();
  }
}

async function rootAfter(session: Session, t: number): Promise<string> {
  return toHex(await stateRootOf(session, { pool: 0n, round: 1n, chunk: 0n, t }, nodeSha256));
}

async function readState(session: Session): Promise<State> {
  const { program } = session;
  const names = stateTensors(program).map((id) => program.tensors[id]!.name);
  return new Map(
    await Promise.all(names.map(async (name) => [name, await session.read(name)] as const)),
  );
}

/** A session that stands before step t. */
async function standBefore(backend: Backend, t: number, state: State): Promise<Session> {
  const session = await backend.prepare(training.program, training.weights);
  for (const [name, bytes] of state) session.write(name, bytes);
  training.prepareStep(session, t);
  return session;
}

async function repeatSteps(
  backend: Backend,
  before: ReadonlyMap<number, State>,
  roots: readonly string[],
): Promise<{ readonly steps: readonly number[]; readonly differsAt: number | null }> {
  const steps = [...before.keys()];
  for (const [t, state] of before) {
    const session = await standBefore(backend, t, state);
    try {
      await session.run();
      if ((await rootAfter(session, t)) !== roots[t - 1]) return { steps, differsAt: t };
    } finally {
      await session.close();
    }
  }
  return { steps, differsAt: null };
}

/** Tiles drawn over all records of a step, each computed by `referee.wasm` from its own inputs alone. */
async function repeatTiles(
  t: number,
  state: State,
): Promise<{ readonly failed: readonly string[]; readonly cases: readonly TileVector[] }> {
  const { program } = training;
  const session = await standBefore(reference, t, state);
  const { before, after } = await recordStep(session);
  const weights = new Map<number, Uint8Array>();
  for (const [id, { name, role }] of program.tensors.entries()) {
    if (role === "weight") weights.set(id, await session.read(name));
  }
  await session.close();
  const bytesOf = (tensor: number): Uint8Array =>
    weights.get(tensor) ?? before.get(tensor) ?? after.get(tensor)!;
  const call = createReferee();
  const failed: string[] = [];
  const cases = drawTiles().map(({ record, tile }): TileVector => {
    const tensor = program.tensors[record.tensor]!;
    const name = `${tensor.name} ${tile}`;
    const { bytes, ranges, request } = executeByReferee(call, { program, record, tile }, bytesOf);
    const computed = tileBytes(tensor, after.get(record.tensor)!, tile);
    if (!equalBytes(bytes, computed)) failed.push(name);
    return {
      name,
      record: toHex(request.record),
      tile,
      constants: toHex(request.constants),
      inputs: ranges.map((range, i) => ({ ...range, bytes: toHex(request.inputs[i]!.bytes) })),
      bytes: toHex(computed),
    };
  });
  return { failed, cases };
}

type DrawnTile = { readonly record: ProgramRecord; readonly tile: number };

function drawTiles(): readonly DrawnTile[] {
  const records = recordsOf(training.program);
  return Array.from({ length: TILES }, (_, i) => {
    const record = records[noise(1, 0, 0, i, 0) % records.length]!;
    const tiles = tileIndices(training.program.tensors[record.tensor]!);
    return { record, tile: tiles[noise(1, 0, 0, i, 1) % tiles.length]! };
  });
}
