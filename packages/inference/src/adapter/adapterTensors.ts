/** The factors of an adapter file as a forward program takes them. Source: spec/adapter.md. */
import { type Program, stateTensors, tensorBytes } from "@r3mes/engine";
import { R3mesError } from "@r3mes/protocol";

/** Storage bytes of each factor, by name. */
export type AdapterTensors = ReadonlyMap<string, Uint8Array>;

/**
 * @param forward a forward program with the adapter: its state tensors are the factors, in the order of the file
 * @param file all factors, then as many momenta, which inference leaves alone
 * @throws ADAPTER_FILE_INVALID if it has another length
 */
export function adapterTensors(forward: Program, file: Uint8Array): AdapterTensors {
  const factors = stateTensors(forward).map((id) => forward.tensors[id]!);
  const expected = 2 * factors.reduce((sum, factor) => sum + tensorBytes(factor), 0);
  if (file.length !== expected) {
    throw new R3mesError({ code: "ADAPTER_FILE_INVALID", expected, actual: file.length });
  }
  let at = 0;
  return new Map(
    factors.map((factor) => {
      at += tensorBytes(factor);
      return [factor.name, file.subarray(at - tensorBytes(factor), at)] as const;
    }),
  );
}
