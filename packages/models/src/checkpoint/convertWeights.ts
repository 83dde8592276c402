/**
 * The weights of a checkpoint in the order and the storage form of the engine, as pieces of bytes. It holds one matrix at a
 * time, and the int8 head once, because its transpose is committed too.
 */
import { R3mesError } from "@r3mes/protocol";
import type { LinearName } from "../bitnet/bitnetShape.ts";
import { ropeTable } from "../bitnet/ropeTable.ts";
import type { Weight } from "../model/listWeights.ts";
import { EMBEDDING, FINAL_NORM, HEAD, type LayerNorm, normName } from "./expectedTensors.ts";
import { floatsOf } from "./floatsOf.ts";
import { quantiseGain } from "./gains.ts";
import { matrixOf, readFloats, stored, type TernaryMatrix } from "./matrixOf.ts";
import type { Checkpoint } from "./openCheckpoint.ts";
import { transposeP16 } from "./packP16.ts";
import { headExponent, quantiseHeadRow, residualsOf } from "./quantiseEmbedding.ts";

export interface ConvertedWeight {
  readonly weight: Weight;
  /** Its storage bytes in order. They must be taken before the next weight is asked for. */
  readonly pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** The norm in front of each linear: its power of two belongs to the linear's scale. */
const NORM_OF: { readonly [Name in LinearName]: LayerNorm } = {
  q: "inputNorm",
  k: "inputNorm",
  v: "inputNorm",
  o: "attentionNorm",
  gate: "middleNorm",
  up: "middleNorm",
  down: "feedNorm",
};

/** Rows of the embedding that are read at once. */
const ROWS_AT_ONCE = 256;

/** @param weights the list of the model's weights */
export async function* convertWeights(
  checkpoint: Checkpoint,
  weights: readonly Weight[],
): AsyncGenerator<ConvertedWeight> {
  let matrix: TernaryMatrix | undefined;
  const head = openHead(checkpoint);
  for (const weight of weights) {
    const [, layer, part, kind] = /^layers\.(\d+)\.(\w+)\.(\w+)$/.exec(weight.name) ?? [];
    if (weight.name === "rope") {
      const { ropeBase: base, headSize: size, context: positions } = checkpoint.config;
      yield { weight, pieces: [ropeTable({ base, size, positions })] };
    } else if (weight.name === "embedding") {
      yield { weight, pieces: embeddingRows(checkpoint) };
    } else if (weight.name.startsWith("head.")) {
      yield { weight, pieces: headPieces(head, weight) };
    } else if (weight.name === "finalNorm.gain") {
      yield { weight, pieces: [(await readGain(checkpoint, FINAL_NORM)).storage] };
    } else if (kind === "gain") {
      const name = normName(Number(layer), part as LayerNorm);
      yield { weight, pieces: [(await readGain(checkpoint, name)).storage] };
    } else if (kind === "w") {
      matrix = await matrixOf(checkpoint, Number(layer), part as LinearName);
      yield { weight, pieces: [matrix.storage] };
    } else if (kind === "wt") {
      yield { weight, pieces: [transposeP16(matrix!.storage, weight.columns, weight.rows)] };
    } else {
      const norm = normName(Number(layer), NORM_OF[part as LinearName]);
      const { shift } = await readGain(checkpoint, norm);
      const { mantissa, exponent } = matrix!.scale;
      yield { weight, pieces: [int32(mantissa, exponent - shift)] };
    }
  }
}

async function readGain(
  checkpoint: Checkpoint,
  name: string,
): Promise<ReturnType<typeof quantiseGain>> {
  return quantiseGain(await readFloats(checkpoint, name));
}

function int32(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) view.setInt32(4 * i, value, true);
  return bytes;
}

/** Rows of a float matrix, some at a time. */
async function* floatRows(
  checkpoint: Checkpoint,
  name: string,
): AsyncGenerator<{ readonly first: number; readonly values: Float32Array }> {
  const tensor = stored(checkpoint, name);
  const [rows = 0] = tensor.shape;
  const rowBytes = tensor.bytes / rows;
  for (let first = 0; first < rows; first += ROWS_AT_ONCE) {
    const count = Math.min(ROWS_AT_ONCE, rows - first);
    const bytes = await tensor.source.read(tensor.offset + first * rowBytes, count * rowBytes);
    yield { first, values: floatsOf(bytes, tensor, tensor.source.name) };
  }
}

async function* embeddingRows(checkpoint: Checkpoint): AsyncGenerator<Uint8Array> {
  for await (const { first, values } of floatRows(checkpoint, EMBEDDING)) {
    yield residualsOf(values, (position) => {
      const { source, name } = stored(checkpoint, EMBEDDING);
      const row = first + Math.floor(position / checkpoint.config.hidden);
      const facts = { file: source.name, tensor: name, row, found: values[position] };
      throw new R3mesError({ code: "CHECKPOINT_VALUE_INVALID", ...facts });
    });
  }
}

/** The head in int8: its rows, their mantissas, and the exponent that all of them share. */
interface QuantisedHead {
  readonly codes: Uint8Array;
  readonly rowScale: Uint8Array;
  readonly exponent: number;
}

function openHead(checkpoint: Checkpoint): () => Promise<QuantisedHead> {
  let head: QuantisedHead | undefined;
  return async () => {
    head ??= await quantiseHead(checkpoint);
    return head;
  };
}

async function quantiseHead(checkpoint: Checkpoint): Promise<QuantisedHead> {
  const { tied, hidden, vocabulary } = checkpoint.config;
  const name = tied ? EMBEDDING : HEAD;
  let largest = 0;
  for await (const { values } of floatRows(checkpoint, name)) {
    for (const value of values) largest = Math.max(largest, Math.abs(value));
  }
  if (largest === 0) {
    const file = stored(checkpoint, name).source.name;
    throw new R3mesError({ code: "CHECKPOINT_VALUE_INVALID", file, tensor: name, found: 0 });
  }
  const exponent = headExponent(largest);
  const codes = new Uint8Array(vocabulary * hidden);
  const rowScale = new Uint8Array(2 * vocabulary);
  const scales = new DataView(rowScale.buffer);
  for await (const { first, values } of floatRows(checkpoint, name)) {
    for (let row = 0; row * hidden < values.length; row += 1) {
      const quantised = quantiseHeadRow(
        values.subarray(row * hidden, (row + 1) * hidden),
        exponent,
      );
      codes.set(new Uint8Array(quantised.codes.buffer), (first + row) * hidden);
      scales.setInt16(2 * (first + row), quantised.mantissa, true);
    }
  }
  const { shift } = await readGain(checkpoint, FINAL_NORM);
  return { codes, rowScale, exponent: exponent - shift };
}

async function* headPieces(
  open: () => Promise<QuantisedHead>,
  weight: Weight,
): AsyncGenerator<Uint8Array> {
  const { codes, rowScale, exponent } = await open();
  if (weight.name === "head.e8") yield codes;
  else if (weight.name === "head.rowScale") yield rowScale;
  else if (weight.name === "head.exponent") yield int32(exponent);
  else yield* transposedRows(codes, weight.columns, weight.rows);
}

/** Rows of the transpose of int8 [rows, columns], one at a time. */
function* transposedRows(codes: Uint8Array, rows: number, columns: number): Generator<Uint8Array> {
  for (let column = 0; column < columns; column += 1) {
    const transposed = new Uint8Array(rows);
    for (let row = 0; row < rows; row += 1) transposed[row] = codes[row * columns + column]!;
    yield transposed;
  }
}
