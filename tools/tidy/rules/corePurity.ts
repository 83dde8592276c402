import type { Finding, Rule } from "../rule.ts";

const core = ["protocol", "engine", "models", "training", "inference"];

export const corePurity: Rule = {
  name: "core-purity",
  reason:
    "Core packages compile without a host's types, so that fetch, timers, process and crypto do not exist for them.",
  find: (tree) => {
    const findings: Finding[] = [];
    for (const name of core) {
      const path = `packages/${name}/tsconfig.json`;
      const text = tree.get(path);
      if (text === undefined) continue;
      const options = (
        JSON.parse(text) as { compilerOptions?: { lib?: string[]; types?: string[] } }
      ).compilerOptions;
      if (options?.lib !== undefined && options.lib.join() !== "ES2023")
        findings.push({ path, what: "sets lib" });
      if (options?.types !== undefined && options.types.length > 0)
        findings.push({ path, what: "sets types" });
    }
    const base = JSON.parse(tree.get("tsconfig.base.json") ?? "{}") as {
      compilerOptions?: { lib?: string[]; types?: string[] };
    };
    if (
      base.compilerOptions?.lib?.join() !== "ES2023" ||
      base.compilerOptions.types?.length !== 0
    ) {
      findings.push({
        path: "tsconfig.base.json",
        what: 'must say "lib": ["ES2023"], "types": []',
      });
    }
    return findings;
  },
};
