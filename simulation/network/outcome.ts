/** What a simulation has cost or brought everybody who took part, and whether that is fair. */
import type { Actor } from "./actors.ts";
import type { Fine } from "./checkNetwork.ts";
import { nameOf, silence } from "./faults.ts";

export interface Outcome extends Omit<Actor, "live"> {
  readonly address: string;
  /** Own at the end, less what it owned when all began, in uremes. */
  readonly change: bigint;
  /** Credited for work, in uremes. */
  readonly credited: bigint;
  /** For the fraud of others, in uremes. */
  readonly awarded: bigint;
  readonly fines: readonly Fine[];
}

/** Of all cheats of one kind, in uremes. */
export interface CheatIncome {
  readonly actors: number;
  readonly credited: bigint;
  readonly fined: bigint;
  /** How often they were fined for what. */
  readonly faults: Readonly<Record<string, number>>;
  /** What they have won, less what they have lost. */
  readonly income: bigint;
}

/** Fees that are not given back: claims, withdrawals, bonds. In uremes for each round. */
const feesPerRound = 200_000n;

/** Taken by fines, in uremes. */
export function finedOf({ fines }: Pick<Outcome, "fines">): bigint {
  return fines.reduce((sum, { taken }) => sum + taken, 0n);
}

/** What is unfair about an outcome, in words. */
export function unfair(outcome: Outcome, rounds: number): string[] {
  const { name, isHonest, change, awarded, fines } = outcome;
  if (isHonest) {
    const isLoss = change + finedOf(outcome) + feesPerRound * BigInt(rounds) < 0n;
    return isLoss ? [`${name} is honest and has lost ${-change} uremes`] : [];
  }
  // Fined for a deed, and not for silence alone. Who cheats in sums may be right about the work of other cheats.
  if (fines.some(({ fault }) => !silence.has(fault))) {
    return change - awarded >= 0n ? [`${name} was convicted and has won ${change} uremes`] : [];
  }
  // Honest work is paid, and a lie that is right by chance, too: nothing shows that these have cheated.
  if (outcome.mayBePaid || outcome.role === "verifier") return [];
  return change > 0n ? [`${name} cheats, and has won ${change} uremes`] : [];
}

export function cheatIncomes(outcomes: readonly Outcome[]): Record<string, CheatIncome> {
  const cheats = outcomes.filter(({ isHonest }) => !isHonest);
  const kinds = [...new Set(cheats.map(({ kind }) => kind))].sort();
  return Object.fromEntries(
    kinds.map((kind) => [kind, incomeOf(cheats.filter((cheat) => cheat.kind === kind))]),
  );
}

function incomeOf(cheats: readonly Outcome[]): CheatIncome {
  const sum = (amount: (cheat: Outcome) => bigint) =>
    cheats.reduce((all, cheat) => all + amount(cheat), 0n);
  const faults: Record<string, number> = {};
  for (const { fault } of cheats.flatMap(({ fines }) => fines)) {
    faults[nameOf(fault)] = (faults[nameOf(fault)] ?? 0) + 1;
  }
  return {
    actors: cheats.length,
    credited: sum(({ credited }) => credited),
    fined: sum(finedOf),
    faults,
    income: sum(({ change }) => change),
  };
}
