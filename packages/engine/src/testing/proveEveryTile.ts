/**
 * The whole of a step, tile by tile: a step of the genesis shape runs on the WASM backend, and the referee computes every leaf
 * of its trace alone. `node packages/engine/src/testing/proveEveryTile.ts [every]` takes one tile in `every`, all by default,
 * and exits with 1 if a tile differs. All of them take some minutes.
 */
import { type BitnetShape, LINEARS, tinyTraining } from "@r3mes/models";
import { equalBytes, toHex } from "@r3mes/protocol";
import type { WeightSource } from "../backends/backend.ts";
import { createWasmBackend } from "../backends/wasm.ts";
import { createReferee } from "../node/createReferee.ts";
import { createNodeWasmHost } from "../node/index.ts";
import { nodeSha256 } from "../node/nodeSha256.ts";
import type { Program } from "../program/program.ts";
import { recordsOf } from "../program/records.ts";
import { executeByReferee } from "../referee/executeByReferee.ts";
import { packBlock, unpackBlock } from "../tensor/storage.ts";
import { tileBytes, tileIndices } from "../tensor/tiles.ts";
import { recordStep } from "../trace/recordStep.ts";
import { traceOfRoots } from "../trace/traceStep.ts";
import { rootOfTensor } from "../trace/treeOfTensor.ts";

const shape: BitnetShape = {
  hidden: 256,
  layers: 6,
  heads: 4,
  kvHeads: 4,
  headSize: 64,
  ffn: 768,
  vocabulary: 4096,
  context: 256,
};

/** Weights by tensor number, transposes included. */
async function weightsOf(program: Program, source: WeightSource): Promise<Map<number, Uint8Array>> {
  const weights = new Map<number, Uint8Array>();
  for (const [id, tensor] of program.tensors.entries()) {
    if (tensor.role === "weight" && tensor.transposeOf === undefined) {
      weights.set(id, await source(tensor.name));
    }
  }
  for (const [id, { transposeOf, dtype, rows, columns }] of program.tensors.entries()) {
    if (transposeOf === undefined) continue;
    const values = unpackBlock(dtype, columns, rows, weights.get(transposeOf)!);
    weights.set(
      id,
      packBlock(dtype, rows, columns, (row, column) => values[column * rows + row]!),
    );
  }
  return weights;
}

const every = Number(process.argv[2] ?? 1);
const adapter = { rank: 16, alpha: 32, targets: LINEARS };
const training = tinyTraining({ seed: 1, steps: 10, shape, adapter, sequences: 1, length: 256 });
const { program } = training;
const session = await createWasmBackend(createNodeWasmHost(), {}).prepare(
  program,
  training.weights,
);
training.begin(session);
for (const t of [1, 2]) {
  training.prepareStep(session, t);
  await session.run();
}
training.prepareStep(session, 3);
const weights = await weightsOf(program, training.weights);
const { before, after } = await recordStep(session);
await session.close();

const records = recordsOf(program);
const bytesOf = (tensor: number) => weights.get(tensor) ?? before.get(tensor) ?? after.get(tensor)!;
const roots = records.map(({ tensor }) =>
  rootOfTensor(program, tensor, after.get(tensor)!, nodeSha256),
);
console.log(`trace ${toHex(traceOfRoots(roots, nodeSha256).root)}, ${records.length} records`);

const call = createReferee();
let tiles = 0;
let differing = 0;
for (const record of records) {
  const tensor = program.tensors[record.tensor]!;
  for (const tile of tileIndices(tensor)) {
    tiles += 1;
    if (tiles % every !== 0) continue;
    const { bytes } = executeByReferee(call, { program, record, tile }, bytesOf);
    if (equalBytes(bytes, tileBytes(tensor, after.get(record.tensor)!, tile))) continue;
    differing += 1;
    console.log(`${record.operation.name}, output ${record.output}, tile ${tile} differs`);
  }
}
console.log(`${tiles} tiles, one in ${every} computed alone, ${differing} differ`);
process.exitCode = differing === 0 ? 0 : 1;
