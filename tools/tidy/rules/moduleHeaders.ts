import type { Rule } from "../rule.ts";

/** Generated files and tests speak through their generator and their test names; a rule speaks through its reason. */
const exempt = /\.(test|bench|d)\.ts$|\/gen\/|^tools\/tidy\/rules\/|\.config\.ts$/;

export const moduleHeaders: Rule = {
  name: "module-headers",
  reason: "A file says in its first lines what it owns and what it must not do.",
  find: (tree) =>
    [...tree]
      .filter(
        ([path]) =>
          /^(packages|apps|tools|simulation)\/.*\.(ts|tsx|js)$/.test(path) && !exempt.test(path),
      )
      .filter(
        ([, text]) => !/^(#![^\n]*\n)?("use (client|server)";?\n+)?\s*(\/\*\*|\/\/)/.test(text),
      )
      .map(([path]) => ({
        path,
        line: 1,
        what: "begins without a comment that says what the file owns",
      })),
};
