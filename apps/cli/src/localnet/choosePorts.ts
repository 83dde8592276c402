/**
 * Gives every process of the localnet its ports, all of them free at the moment of choosing, and held from then on until the process
 * that listens there is about to start: of two localnets that start at once one has them all.
 * A port that is taken is reported with its holder; only the mode `auto` moves away from it.
 */
import { randomInt } from "node:crypto";
import { type HeldPort, holdPort } from "./holdPort.ts";
import type { NodePorts } from "./localnetState.ts";
import { portInUse } from "./portInUse.ts";

export type PortMode = "default" | "auto";

/**
 * Below the ports that systems take for outgoing connections (from 32768 on Linux), so that no
 * connection takes a remembered port by chance.
 */
const autoPorts = { from: 20_000, below: 32_000 } as const;
const autoAttemptsMax = 100;

/** The ports that one process wants: those of the mode `default`, and those that it had at the last start. */
export type PortWish = {
  readonly defaults: WantedPorts;
  readonly remembered?: WantedPorts;
};

/** A purpose that a process does not have is left out, or undefined. */
type WantedPorts = { readonly [purpose: string]: number | undefined };

/** By purpose, as in `rpc`. */
type Ports = { readonly [purpose: string]: number };

/** The ports that a node of the Cosmos SDK uses by default; the next validator's are ten higher. */
export function defaultPorts(index: number): NodePorts {
  const shift = 10 * index;
  return { p2p: 26656 + shift, rpc: 26657 + shift, grpc: 9090 + shift, rest: 1317 + shift };
}

export type ChosenPorts = {
  /** One set of ports for each wish, in their order, with the purposes of its defaults. */
  readonly sets: readonly Ports[];
  /** Lets go of these, or of all that are still held, for whoever listens there. */
  readonly letGo: (ports?: WantedPorts) => Promise<void>;
};

export async function choosePorts(
  mode: PortMode,
  wishes: readonly PortWish[],
): Promise<ChosenPorts> {
  const held = new Map<number, HeldPort>();
  const letGo = async (ports?: WantedPorts) => {
    const numbers = ports === undefined ? [...held.keys()] : Object.values(ports);
    await Promise.all(numbers.map((port) => held.get(port!)?.release()));
    for (const port of numbers) held.delete(port!);
  };
  try {
    const sets: Ports[] = [];
    // Whoever has them already lets go of the first ones first: from the end one meets what is held, and takes nothing that is awaited.
    for (const wish of wishes.toReversed()) sets.unshift(await choose(mode, wish, held));
    return { sets, letGo };
  } catch (error) {
    await letGo();
    throw error;
  }
}

async function choose(mode: PortMode, wish: PortWish, held: Map<number, HeldPort>): Promise<Ports> {
  const wanted = mode === "default" ? wish.defaults : wish.remembered;
  const entries: [string, number][] = [];
  for (const [purpose, usual] of Object.entries(wish.defaults)) {
    if (usual === undefined) continue;
    const port = wanted?.[purpose];
    let hold = port === undefined ? null : await holdPort(port);
    if (hold === null && mode === "auto") hold = await holdAnyPort();
    if (hold === null) throw await portInUse(purpose, port ?? autoPorts.from);
    held.set(hold.port, hold);
    entries.push([purpose, hold.port]);
  }
  return Object.fromEntries(entries);
}

async function holdAnyPort(): Promise<HeldPort | null> {
  for (let attempt = 0; attempt < autoAttemptsMax; attempt += 1) {
    const held = await holdPort(randomInt(autoPorts.from, autoPorts.below));
    if (held !== null) return held;
  }
  return null;
}
