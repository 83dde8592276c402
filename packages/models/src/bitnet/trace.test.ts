import {
  executeTile,
  gatherTiles,
  type RecordedStep,
  recordStep,
  recordsOf,
  reference,
  rootOfTensor,
  type Trace,
  tileBytes,
  tileIndices,
  traceOfRoots,
  treeOfTensor,
} from "@r3mes/engine";
import { bisect, executeOpening, openTile, traceStep } from "@r3mes/engine/testing";
import { equalBytes, toHex } from "@r3mes/protocol";
import { beforeAll, describe, expect, test } from "vitest";
import { tinyTraining } from "./tinyTraining.ts";

/** The third step: B is no longer zero, so that every path carries numbers. */
const STEP = 3;
const training = tinyTraining({ seed: 11, steps: 20 });
const { program } = training;
const records = recordsOf(program);

let recorded: RecordedStep;
let weights: ReadonlyMap<number, Uint8Array>;
let honest: Trace;

async function sessionBefore(step: number) {
  const session = await reference.prepare(program, training.weights);
  training.begin(session);
  for (let t = 1; t < step; t++) {
    training.prepareStep(session, t);
    await session.run();
  }
  training.prepareStep(session, step);
  return session;
}

beforeAll(async () => {
  const session = await sessionBefore(STEP);
  const found = new Map<number, Uint8Array>();
  for (const [id, tensor] of program.tensors.entries()) {
    if (tensor.role === "weight") found.set(id, await session.read(tensor.name));
  }
  weights = found;
  recorded = await recordStep(session);
  honest = traceOfRoots(records.map((_, i) => rootAfter(i, computed(i))));
});

/** Bytes of a tensor as the records of the step read it. */
const bytesOf = (tensor: number): Uint8Array =>
  weights.get(tensor) ?? recorded.before.get(tensor) ?? recorded.after.get(tensor)!;
const rootOf = (tensor: number) => rootOfTensor(program, tensor, bytesOf(tensor));
const computed = (record: number): Uint8Array => recorded.after.get(records[record]!.tensor)!;

/** The first record of each kind and output, and one of its tiles. */
const samples = [
  ...new Map(
    records.map(({ operation, output, tensor }, record) => {
      const tiles = tileIndices(program.tensors[tensor]!);
      const tile = tiles[(record * 7) % tiles.length]!;
      return [`${operation.kind} ${output}`, { record, tile }] as const;
    }),
  ),
];

const rootAfter = (record: number, bytes: Uint8Array) =>
  rootOfTensor(program, records[record]!.tensor, bytes);

const sourceFrom = (trace: Trace, bytes: (record: number) => Uint8Array) => ({
  records: trace.tree,
  tiles: (record: number) => treeOfTensor(program, records[record]!.tensor, bytes(record)),
});

test("every tile of every record, executed alone from its closure, is the tile of the whole tensor", () => {
  const differing: string[] = [];
  for (const record of records) {
    const tensor = program.tensors[record.tensor]!;
    for (const tile of tileIndices(tensor)) {
      const inputs = gatherTiles(program, record, tile, bytesOf).map(({ slot, tiles, bytes }) => ({
        slot,
        indices: tiles,
        tiles: bytes,
      }));
      const alone = executeTile(program, record, tile, inputs);
      const expected = tileBytes(tensor, recorded.after.get(record.tensor)!, tile);
      if (!equalBytes(alone, expected)) differing.push(`${tensor.name} ${tile}`);
    }
  }
  expect(differing).toEqual([]);
});

test("the trace of a running step is the trace of its recorded tensors", async () => {
  const trace = await traceStep(await sessionBefore(STEP));
  expect(toHex(trace.root)).toBe(toHex(honest.root));
});

describe.each(samples)("%s", (_, { record, tile }) => {
  test("opens with proofs that lead to the roots, and executes to the committed tile", () => {
    const opening = openTile(program, { record, tile }, bytesOf);
    const tensor = program.tensors[records[record]!.tensor]!;
    const expected = tileBytes(tensor, computed(record), tile);
    expect(toHex(executeOpening(program, opening, rootOf))).toBe(toHex(expected));
  });

  test("refuses an opening in which one bit of one input was changed", () => {
    const opening = openTile(program, { record, tile }, bytesOf);
    for (const [i, input] of opening.inputs.entries()) {
      const forged = input.tiles.map((bytes) => bytes.slice());
      forged[0]![0] = forged[0]![0]! ^ 1;
      const inputs = opening.inputs.with(i, { ...input, tiles: forged });
      expect(() => executeOpening(program, { ...opening, inputs }, rootOf)).toThrow(
        expect.objectContaining({ code: "MERKLE_PROOF_INVALID" }),
      );
    }
  });

  test("refuses an opening that leaves one input out", () => {
    const opening = openTile(program, { record, tile }, bytesOf);
    const inputs = opening.inputs.slice(1);
    expect(() => executeOpening(program, { ...opening, inputs }, rootOf)).toThrow();
  });

  test("one changed bit is bisected to this tile, and execution decides for the honest side", async () => {
    const tensor = program.tensors[records[record]!.tensor]!;
    const forged = computed(record).slice();
    const bit = firstBitOf(tensor, forged, tile);
    forged[bit.byte] = forged[bit.byte]! ^ bit.mask;
    const cheater = (i: number) => (i === record ? forged : computed(i));
    const cheated = traceOfRoots(honest.tensorRoots.with(record, rootAfter(record, forged)));
    const found = await bisect(sourceFrom(honest, computed), sourceFrom(cheated, cheater));
    expect(found).toMatchObject({ record, tile });

    const verdict = executeOpening(program, openTile(program, { record, tile }, bytesOf), rootOf);
    expect(toHex(verdict)).toBe(toHex(tileBytes(tensor, computed(record), tile)));
    expect(toHex(verdict)).not.toBe(toHex(tileBytes(tensor, forged, tile)));
  });
});

/** A byte of the tensor that lies in the tile: found by changing bytes until the tile changes. */
function firstBitOf(tensor: Parameters<typeof tileBytes>[0], bytes: Uint8Array, tile: number) {
  const before = tileBytes(tensor, bytes, tile);
  for (let byte = 0; byte < bytes.length; byte++) {
    const changed = bytes.slice();
    changed[byte] = changed[byte]! ^ 1;
    if (!equalBytes(tileBytes(tensor, changed, tile), before)) return { byte, mask: 1 };
  }
  throw new Error(`no byte of ${tensor.name} lies in tile ${tile}`);
}

test("equal traces have no difference", async () => {
  expect(await bisect(sourceFrom(honest, computed), sourceFrom(honest, computed))).toBeNull();
});
