/** Actors that break the rules on purpose. They live in the simulation and never in the product's own miner or verifier. */
import { join } from "node:path";
import { repository } from "../repository.ts";
import { leanHeap } from "./leanHeap.ts";
import { writeParticipantConfig } from "./participantFiles.ts";
import { participantSpec } from "./participantSpec.ts";
import type { ProcessKind } from "./processKind.ts";

export type Cheat = {
  readonly name: string;
  readonly role: "miner" | "verifier";
  /** What it does and what becomes of it, in a sentence. */
  readonly meaning: string;
};

export const cheats = [
  {
    name: "skip-steps",
    role: "miner",
    meaning: "It trains nothing and submits states that never changed; the audit's step differs.",
  },
  {
    name: "random-update",
    role: "miner",
    meaning: "It trains honestly and submits another update; the audit computes the update again.",
  },
  {
    name: "copy",
    role: "miner",
    meaning:
      "It submits what another miner published; seeds bind work to a chunk, so steps differ.",
  },
  {
    name: "withhold",
    role: "miner",
    meaning: "It commits and never reveals; silence costs the slot's whole bond.",
  },
  {
    name: "wrong-sum",
    role: "verifier",
    meaning:
      "It attests another sum of the round; that opens a case, and one tile shows that it is wrong.",
  },
  {
    name: "lazy-verifier",
    role: "verifier",
    meaning: "It says valid without running a step; its digest cannot match.",
  },
  {
    name: "skip-one",
    role: "miner",
    meaning:
      "It leaves out a step of every five; an audit seldom draws it, npx r3mes challenge --watch finds it.",
  },
] as const satisfies readonly Cheat[];

const main = join(repository, "simulation/actors/main.ts");

function cheatProcess({ name, role }: Cheat, index: number): ProcessKind {
  const table = role === "miner" ? { mine: { threads: 1 } } : { verify: { threads: 1 } };
  return {
    count: 0,
    ports: (number) => ({ http: 7500 + 10 * index + number, store: 7600 + 10 * index + number }),
    hasKey: true,
    configure: (own, launch) => writeParticipantConfig(own, launch, table),
    toSpec: (own) => {
      const spec = participantSpec(main, own);
      return { ...spec, args: [...leanHeap, main, name, own.folder] };
    },
  };
}

/** One kind for each cheat, as in `cheat-copy`. */
export const cheatKinds: { readonly [kind: string]: ProcessKind } = Object.fromEntries(
  cheats.map((cheat, index) => [`cheat-${cheat.name}`, cheatProcess(cheat, index)]),
);
