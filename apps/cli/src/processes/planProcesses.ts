/** Which processes a localnet has, beside its validators, and the ports that they want. */
import { assert } from "@r3mes/protocol";
import type { PortWish } from "../localnet/choosePorts.ts";
import type { ProcessState } from "../localnet/localnetState.ts";
import { kindOf, type ProcessKindName, processKinds } from "./processKinds.ts";

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
  const found = kindOf(kind);
  assert(found !== undefined, "the kind of a process is known");
  return { defaults: found.ports(number) };
}

/** Whether it is one more than the localnet has by itself: somebody added it, and the others do not need it. */
export function isAdded({ name, kind }: PlannedProcess): boolean {
  const number = Number(/-(\d+)$/.exec(name)?.[1] ?? 1);
  return number > (kindOf(kind)?.count ?? 0);
}

/** The name of one more process of a kind. */
export function nextName(kind: string, taken: readonly string[]): string {
  for (let number = 1; ; number += 1) {
    const name = `${kind}-${number}`;
    if (!taken.includes(name)) return name;
  }
}
