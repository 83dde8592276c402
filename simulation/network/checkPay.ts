/** Whoever is paid has worked: what only somebody who knows the honest can check about rewards. */
import {
  EventRewardCreditedSchema,
  EventVerdictRevealedSchema,
  Verdict,
} from "@r3mes/protocol/messages";
import { eventsOf } from "./eventsOf.ts";
import type { MadeBlock } from "./simulatedNode.ts";

export interface Payee {
  readonly name: string;
  readonly isHonest: boolean;
  /** Honest, or a cheat that works honestly at times. */
  readonly mayBePaid: boolean;
  /** Keeps the bytes of its work to itself. */
  readonly givesNothing: boolean;
}

export interface PayCheck {
  /** What is paid in this block to whoever has not worked, in words. */
  after(block: MadeBlock): string[];
  /** Credited to each address for work, in uremes. */
  readonly credited: ReadonlyMap<string, bigint>;
  /** Cheats that hid work whose bytes an honest verifier had all the same, from whoever trained that chunk before them. */
  readonly worked: ReadonlySet<string>;
}

export function createPayCheck(byAddress: ReadonlyMap<string, Payee>): PayCheck {
  const credited = new Map<string, bigint>();
  const worked = new Set<string>();
  /** Submissions of which an honest verifier has run a step itself, and found it right. */
  const vouched = new Set<bigint>();

  function vouch(block: MadeBlock): void {
    for (const revealed of eventsOf(block, EventVerdictRevealedSchema)) {
      const isHonest = byAddress.get(revealed.verifier)?.isHonest;
      if (isHonest && revealed.verdict === Verdict.VALID) vouched.add(revealed.submissionId);
    }
  }

  return {
    credited,
    worked,
    after(block) {
      vouch(block);
      const credits = eventsOf(block, EventRewardCreditedSchema);
      return credits.flatMap(({ owner, submissionId, amount }) => {
        credited.set(owner, (credited.get(owner) ?? 0n) + amount);
        const one = byAddress.get(owner);
        if (one === undefined || one.mayBePaid || amount === 0n) return [];
        if (one.givesNothing && vouched.has(submissionId)) {
          worked.add(owner);
          return [];
        }
        return [`${one.name} cheats and was paid ${amount} uremes for ${submissionId}`];
      });
    },
  };
}
