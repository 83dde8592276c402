import { readFileSync } from "node:fs";
import { equalBytes, noise } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { reference } from "../backends/reference.ts";
import { createReferee } from "../node/createReferee.ts";
import { operationCases } from "../ops/operation.case.ts";
import { recordsOf } from "../program/records.ts";
import { tensorBytes } from "../tensor/storage.ts";
import { tileBytes, tileIndices } from "../tensor/tiles.ts";
import { executeTile } from "../trace/executeTile.ts";
import { gatherTiles } from "../trace/openTile.ts";
import { recordStep } from "../trace/recordStep.ts";
import { executeByReferee } from "./executeByReferee.ts";

const call = createReferee();
/** The same source built without vectors. */
const callScalar = createReferee(
  readFileSync(new URL("../kernels/referee/referee-scalar.wasm", import.meta.url)),
);

/** The definition runs some fifty times slower than the module: it takes one tile of each record, and these. A step's every tile is run by it elsewhere. */
const DEFINITION_EVERY = 61;

test.each(operationCases.map((operationCase) => [operationCase.name, operationCase] as const))(
  "tile by tile, definition and referee: %s",
  async (_, { program, inputs }) => {
    const session = await reference.prepare(program, (name) => inputs.get(name)!);
    const given = new Map<number, Uint8Array>();
    for (const [id, { name, role }] of program.tensors.entries()) {
      if (role === "weight") given.set(id, await session.read(name));
      else if (role !== "intermediate") session.write(name, inputs.get(name)!);
    }
    const { before, after } = await recordStep(session);
    const bytesOf = (tensor: number) =>
      given.get(tensor) ?? before.get(tensor) ?? after.get(tensor)!;
    const faults: string[] = [];
    let tiles = 0;
    for (const record of recordsOf(program)) {
      const tensor = program.tensors[record.tensor]!;
      const indices = tileIndices(tensor);
      for (const [place, tile] of indices.entries()) {
        tiles += 1;
        const expected = tileBytes(tensor, after.get(record.tensor)!, tile);
        const isDefined = place === (record.tensor * 7) % indices.length;
        if (isDefined || tiles % DEFINITION_EVERY === 0) {
          const given = gatherTiles(program, record, tile, bytesOf).map((input) => ({
            slot: input.slot,
            indices: input.tiles,
            tiles: input.bytes,
          }));
          if (!equalBytes(executeTile(program, record, tile, given), expected)) {
            faults.push(`definition: ${tensor.name} ${tile}`);
          }
        }
        const { bytes } = executeByReferee(call, { program, record, tile }, bytesOf);
        if (!equalBytes(bytes, expected)) faults.push(`referee: ${tensor.name} ${tile}`);
      }
    }
    expect(faults).toEqual([]);
  },
);

/** Bytes that no honest party would send: every code of every type, row after row. */
function anyBytes(seed: number, length: number): Uint8Array {
  const words = Uint32Array.from({ length: Math.ceil(length / 4) }, (_, i) =>
    noise(seed, 0, 0, i, 0),
  );
  return new Uint8Array(words.buffer, 0, length);
}

test.each(operationCases.map((operationCase) => [operationCase.name, operationCase] as const))(
  "with and without vectors, on any bytes: %s",
  (_, { program }) => {
    const bytesOf = (id: number) => {
      const tensor = program.tensors[id]!;
      const bytes = anyBytes(id, tensorBytes(tensor));
      // Constants of a step are the chain's own and in their range.
      return tensor.role === "constant" ? bytes.fill(0) : bytes;
    };
    for (const record of recordsOf(program)) {
      const tiles = tileIndices(program.tensors[record.tensor]!);
      const tile = tiles[(record.tensor * 7) % tiles.length]!;
      const execution = executeByReferee(call, { program, record, tile }, bytesOf);
      expect(executeByReferee(callScalar, { program, record, tile }, bytesOf)).toEqual(execution);
    }
  },
);
