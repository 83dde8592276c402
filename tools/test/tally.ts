/** Adds up what several runners found, and says it in the one line that CI reads. */

export type Tally = {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
};

/** What one runner found, with the names that a person wants to read. */
export type Account = Tally & {
  readonly failures: readonly string[];
  readonly skips: readonly Skip[];
};

export type Skip = { readonly name: string; readonly reason: string };

export const emptyTally: Tally = { passed: 0, failed: 0, skipped: 0 };

export function addTallies(tallies: Iterable<Tally>): Tally {
  return [...tallies].reduce(
    (sum, next) => ({
      passed: sum.passed + next.passed,
      failed: sum.failed + next.failed,
      skipped: sum.skipped + next.skipped,
    }),
    emptyTally,
  );
}

/** Two runs of one runner as one. */
export function joinAccounts(one: Account, other: Account): Account {
  return {
    ...addTallies([one, other]),
    failures: [...one.failures, ...other.failures],
    skips: [...one.skips, ...other.skips],
  };
}

/** Exactly the form that CI looks for, alone on the last line. */
export function closingLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** A run in which nothing passed has shown nothing, so it does not count as a success. */
export function exitStatus({ passed, failed }: Tally): 0 | 1 {
  return failed === 0 && passed > 0 ? 0 : 1;
}

/** The account of a program that is one test as a whole. */
export function accountOfOne(name: string, failure: string | null): Account {
  if (failure === null) return { passed: 1, failed: 0, skipped: 0, failures: [], skips: [] };
  return { passed: 0, failed: 1, skipped: 0, failures: [`${name}: ${failure}`], skips: [] };
}

/**
 * A runner that ended badly without naming a failed test has failed as a whole: it was killed, ran
 * out of time, or could not start.
 */
export function withFailureOfRunner(
  account: Account,
  name: string,
  failure: string | null,
): Account {
  if (failure === null || account.failed > 0) return account;
  return { ...account, failed: 1, failures: [`${name}: ${failure}`] };
}
