import type { Finding, Rule } from "../rule.ts";

const exact = /^(\d+\.\d+\.\d+(-[\w.]+)?|npm:.+@\d+\.\d+\.\d+)$/;

export const exactPins: Rule = {
  name: "exact-pins",
  reason: "The same clone gives the same tree: dependencies are pinned exactly.",
  find: (tree) => {
    const findings: Finding[] = [];
    for (const [path, text] of tree) {
      if (!/^((packages|apps)\/[^/]+\/|tools\/)?package\.json$/.test(path)) continue;
      const manifest = JSON.parse(text) as Record<string, Record<string, string> | undefined>;
      for (const kind of ["dependencies", "devDependencies", "optionalDependencies", "overrides"]) {
        for (const [name, version] of Object.entries(manifest[kind] ?? {})) {
          if (!exact.test(version)) findings.push({ path, what: `pins ${name} to ${version}` });
        }
      }
    }
    return findings;
  },
};
