/** A vitest reporter that leaves the counts in a file, because other runners' counts are added to them. */
import { writeFileSync } from "node:fs";
import type { Reporter } from "vitest/node";
import { countVitest } from "./countVitest.ts";

/**
 * Name of the environment variable with the path of the file. Without the prefix of the settings,
 * because processes that tests start inherit it and refuse settings they do not know.
 */
export const accountVariable = "TEST_ACCOUNT_FILE";

// vitest makes an instance of the default export, so this is a class and not a plain object.
export default class AccountReporter implements Reporter {
  onTestRunEnd(...[modules, strayErrors]: Parameters<NonNullable<Reporter["onTestRunEnd"]>>): void {
    const path = process.env[accountVariable];
    if (path === undefined) throw new Error(`${accountVariable} names no file for the counts`);
    writeFileSync(path, JSON.stringify(countVitest(modules, strayErrors, process.cwd())));
  }
}
