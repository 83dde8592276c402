/** Who takes part in a simulation: honest miners and verifiers, somebody who watches, and cheats that the seed draws. */
import type { MinerDeps } from "../../apps/miner/src/minerDeps.ts";
import type { VerifierDeps } from "../../apps/verifier/src/verifierDeps.ts";
import { badDefender } from "../actors/badDefender.ts";
import { choosingVerifier } from "../actors/choosingVerifier.ts";
import { colludingVerifier } from "../actors/colludingVerifier.ts";
import { hoardLeases } from "../actors/hoardLeases.ts";
import { lyingVerifier } from "../actors/lyingVerifier.ts";
import { type MinerCheat, minerCheats } from "../actors/minerCheats.ts";
import { noCheck } from "../actors/noCheck.ts";
import { revealLast } from "../actors/revealLast.ts";
import { shrug, verifierCheats } from "../actors/verifierCheats.ts";
import { withholdUpdates } from "../actors/withholdUpdates.ts";
import { wrongTile } from "../actors/wrongTile.ts";
import {
  type Adapt,
  liveAsAccuser,
  liveAsGriefer,
  liveAsMiner,
  liveAsVerifier,
  liveAsWatcher,
} from "./roles.ts";
import type { Dice } from "./seededDice.ts";
import type { Ports } from "./simulatedParticipant.ts";

export interface Actor {
  readonly name: string;
  readonly role: "miner" | "verifier" | "watcher" | "griefer";
  /** Of the honest their role; of cheats how they cheat. */
  readonly kind: string;
  readonly isHonest: boolean;
  /** A cheat that works honestly at times, and is paid for that. */
  readonly mayBePaid: boolean;
  readonly givesNothing: boolean;
  readonly live: (ports: Ports) => Promise<unknown>;
}

export interface Cast {
  readonly miners: number;
  readonly verifiers: number;
  /** Miners and verifiers of these that cheat, and a griefer beside them if any does. */
  readonly cheatingMiners: number;
  readonly cheatingVerifiers: number;
}

/** A tensor whose every wrong bit a tile shows. */
const wrongTensor = "layers.0.q.y";

const wrongStep: MinerCheat = (deps) => ({
  ...deps,
  selfCheck: noCheck,
  async openPool(id) {
    const pool = await deps.openPool(id);
    return { ...pool, session: wrongTile(pool.session, wrongTensor) };
  },
});

/**
 * A free-rider hands in noise, a copier what others have revealed, and works if there is nothing to copy; a withholder of updates works, and
 * serves its auditors alone; a skipper leaves out one step of five; a sybil leases under several names and trains nothing; a last revealer works,
 * and keeps all others waiting; a bad defender works, and loses on purpose the cases that its second name opens.
 */
const cheatsOfMiners: Readonly<Record<string, Adapt<MinerDeps>>> = {
  lazy: minerCheats["skip-steps"]!,
  skipper: minerCheats["skip-one"]!,
  "free-rider": minerCheats["random-update"]!,
  copier: minerCheats.copy!,
  "wrong-step": wrongStep,
  withholder: minerCheats.withhold!,
  "data-withholder": (deps) => deps,
  "update-withholder": withholdUpdates,
  sybil: hoardLeases,
  "last-revealer": revealLast,
  "bad-defender": badDefender(wrongTensor),
};

/**
 * Colluders are of a ring with each other and with every cheating miner, and so are choosers, which choose between two beacons as well. All but who
 * lies about sums tell the truth about them.
 */
const cheatsOfVerifiers: Readonly<
  Record<string, (ring: ReadonlySet<string>) => Adapt<VerifierDeps>>
> = {
  "wrong-sum": () => verifierCheats["wrong-sum"]!,
  "lazy-verifier": () => verifierCheats["lazy-verifier"]!,
  liar: () => lyingVerifier,
  colluder: colludingVerifier,
  chooser: choosingVerifier,
  shrugger: () => shrug,
};

const worksAtTimes: ReadonlySet<string> = new Set([
  ...["skipper", "copier", "update-withholder", "last-revealer", "bad-defender", "accuser"],
  ...["colluder", "chooser", "wrong-sum"],
]);
/** One owner with several names. */
const namesOf: Readonly<Record<string, number>> = { sybil: 3, colluder: 2, chooser: 2 };

/**
 * Kinds of cheats are drawn, and none comes twice before all have come. `addressOf` names a participant's address before it is made: a
 * ring knows its members.
 */
export function drawActors(cast: Cast, dice: Dice, addressOf: (name: string) => string): Actor[] {
  const { miners, verifiers, cheatingMiners, cheatingVerifiers } = cast;
  const honest = [
    ...numbered("miner", miners - cheatingMiners).map((name) =>
      honestActor(name, "miner", liveAsMiner()),
    ),
    ...numbered("verifier", verifiers - cheatingVerifiers).map((name) =>
      honestActor(name, "verifier", liveAsVerifier()),
    ),
    honestActor("watcher", "watcher", liveAsWatcher),
  ];
  const minerKinds = dice.shuffled(Object.keys(cheatsOfMiners));
  const verifierKinds = dice.shuffled(Object.keys(cheatsOfVerifiers));
  const liars = numbered("byzantine", cheatingVerifiers).flatMap((number, i) => {
    const kind = verifierKinds[i % verifierKinds.length]!;
    return namesFor(number, kind).map((name) => ({ name, kind }));
  });
  const colluders = liars.filter(({ kind }) => kind === "colluder" || kind === "chooser");
  const cheats = numbered("cheat", cheatingMiners).flatMap((number, i) => {
    const kind = minerKinds[i % minerKinds.length]!;
    return namesFor(number, kind).map((name) => {
      const actor = cheat(name, "miner", kind, liveAsMiner(cheatsOfMiners[kind]));
      // What it trained is right. Its ring vouches for it unseen, and whoever trains it again finds nothing to challenge.
      return actor.givesNothing && colluders.length > 0 ? { ...actor, mayBePaid: true } : actor;
    });
  });
  const accusers = cheats
    .filter(({ kind }) => kind === "bad-defender")
    .map(({ name }) =>
      cheat(`${name}-accuser`, "griefer", "accuser", liveAsAccuser(addressOf(name))),
    );
  const ring = new Set([...cheats, ...colluders].map(({ name }) => addressOf(name)));
  cheats.push(...accusers);
  for (const { name, kind } of liars) {
    const live = liveAsVerifier(cheatsOfVerifiers[kind]!(ring));
    cheats.push(cheat(name, "verifier", kind, live));
  }
  if (cheats.length > 0) cheats.push(cheat("griefer", "griefer", "griefer", liveAsGriefer));
  return [...honest, ...cheats];
}

function honestActor(name: string, role: Actor["role"], live: Actor["live"]): Actor {
  return { name, role, kind: role, isHonest: true, mayBePaid: true, givesNothing: false, live };
}

function cheat(name: string, role: Actor["role"], kind: string, live: Actor["live"]): Actor {
  const mayBePaid = worksAtTimes.has(kind);
  const givesNothing = kind === "data-withholder";
  return { name, role, kind, isHonest: false, mayBePaid, givesNothing, live };
}

function namesFor(number: string, kind: string): string[] {
  const names = namesOf[kind] ?? 1;
  return names === 1 ? [`${number}-${kind}`] : numbered(`${number}-${kind}`, names);
}

function numbered(word: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${word}-${i + 1}`);
}
