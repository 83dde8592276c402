/** Whoever is paid has worked: what only somebody who knows the honest can check about rewards. */
import {
  EventRewardCreditedSchema,
  EventSubmissionChangedSchema,
  EventVerdictRevealedSchema,
  SubmissionStatus,
  Verdict,
} from "@r3mes/protocol/messages";
import type { Health } from "./createHealth.ts";
import { eventsOf } from "./eventsOf.ts";
import type { MadeBlock } from "./simulatedNode.ts";

export interface Payee {
  readonly name: string;
  readonly address: string;
  readonly role: string;
  readonly isHonest: boolean;
  /** Honest, or a cheat that works honestly at times. */
  readonly mayBePaid: boolean;
  /** Keeps the bytes of its work to itself. */
  readonly givesNothing: boolean;
  readonly health: Health;
}

export interface PayCheck {
  /** What is paid in this block to whoever has not worked, in words. */
  after(block: MadeBlock): string[];
  /** Credited to each address for work, in uremes. */
  readonly credited: ReadonlyMap<string, bigint>;
  /**
   * Cheats whose pay is no defect: what they hid an honest verifier had all the same, from whoever trained that chunk before them; or a ring
   * vouched for its own work while no watcher was fit to train it again.
   */
  readonly explained: ReadonlySet<string>;
}

/** A watcher trains all work of a round again, one after another, in the time in which it may be challenged. */
const watchBlocks = 20;

export function createPayCheck(payees: readonly Payee[]): PayCheck {
  const byAddress = new Map(payees.map((one) => [one.address, one]));
  const watchers = payees.filter(({ role }) => role === "watcher");
  const credited = new Map<string, bigint>();
  const explained = new Set<string>();
  const acceptedAt = new Map<bigint, bigint>();
  /** Submissions of which an honest verifier has run a step itself, and found it right. */
  const vouched = new Set<bigint>();

  function vouch(block: MadeBlock): void {
    for (const revealed of eventsOf(block, EventVerdictRevealedSchema)) {
      const isHonest = byAddress.get(revealed.verifier)?.isHonest;
      if (isHonest && revealed.verdict === Verdict.VALID) vouched.add(revealed.submissionId);
    }
  }

  /** Nobody honest was drawn for it, or could look at it afterwards. */
  function isUnseen(id: bigint, now: bigint): boolean {
    const after = acceptedAt.get(id);
    if (after === undefined || vouched.has(id)) return false;
    return watchers.every(({ health }) => health.fitBlocks([{ after, until: now }]) < watchBlocks);
  }

  return {
    credited,
    explained,
    after(block) {
      vouch(block);
      for (const { submissionId, status } of eventsOf(block, EventSubmissionChangedSchema)) {
        if (status === SubmissionStatus.ACCEPTED) acceptedAt.set(submissionId, block.height);
      }
      const credits = eventsOf(block, EventRewardCreditedSchema);
      return credits.flatMap(({ owner, submissionId, amount }) => {
        credited.set(owner, (credited.get(owner) ?? 0n) + amount);
        const one = byAddress.get(owner);
        if (one === undefined || one.mayBePaid || amount === 0n) return [];
        const isWork = one.givesNothing && vouched.has(submissionId);
        if (isWork || isUnseen(submissionId, block.height)) {
          explained.add(owner);
          return [];
        }
        return [`${one.name} cheats and was paid ${amount} uremes for ${submissionId}`];
      });
    },
  };
}
