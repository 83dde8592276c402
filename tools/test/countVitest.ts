/** Reads what vitest found, as far as counting needs it. What could not even start counts as failed. */
import { type Account, joinAccounts, type Skip } from "./tally.ts";
import { type Crash, crashOf } from "./vitestCrash.ts";

/** Of a file whose process died nothing is counted but the crash: what it had shown until then is shown again, or not at all. */
export type VitestAccount = Account & { readonly crashes: readonly Crash[] };

/** The part of vitest's `TestModule` that is read here. */
export type Module = Collection & { readonly relativeModuleId: string };

type Collection = {
  readonly children: { allTests(): Iterable<TestCase>; allSuites(): Iterable<Suite> };
  errors(): readonly unknown[];
};

type Suite = { readonly fullName: string; errors(): readonly unknown[] };

type TestCase = {
  readonly fullName: string;
  result(): {
    readonly state: "passed" | "failed" | "skipped" | "pending";
    readonly note?: string | undefined;
  };
};

/** A module that does not load, a suite whose hook fails and an error outside any test count as one each. */
export function countVitest(
  modules: readonly Module[],
  strayErrors: readonly unknown[],
  root: string,
): VitestAccount {
  const crashes = strayErrors
    .map((error) => crashOf(error, root))
    .filter((crash) => crash !== null);
  let passed = 0;
  const failures: string[] = [];
  const skips: Skip[] = [];
  for (const module of modules) {
    const file = module.relativeModuleId;
    if (crashes.some((crash) => crash.file === file)) continue;
    if (module.errors().length > 0) failures.push(`${file} (could not be run)`);
    for (const suite of module.children.allSuites()) {
      if (suite.errors().length > 0)
        failures.push(`${file} > ${suite.fullName} (outside its tests)`);
    }
    for (const test of module.children.allTests()) {
      const name = `${file} > ${test.fullName}`;
      const { state, note } = test.result();
      if (state === "passed") passed += 1;
      else if (state === "skipped") skips.push({ name, reason: note ?? "no reason given" });
      else failures.push(name);
    }
  }
  const stray = strayErrors.length - crashes.length;
  for (let count = 0; count < stray; count += 1) failures.push("an error outside any test");
  return { passed, failed: failures.length, skipped: skips.length, failures, skips, crashes };
}

/** The account with its crashes as failures. */
export function withCrashes({ crashes, ...account }: VitestAccount): Account {
  const failures = crashes.map(
    ({ file, signal }) => `${file} (its process was ended by ${signal})`,
  );
  const crashed = { passed: 0, failed: crashes.length, skipped: 0, failures, skips: [] };
  return joinAccounts(account, crashed);
}
