/** Which processes a localnet has, beside its validators, and the ports that they want. */
import type { PortWish } from "../localnet/choosePorts.ts";
import type { ProcessState } from "../localnet/localnetState.ts";
import { type ProcessKindName, processKinds } from "./processKinds.ts";

export type PlannedProcess = Pick<ProcessState, "name" | "kind">;

export type ProcessCounts = { readonly [Kind in ProcessKindName]?: number };

/** A kind with one process gives it its own name; others are numbered from 1. */
export function planProcesses(counts: ProcessCounts = {}): readonly PlannedProcess[] {
  const kinds = Object.keys(processKinds) as ProcessKindName[];
  return kinds.flatMap((kind) => {
    const { count: usual } = processKinds[kind];
    const count = counts[kind] ?? usual;
    const isNumbered = usual !== 1;
    return Array.from({ length: count }, (_, index) => ({
      kind,
      name: isNumbered ? `${kind}-${index + 1}` : kind,
    }));
  });
}

/** What a process with this name wants in the mode `default`. */
export function portWish({ name, kind }: PlannedProcess): PortWish {
  const number = Number(/-(\d+)$/.exec(name)?.[1] ?? 1);
  return { defaults: processKinds[kind as ProcessKindName].ports(number) };
}
