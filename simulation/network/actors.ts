/** Who takes part in a simulation: honest miners and verifiers, somebody who watches, and cheats that the seed draws. */
import { colludingVerifier } from "../actors/colludingVerifier.ts";
import { hoardLeases } from "../actors/hoardLeases.ts";
import { lyingVerifier } from "../actors/lyingVerifier.ts";
import { type MinerCheat, minerCheats } from "../actors/minerCheats.ts";
import { noCheck } from "../actors/noCheck.ts";
import { type VerifierCheat, verifierCheats } from "../actors/verifierCheats.ts";
import { wrongTile } from "../actors/wrongTile.ts";
import { liveAsGriefer, liveAsMiner, liveAsVerifier, liveAsWatcher } from "./roles.ts";
import type { Dice } from "./seededDice.ts";
import type { Ports } from "./simulatedParticipant.ts";

export interface Actor {
  readonly name: string;
  readonly role: "miner" | "verifier" | "watcher" | "griefer";
  readonly isHonest: boolean;
  /** A copier that finds nothing to copy has to work. */
  readonly mayBePaid?: boolean;
  readonly givesNothing?: boolean;
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

/** A free-rider hands in noise, a copier what others have revealed; sybils lease under many names and train nothing. */
const cheatsOfMiners: Readonly<Record<string, MinerCheat>> = {
  lazy: minerCheats["skip-steps"]!,
  "free-rider": minerCheats["random-update"]!,
  copier: minerCheats.copy!,
  "wrong-step": wrongStep,
  withholder: minerCheats.withhold!,
  "data-withholder": (deps) => deps,
  sybil: hoardLeases,
};

/** A colluder vouches for every cheating miner. */
const cheatsOfVerifiers: Readonly<Record<string, (ring: ReadonlySet<string>) => VerifierCheat>> = {
  "wrong-sum": () => verifierCheats["wrong-sum"]!,
  "lazy-verifier": () => verifierCheats["lazy-verifier"]!,
  liar: () => lyingVerifier,
  colluder: colludingVerifier,
};

/** `addressOf` names a participant's address before it is made: a ring knows its members. */
export function drawActors(cast: Cast, dice: Dice, addressOf: (name: string) => string): Actor[] {
  const { miners, verifiers, cheatingMiners, cheatingVerifiers } = cast;
  const honest: Actor[] = [
    ...numbered("miner", miners - cheatingMiners).map(
      (name): Actor => ({ name, role: "miner", isHonest: true, live: liveAsMiner() }),
    ),
    ...numbered("verifier", verifiers - cheatingVerifiers).map(
      (name): Actor => ({ name, role: "verifier", isHonest: true, live: liveAsVerifier() }),
    ),
    { name: "watcher", role: "watcher", isHonest: true, live: liveAsWatcher },
  ];
  const cheats = numbered("cheat", cheatingMiners).map((number): Actor => {
    const kind = dice.pick(Object.keys(cheatsOfMiners));
    return {
      name: `${number}-${kind}`,
      role: "miner",
      isHonest: false,
      givesNothing: kind === "data-withholder",
      mayBePaid: kind === "copier",
      live: liveAsMiner(cheatsOfMiners[kind]),
    };
  });
  const ring = new Set(cheats.map(({ name }) => addressOf(name)));
  for (const number of numbered("byzantine", cheatingVerifiers)) {
    const kind = dice.pick(Object.keys(cheatsOfVerifiers));
    cheats.push({
      name: `${number}-${kind}`,
      role: "verifier",
      isHonest: false,
      live: liveAsVerifier(cheatsOfVerifiers[kind]!(ring)),
    });
  }
  if (cheats.length > 0) {
    cheats.push({ name: "griefer", role: "griefer", isHonest: false, live: liveAsGriefer });
  }
  return [...honest, ...cheats];
}

function numbered(word: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${word}-${i + 1}`);
}
