/**
 * What must hold after every block, whatever was broken and whoever cheats (spec/invariants.md). The keeper's own invariants come with
 * the block; here is what only somebody who knows the honest can check.
 */
import { toHex } from "@r3mes/protocol";
import {
  EventAdapterAdoptedSchema,
  EventCaseOpenedSchema,
  type EventSlashed,
  EventSlashedSchema,
  type Fault,
} from "@r3mes/protocol/messages";
import type { JournalRecord } from "@r3mes/service";
import { contradictions } from "../contradictions.ts";
import { createPayCheck, type PayCheck, type Payee } from "./checkPay.ts";
import { createProgressCheck, type Summer } from "./checkProgress.ts";
import { createDutyWindows } from "./createDutyWindows.ts";
import { eventsOf } from "./eventsOf.ts";
import { nameOf } from "./faults.ts";
import type { MadeBlock } from "./simulatedNode.ts";

export interface Watched extends Payee, Summer {
  readonly address: string;
  readonly role: "miner" | "verifier" | "watcher" | "griefer";
  readonly records: () => readonly JournalRecord[];
}

export interface Fine {
  readonly fault: Fault;
  readonly taken: bigint;
}

export interface NetworkChecks {
  /** What does not hold after this block, in words. */
  after(block: MadeBlock): readonly string[];
  /** What does not hold when all is over. */
  atEnd(): readonly string[];
  /** Fines of the honest that no failure of their own explains. */
  readonly honestSlashed: () => number;
  /** How often an honest process was fined for what it could not do, by what that was and what kept it from it. */
  readonly excused: ReadonlyMap<string, number>;
  readonly pay: PayCheck;
  /** Paid to each address for the fraud of others that its cases have shown, in uremes. */
  readonly awarded: ReadonlyMap<string, bigint>;
  /** What each address was fined for, and what that has taken, in uremes. */
  readonly fines: ReadonlyMap<string, readonly Fine[]>;
}

interface Adopted {
  readonly poolId: bigint;
  readonly round: number;
  /** Submissions that are not in it. */
  readonly leftOut: readonly bigint[];
  /** In hex. */
  readonly root: string;
}

export function createNetworkChecks(watched: readonly Watched[]): NetworkChecks {
  const byAddress = new Map(watched.map((one) => [one.address, one]));
  const verifiers = watched.filter(({ role, isHonest }) => isHonest && role === "verifier");
  const pay = createPayCheck(watched);
  // Most cheats of verifiers tell the truth about a sum, and a quorum may need them.
  const progress = createProgressCheck(watched.filter(({ role }) => role === "verifier"));
  const awarded = new Map<string, bigint>();
  const challengers = new Map<bigint, string>();
  const fines = new Map<string, readonly Fine[]>();
  const adoptions: Adopted[] = [];
  const duties = createDutyWindows();
  const excused = new Map<string, number>();
  let honestSlashed = 0;

  /** A challenger that loses pays the accused: that is no award. */
  function award({ caseId, offender, awarded: amount }: EventSlashed): void {
    const challenger = challengers.get(caseId);
    if (challenger === undefined || challenger === offender) return;
    awarded.set(challenger, (awarded.get(challenger) ?? 0n) + amount);
  }

  function fined(block: MadeBlock): string[] {
    for (const opened of eventsOf(block, EventCaseOpenedSchema)) {
      challengers.set(opened.caseId, opened.challenger);
    }
    return eventsOf(block, EventSlashedSchema).flatMap((fine) => {
      award(fine);
      fines.set(fine.offender, [...(fines.get(fine.offender) ?? []), fine]);
      const offender = byAddress.get(fine.offender);
      if (!offender?.isHonest) return [];
      return unlessExcused(fine, offender);
    });
  }

  /** What was owed and not done is excused if whoever owed it was not fit for as many blocks as it takes. A deed never is. */
  function unlessExcused(fine: EventSlashed, { name, health }: Watched): string[] {
    const owed = duties.owed(fine);
    const fitBlocks = owed && health.fitBlocks(owed.windows);
    if (owed !== undefined && fitBlocks! < owed.workBlocks) {
      const reason = `${nameOf(fine.fault)} after ${health.mainAilment(owed.windows)}`;
      excused.set(reason, (excused.get(reason) ?? 0) + 1);
      return [];
    }
    honestSlashed += 1;
    const fit = fitBlocks === undefined ? "" : `, fit in ${fitBlocks} blocks`;
    return [`${name} is honest and was fined for ${nameOf(fine.fault)} ${fine.subject}${fit}`];
  }

  /** Every honest verifier that has the sum of the same work has the adopted one. */
  function agreed({ root, ...adopted }: Adopted): string[] {
    const { round } = adopted;
    return verifiers.flatMap(({ name, records }) =>
      records()
        .filter((record) => isSumOf(record, adopted) && record.root !== root)
        .map((record) => `${name} summed ${record.root} in round ${round}, adopted was ${root}`),
    );
  }

  function adopted(block: MadeBlock): string[] {
    return eventsOf(block, EventAdapterAdoptedSchema).flatMap(
      ({ poolId, round, leftOut, root }) => {
        const found = { poolId, round, leftOut, root: toHex(root) };
        adoptions.push(found);
        return agreed(found);
      },
    );
  }

  return {
    pay,
    awarded,
    fines,
    honestSlashed: () => honestSlashed,
    excused,
    after(block) {
      duties.read(block);
      const broken = block.broken === undefined ? [] : [block.broken];
      return [
        ...broken,
        ...fined(block),
        ...pay.after(block),
        ...adopted(block),
        ...progress(block),
      ];
    },
    atEnd: () => [
      // Whoever was late with a sum has compared it with nothing yet.
      ...adoptions.flatMap(agreed),
      ...watched.flatMap(({ name, isHonest, records }) =>
        isHonest ? contradictions(records()).map((what) => `${name} promised twice: ${what}`) : [],
      ),
    ],
  };
}

function isSumOf(
  record: JournalRecord,
  { poolId, round, leftOut }: Omit<Adopted, "root">,
): boolean {
  const isOfRound =
    record.kind === "sum" && record.pool === String(poolId) && record.round === round;
  return isOfRound && String(record.leftOut ?? []) === String(leftOut);
}
