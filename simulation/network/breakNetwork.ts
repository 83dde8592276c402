/**
 * Failures, drawn from the seed: processes that are killed or stand still, links that are cut or slow, peers that are late, disks that
 * fill, lose and rot.
 */
import type { Clock } from "@r3mes/service";
import type { Ailment } from "./createHealth.ts";
import type { Dice } from "./seededDice.ts";
import type { SimulatedParticipant } from "./simulatedParticipant.ts";
import { turned } from "./simulatedSwarm.ts";

export const faultKinds = [
  "kill",
  "partition",
  "delay",
  "lost blocks",
  "rotten blocks",
  "wrong blocks",
  "disk full",
  "stall",
  "slow peer",
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Failures {
  /** Breaks something, or not, before a block is made. Whoever was killed comes back in time. */
  beforeBlock(): void;
  readonly count: () => number;
}

export interface FailureOptions {
  /** How often something breaks, in thousandths of a block. */
  readonly perMille: number;
  /** Told of everything that breaks. */
  readonly onFault: (kind: FaultKind, victim: SimulatedParticipant) => void;
  /** Told before each block of everybody whom something keeps from working. */
  readonly onAilment: (ailment: Ailment, victim: SimulatedParticipant) => void;
}

/** Long enough to be felt, and short beside every window but the beacon's. */
const outageMs = { least: 1_000, most: 9_000 } as const;
/** Longer than a round and both windows for its sum: whoever stands still so long has missed all of it, and knows of none of it. */
const standstillMs = { least: 1_000, most: 60_000 } as const;
/** Calls of a process to the world in which a kill may find it. */
const killCalls = 40;

export function createFailures(
  { perMille, onFault, onAilment }: FailureOptions,
  participants: readonly SimulatedParticipant[],
  { dice, clock }: { readonly dice: Dice; readonly clock: Clock },
): Failures {
  let count = 0;
  const backAtMs = new Map<SimulatedParticipant, number>();
  const lasting = ({ least, most }: typeof outageMs | typeof standstillMs) =>
    least + dice.below(most - least);
  const outage = () => lasting(outageMs);

  function breakOne(kind: FaultKind, victim: SimulatedParticipant): void {
    const isLong = kind === "stall" || kind === "slow peer";
    const untilMs = clock.nowMs() + (isLong ? lasting(standstillMs) : outage());
    const { ailments, store } = victim;
    count += 1;
    onFault(kind, victim);
    switch (kind) {
      case "kill":
        victim.killAfter(1 + dice.below(killCalls));
        return;
      case "partition":
        ailments.cutUntilMs = untilMs;
        return;
      case "delay":
        ailments.slowUntilMs = untilMs;
        return;
      case "wrong blocks":
        ailments.wrongUntilMs = untilMs;
        return;
      case "disk full":
        ailments.fullUntilMs = untilMs;
        return;
      case "stall":
        // Who sleeps already does not wake sooner.
        ailments.stillUntilMs = Math.max(ailments.stillUntilMs, untilMs);
        return;
      case "slow peer":
        ailments.lateUntilMs = untilMs;
        return;
      case "lost blocks":
      case "rotten blocks":
        for (const [hash, bytes] of [...store.blocks]) {
          if (!dice.chance(200)) continue;
          if (kind === "lost blocks") store.blocks.delete(hash);
          else store.blocks.set(hash, turned(bytes));
        }
    }
  }

  return {
    count: () => count,
    beforeBlock() {
      for (const participant of participants) {
        if (participant.isAlive()) {
          backAtMs.delete(participant);
          continue;
        }
        const backAt = backAtMs.get(participant) ?? clock.nowMs() + outage();
        backAtMs.set(participant, backAt);
        if (clock.nowMs() >= backAt) participant.begin();
      }
      if (dice.chance(perMille)) breakOne(dice.pick(faultKinds), dice.pick(participants));
      for (const participant of participants) {
        const ailment = ailmentOf(participant, clock.nowMs());
        if (ailment !== undefined) onAilment(ailment, participant);
      }
    },
  };
}

/**
 * What keeps it from working. A peer that is late or wrong harms others, and blocks that are lost can be had from somebody or made again:
 * what is owed to the chain is in the journal.
 */
function ailmentOf(participant: SimulatedParticipant, nowMs: number): Ailment | undefined {
  const { cutUntilMs, slowUntilMs, fullUntilMs, stillUntilMs } = participant.ailments;
  if (!participant.isAlive()) return "kill";
  if (nowMs < stillUntilMs) return "stall";
  if (nowMs < cutUntilMs) return "partition";
  if (nowMs < fullUntilMs) return "disk full";
  return nowMs < slowUntilMs ? "delay" : undefined;
}
