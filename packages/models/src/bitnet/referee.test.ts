import { readFileSync } from "node:fs";
import {
  decodeClosure,
  encodeRefereeRequest,
  executeByReferee,
  type LeafRange,
  type ProgramRecord,
  type RecordedStep,
  recordStep,
  recordsOf,
  reference,
  tileBytes,
  tileIndices,
} from "@r3mes/engine";
import type { TileVector } from "@r3mes/engine/conformance";
import { createReferee } from "@r3mes/engine/node";
import { closureOf, viewOf } from "@r3mes/engine/testing";
import { equalBytes, fromHex, toHex } from "@r3mes/protocol";
import { beforeAll, describe, expect, test } from "vitest";
import { type TinyTraining, tinyTraining } from "./tinyTraining.ts";

const call = createReferee();

describe.each(["adam", "lion"] as const)("a step with %s", (optimizer) => {
  let training: TinyTraining;
  let recorded: RecordedStep;
  let weights: ReadonlyMap<number, Uint8Array>;
  const bytesOf = (tensor: number): Uint8Array =>
    weights.get(tensor) ?? recorded.before.get(tensor) ?? recorded.after.get(tensor)!;

  beforeAll(async () => {
    training = tinyTraining({ seed: 11, steps: 20, optimizer });
    const { program } = training;
    const session = await reference.prepare(program, training.weights);
    training.begin(session);
    for (const t of [1, 2]) {
      training.prepareStep(session, t);
      await session.run();
    }
    training.prepareStep(session, 3);
    const found = new Map<number, Uint8Array>();
    for (const [id, tensor] of program.tensors.entries()) {
      if (tensor.role === "weight") found.set(id, await session.read(tensor.name));
    }
    weights = found;
    recorded = await recordStep(session);
  });

  /** What is wrong with the referee's answer for a tile, or null. */
  function faultOf(record: ProgramRecord, tile: number): string | null {
    const { program } = training;
    const tensor = program.tensors[record.tensor]!;
    const { bytes, ranges } = executeByReferee(call, { program, record, tile }, bytesOf);
    const expected = tileBytes(tensor, recorded.after.get(record.tensor)!, tile);
    if (!equalBytes(bytes, expected)) return `${tensor.name} ${tile}: bytes`;
    const named = new Set(
      ranges.flatMap(({ slot, first, count, stride }) =>
        Array.from({ length: count }, (_, i) => `${slot} ${first + i * stride}`),
      ),
    );
    const peek = (input: { tensor: number }) =>
      viewOf(program, input.tensor, bytesOf(input.tensor));
    const needed = closureOf(program, record, tile, peek)
      // The constants of the step come with the request, not as leaves.
      .filter((input) => program.tensors[input.tensor]!.role !== "constant")
      .flatMap(({ slot, tiles }) => tiles.map((index) => `${slot} ${index}`));
    const isSame = needed.length === named.size && needed.every((leaf) => named.has(leaf));
    return isSame ? null : `${tensor.name} ${tile}: closure`;
  }

  test("the referee computes every tile of every record from the closure that it names itself", () => {
    const faults = recordsOf(training.program).flatMap((record) =>
      tileIndices(training.program.tensors[record.tensor]!).map((tile) => faultOf(record, tile)),
    );
    expect(faults.filter((fault) => fault !== null)).toEqual([]);
  });
});

const tiles = new URL("../../../../spec/vectors/arithmetic/tiles.json", import.meta.url);
const vectors: { readonly cases: readonly TileVector[] } = JSON.parse(readFileSync(tiles, "utf8"));

test.each(vectors.cases.map((vector) => [vector.name, vector] as const))(
  "vector: %s",
  (_, vector) => {
    const task = {
      record: fromHex(vector.record),
      tile: vector.tile,
      constants: fromHex(vector.constants),
    };
    const inputs = vector.inputs.map(({ slot, first, bytes }) => ({
      slot,
      first,
      bytes: fromHex(bytes),
    }));
    const named: LeafRange[] = [];
    for (let more = true; more; ) {
      const given = inputs.slice(0, named.length);
      const answer = decodeClosure(
        call("closure", encodeRefereeRequest({ ...task, inputs: given })) as Uint8Array,
      );
      named.push(...answer.ranges);
      more = answer.more;
    }
    expect(named).toEqual(
      vector.inputs.map(({ slot, first, count, stride }) => ({ slot, first, count, stride })),
    );
    expect(toHex(call("execute", encodeRefereeRequest({ ...task, inputs })) as Uint8Array)).toBe(
      vector.bytes,
    );
  },
);

test("any bytes in place of the inputs give a tile or a refusal, never a trap", () => {
  let word = 2463534242;
  const randomBytes = (length: number) =>
    Uint8Array.from({ length }, () => {
      word ^= word << 13;
      word ^= word >>> 17;
      word ^= word << 5;
      return word;
    });
  for (const vector of vectors.cases) {
    for (const fill of [
      randomBytes,
      (length: number) => new Uint8Array(length).fill(0x80),
      (length: number) => new Uint8Array(length).fill(0xff),
    ]) {
      const inputs = vector.inputs.map(({ slot, first, bytes }) => ({
        slot,
        first,
        bytes: fill(bytes.length / 2),
      }));
      const request = {
        record: fromHex(vector.record),
        tile: vector.tile,
        constants: fill(vector.constants.length / 2),
        inputs,
      };
      const answer = call("execute", encodeRefereeRequest(request));
      // Other tokens select other leaves, so that a gather may be refused: those are not its inputs.
      if (typeof answer === "number") expect(answer).toBe(-5);
      else expect(answer).toHaveLength(vector.bytes.length / 2);
    }
  }
});

test("hostile requests are refused by number and never trap", () => {
  const request = new Uint8Array(4096);
  const view = new DataView(request.buffer);
  let word = 12345;
  for (let round = 0; round < 3000; round++) {
    for (let i = 0; i < request.length; i += 4) {
      word = Math.imul(word, 1664525) + 1013904223;
      view.setInt32(i, word >> (round % 29), true);
    }
    // A header that leads into the record more often than not.
    view.setUint32(0, 1, true);
    view.setUint32(8, 100 + (round % 200), true);
    view.setUint32(12, round % 3 === 0 ? 32 : 0, true);
    view.setUint32(16, round % 5, true);
    for (const name of ["closure", "execute"] as const) {
      const answer = call(name, request.subarray(0, 16 * (1 + (round % 256))));
      if (typeof answer === "number") expect(answer).toBeLessThan(0);
    }
  }
});
