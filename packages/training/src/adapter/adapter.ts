/**
 * An adapter version as training sees it: its factors, and the momentum of the outer step that made them. Its file is all factors,
 * then all momenta, i32 little-endian in program order: one adapter, one file. Source: spec/adapter.md.
 */
import { R3mesError } from "@r3mes/protocol";
import { factorElements, factorTensors, type StatePlan } from "../pool/trainingPlan.ts";
import { putI32, readI32 } from "../step/i32Bytes.ts";

export interface Adapter {
  /** One for each factor tensor, in program order; i32, Q24. */
  readonly factors: readonly Int32Array[];
  /** As many, of the same sizes. */
  readonly momenta: readonly Int32Array[];
}

/**
 * The adapter that a pool without a parent starts from. `initialState` are the storage bytes of the fresh state by tensor name, as
 * the model's architecture defines them.
 */
export function freshAdapter(
  { program }: StatePlan,
  initialState: ReadonlyMap<string, Uint8Array>,
): Adapter {
  const factors = factorTensors(program).map((id) =>
    readI32(initialState.get(program.tensors[id]!.name)!),
  );
  return { factors, momenta: factors.map(({ length }) => new Int32Array(length)) };
}

export function encodeAdapter(adapter: Adapter): Uint8Array {
  const tensors = [...adapter.factors, ...adapter.momenta];
  const bytes = new Uint8Array(4 * tensors.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const tensor of tensors) {
    putI32(bytes.subarray(at, at + tensor.byteLength), tensor);
    at += tensor.byteLength;
  }
  return bytes;
}

/** Bytes of an adapter file of this plan. */
export function adapterBytes(plan: StatePlan): number {
  return 8 * factorElements(plan).reduce((sum, elements) => sum + elements, 0);
}

export function decodeAdapter(plan: StatePlan, bytes: Uint8Array): Adapter {
  const expected = adapterBytes(plan);
  if (bytes.length !== expected) {
    throw new R3mesError({ code: "ADAPTER_FILE_INVALID", expected, actual: bytes.length });
  }
  let at = 0;
  const next = (elements: number): Int32Array => {
    const tensor = readI32(bytes.subarray(at, at + 4 * elements));
    at += 4 * elements;
    return tensor;
  };
  const elements = factorElements(plan);
  return { factors: elements.map(next), momenta: elements.map(next) };
}
