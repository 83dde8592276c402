/**
 * A vitest reporter that leaves the counts in a file, because other runners' counts are added to them, and the newest test that ended
 * in another, for whoever waits: what libraries print on the way says nothing.
 */
import { writeFileSync } from "node:fs";
import type { Reporter } from "vitest/node";
import { countVitest } from "./countVitest.ts";

/**
 * Names of the environment variables with the paths of the files. Without the prefix of the settings,
 * because processes that tests start inherit them and refuse settings they do not know.
 */
export const accountVariable = "TEST_ACCOUNT_FILE";
export const newestVariable = "TEST_NEWEST_FILE";

// vitest makes an instance of the default export, so this is a class and not a plain object.
export default class AccountReporter implements Reporter {
  onTestCaseResult(
    ...[{ module, fullName }]: Parameters<NonNullable<Reporter["onTestCaseResult"]>>
  ): void {
    writeFileSync(pathIn(newestVariable), `${module.relativeModuleId} > ${fullName}`);
  }

  onTestRunEnd(...[modules, strayErrors]: Parameters<NonNullable<Reporter["onTestRunEnd"]>>): void {
    const account = countVitest(modules, strayErrors, process.cwd());
    writeFileSync(pathIn(accountVariable), JSON.stringify(account));
  }
}

function pathIn(variable: string): string {
  const path = process.env[variable];
  if (path === undefined) throw new Error(`${variable} names no file`);
  return path;
}
