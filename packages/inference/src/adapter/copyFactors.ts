/**
 * Makes the working copies of an adapter's factors, once when it is loaded: a step of training makes them anew because it has
 * changed the factors, which decoding never does.
 */
import { type Backend, type Tensor, tensorBytes, unpackBlock } from "@r3mes/engine";
import { type AdapterShape, type BitnetShape, buildCopyProgram } from "@r3mes/models";
import type { AdapterTensors } from "./adapterTensors.ts";

/** What a decoder keeps of an adapter, by the names of its program's state tensors. */
export interface FactorCopies {
  /** i16 [rank, columns], storage bytes. */
  readonly copies: ReadonlyMap<string, { readonly bytes: Uint8Array; readonly rank: number }>;
  readonly magnitudes: ReadonlyMap<string, number>;
}

export interface CopyOptions {
  readonly shape: BitnetShape;
  readonly adapter: AdapterShape;
}

/** Of the copies of an adapter. */
export function bytesOfCopies({ shape, adapter }: CopyOptions): number {
  const copies = buildCopyProgram(shape, adapter).tensors.filter(isCopy);
  return copies.reduce((sum, tensor) => sum + tensorBytes(tensor), 0);
}

const isCopy = ({ name }: Pick<Tensor, "name">) => name.endsWith(".copy");

/** @param factors storage bytes of each factor, by name */
export async function copyFactors(
  { shape, adapter }: CopyOptions,
  factors: AdapterTensors,
  backend: Backend,
): Promise<FactorCopies> {
  const program = buildCopyProgram(shape, adapter);
  const session = await backend.prepare(program, (name) => {
    throw new RangeError(`${name}: a program of copies has no weights`);
  });
  try {
    for (const { name, role } of program.tensors) {
      if (role === "state") session.write(name, factors.get(name)!);
    }
    const copies = new Map<string, { bytes: Uint8Array; rank: number }>();
    const magnitudes = new Map<string, number>();
    await session.run((operation, output, bytes) => {
      const tensor = program.tensors[program.operations[operation]!.outputs[output]!]!;
      const { name } = tensor;
      if (isCopy(tensor)) copies.set(name, { bytes: bytes.slice(), rank: adapter.rank });
      if (name.endsWith(".magnitude")) {
        magnitudes.set(name, Number(unpackBlock("i16", 1, 1, bytes)[0]!));
      }
    });
    return { copies, magnitudes };
  } finally {
    await session.close();
  }
}
