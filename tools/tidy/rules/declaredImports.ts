import type { Finding, Rule } from "../rule.ts";

interface Manifest {
  readonly name: string;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

const imported =
  /(?:^|[;\s])(?:import|export)\b[^;"']*?from\s*"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)|^import\s+"([^"]+)"/gm;

/** `@scope/name/inner` and `name/inner` belong to the packages `@scope/name` and `name`. */
function packageOf(specifier: string): string | null {
  if (/^(\.|\/|node:|#|data:)/.test(specifier)) return null;
  return /^(@[^/]+\/[^/]+|[^/]+)/.exec(specifier)?.[0] ?? null;
}

export const declaredImports: Rule = {
  name: "declared-imports",
  reason:
    "A package names what it imports in its own package.json; hoisting must not hide a missing line.",
  find: (tree) => {
    const root = JSON.parse(tree.get("package.json") ?? "{}") as Manifest;
    const findings: Finding[] = [];
    for (const [path, text] of tree) {
      const match = /^((?:packages|apps)\/[^/]+|tools)\/.*\.tsx?$/.exec(path);
      if (match === null || /\/kernels\/wasm\/|\/testdata\//.test(path)) continue;
      const room = match[1] ?? "";
      const own = JSON.parse(tree.get(`${room}/package.json`) ?? "{}") as Manifest;
      const isTest = /\.(test|bench)\.ts$|\/testing\//.test(path);
      const known = new Set([
        own.name,
        ...Object.keys({
          ...own.dependencies,
          ...own.optionalDependencies,
          ...own.devDependencies,
        }),
        ...(isTest || room === "tools" ? Object.keys(root.devDependencies ?? {}) : []),
      ]);
      for (const [, from, dynamic, bare] of text.matchAll(imported)) {
        const name = packageOf(from ?? dynamic ?? bare ?? "");
        if (name !== null && !known.has(name)) {
          findings.push({
            path,
            what: `imports ${name}, which ${room}/package.json does not name`,
          });
        }
      }
    }
    return findings;
  },
};
