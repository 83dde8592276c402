/** Every kind of process of the localnet, in the order in which they are started and shown. A new kind is one file and one line. */
import { apiProcess } from "./apiProcess.ts";
import { cheatKinds } from "./cheatProcess.ts";
import { dashboardProcess } from "./dashboardProcess.ts";
import { founderProcess } from "./founderProcess.ts";
import { kuboProcess } from "./kuboProcess.ts";
import { minerProcess } from "./minerProcess.ts";
import type { ProcessKind } from "./processKind.ts";
import { verifierProcess } from "./verifierProcess.ts";

export const processKinds = {
  kubo: kuboProcess,
  founder: founderProcess,
  verifier: verifierProcess,
  miner: minerProcess,
  api: apiProcess,
  dashboard: dashboardProcess,
} as const satisfies { readonly [name: string]: ProcessKind };

export type ProcessKindName = keyof typeof processKinds;

/** Undefined for a name that a later version of this program may know. */
export function kindOf(name: string): ProcessKind | undefined {
  if (Object.hasOwn(processKinds, name)) return processKinds[name as ProcessKindName];
  return cheatKinds[name];
}
