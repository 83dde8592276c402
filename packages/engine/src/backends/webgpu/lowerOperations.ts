/** From operations to dispatches: the kernel of each output, the record that it reads, how many workgroups. */
import { R3mesError } from "@r3mes/protocol";
import { KINDS } from "../../ops/kinds.ts";
import type { Dtype, Operation, Program, Tensor } from "../../program/program.ts";
import { GROUPS_MAX } from "./gpu.ts";
import { GEMM_WIDE, KERNELS, type Kernel, TRANSPOSE, TRANSPOSE_TERNARY } from "./kernels.ts";

export interface Dispatch {
  readonly kernel: Kernel;
  /** The record of memory.wgsl. */
  readonly record: Uint32Array<ArrayBuffer>;
  readonly groups: readonly [x: number, y: number, z: number];
}

const SLOTS = 16;
const OUTPUTS = 4;
const PARAMS = 8;
const WORKGROUP = 64;

/** Element types as memory.wgsl numbers them. */
const DTYPES: Readonly<Record<Dtype, number>> = { t2: 0, i8: 1, i16: 2, i32: 3, i64: 4 };
const ABSENT = 5;
const PER_WORD: Readonly<Record<Dtype, number>> = { t2: 16, i8: 4, i16: 2, i32: 1, i64: 1 };

export function lowerOperation(
  program: Program,
  operation: Operation,
  addresses: readonly number[],
): readonly Dispatch[] {
  const kind = KINDS.get(operation.kind)!;
  const kernels = kernelsOf(program, operation);
  const params = kind.params.map((name) => operation.params[name]!);
  const place = (id: number) => placed(program, id, addresses);
  const inputs = operation.inputs.map(place);
  const outputs = operation.outputs.map(place);
  return kernels.map((preferred, i) => {
    const kernel = fittingOf(preferred, program, operation);
    const isAlone = kernel.frame === "update" || kernel.frame === "row";
    const written = isAlone ? outputs : outputs.slice(i, i + 1);
    const tensor = program.tensors[operation.outputs[i]!]!;
    requireWritable(operation, kernel, tensor);
    return {
      kernel,
      record: encodeRecord(inputs, written, params),
      groups: groupsOf(kernel, program, operation, tensor),
    };
  });
}

/** The dispatch that fills a weight which is declared as the transpose of another. */
export function lowerTranspose(
  program: Program,
  id: number,
  addresses: readonly number[],
): Dispatch {
  const tensor = program.tensors[id]!;
  const inputs = [placed(program, tensor.transposeOf!, addresses)];
  const elements = tensor.rows * tensor.columns;
  return {
    kernel: tensor.dtype === "t2" ? TRANSPOSE_TERNARY : TRANSPOSE,
    record: encodeRecord(inputs, [placed(program, id, addresses)], []),
    groups: spread(Math.ceil(elements / PER_WORD[tensor.dtype] / WORKGROUP)),
  };
}

function kernelsOf(program: Program, operation: Operation): readonly Kernel[] {
  const kernels = KERNELS[operation.kind];
  if (kernels === undefined) {
    const { name, kind } = operation;
    throw new R3mesError({ code: "PROGRAM_OPERATION_UNKNOWN", operation: name, kind });
  }
  const isWide = program.tensors[operation.inputs[1] ?? -1]?.dtype === "i16";
  return operation.kind === "gemm" && isWide ? [GEMM_WIDE] : kernels;
}

/** Of tile.wgsl. */
const TILE = { rows: 32, columns: 64 } as const;
/** Chunks of a row that pairStatistic.wgsl has room for. */
const CHUNKS_MAX = 16;

/** The kernel itself, or its other one where tiles would share a word of the output or have no room. */
function fittingOf(kernel: Kernel, program: Program, { outputs, params }: Operation): Kernel {
  if (kernel.otherwise === undefined) return kernel;
  const { columns, dtype } = program.tensors[outputs[0]!]!;
  const isFitting =
    kernel.frame === "pairWeights"
      ? columns % 4 === 0
      : columns <= CHUNKS_MAX && (params.queries! * columns) % PER_WORD[dtype] === 0;
  return isFitting ? kernel : kernel.otherwise;
}

/** Raised where a program gives a tensor a format that the kernels cannot write. */
function requireWritable(operation: Operation, { frame }: Kernel, tensor: Tensor): void {
  const isWide = tensor.dtype === "i64" && frame !== "sum";
  if (tensor.dtype !== "t2" && !isWide) return;
  throw new R3mesError({
    code: "PROGRAM_SHAPE_INVALID",
    operation: operation.name,
    rule: `${tensor.name} is of at most 32 bits`,
  });
}

type Place = readonly [word: number, rows: number, columns: number, dtype: number];

function placed(program: Program, id: number, addresses: readonly number[]): Place {
  const tensor = program.tensors[id];
  if (tensor === undefined) return [0, 0, 0, ABSENT];
  return [addresses[id]! / 4, tensor.rows, tensor.columns, DTYPES[tensor.dtype]];
}

function encodeRecord(
  inputs: readonly Place[],
  outputs: readonly Place[],
  params: readonly number[],
): Uint32Array<ArrayBuffer> {
  const record = new Uint32Array(4 * (SLOTS + OUTPUTS) + PARAMS);
  for (let slot = 0; slot < SLOTS; slot++) record.set(inputs[slot] ?? [0, 0, 0, ABSENT], 4 * slot);
  outputs.forEach((place, output) => {
    record.set(place, 4 * (SLOTS + output));
  });
  new Int32Array(record.buffer).set(params, 4 * (SLOTS + OUTPUTS));
  return record;
}

function groupsOf(
  { frame }: Kernel,
  program: Program,
  { kind, inputs, outputs, params }: Operation,
  output: Tensor,
): Dispatch["groups"] {
  const elements = output.rows * output.columns;
  const first = program.tensors[inputs[0]!]!;
  switch (frame) {
    case "maximum":
    case "sum":
      return spread(Math.ceil(elements / PER_WORD[output.dtype]));
    case "row":
      return spread(Math.ceil(output.rows / heightOf(program, outputs)));
    case "product": {
      const chunks = kind === "gemm" ? Math.ceil(first.columns / params.chunk!) : 1;
      return [
        Math.ceil(output.columns / chunks / TILE.columns),
        Math.ceil(output.rows / TILE.rows),
        chunks,
      ];
    }
    case "weightedSum": {
      const { queries } = params;
      const size = program.tensors[inputs[1]!]!.columns;
      return [
        Math.ceil(size / TILE.columns),
        Math.ceil(queries! / TILE.rows),
        first.rows / queries!,
      ];
    }
    case "pairWeights":
    case "pairStatistic": {
      const { queries } = params;
      const across = frame === "pairWeights" ? Math.ceil(output.columns / TILE.columns) : 1;
      return [across, Math.ceil(queries! / TILE.rows), output.rows / queries!];
    }
    case "gradient": {
      const chunks = Math.ceil(first.rows / params.chunk!);
      return [Math.ceil(output.columns / 16), Math.ceil(first.columns / 4), chunks];
    }
    case "query":
      return [first.rows, 1, 1];
    default:
      return spread(Math.ceil(elements / PER_WORD[output.dtype] / WORKGROUP));
  }
}

/** Rows of all outputs that end with a word, as eachRow.wgsl counts them. */
function heightOf({ tensors }: Program, outputs: readonly number[]): number {
  const ends = (height: number) => (id: number) =>
    (height * tensors[id]!.columns) % PER_WORD[tensors[id]!.dtype] === 0;
  return [1, 2].find((height) => outputs.every(ends(height))) ?? 4;
}

/** Workgroups beyond what one dimension may hold go on in the next. */
function spread(groups: number): Dispatch["groups"] {
  const y = Math.ceil(groups / GROUPS_MAX);
  return [Math.ceil(groups / y), y, 1];
}
