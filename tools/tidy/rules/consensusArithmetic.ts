import { blankOut } from "../blankOut.ts";
import { findLines } from "../findLines.ts";
import type { Finding, Rule } from "../rule.ts";

/** What no file may use whose results are hashed or agreed on: each pattern with what it lets in. */
const inTypeScript: readonly [RegExp, string][] = [
  [/\bDate\b/, "a clock"],
  [/\bMath\.random\b/, "randomness"],
  [
    /\bMath\.(sqrt|cbrt|exp\w*|log\w*|pow|sin\w*|cos\w*|tan\w*|a(sin|cos|tan)\w*|hypot|fround|f16round|round)\b/,
    "a float",
  ],
  [/\b(Float(16|32|64)Array|parseFloat|(get|set)Float(16|32|64))\b/, "a float"],
  [/(^|[^\w.$])(\d[\d_]*\.\d+|\.\d+|\d[\d_]*e-\d+)/, "a float"],
  [/\btoLocale\w*\(|\bIntl\.|localeCompare/, "a locale"],
];

const inGo: readonly [RegExp, string][] = [
  [/\bfloat(32|64)\b|\bmath\.(Sqrt|Pow|Exp|Log|Floor|Ceil|Round|Inf|NaN|Float)\w*/, "a float"],
  [/(^|[^\w.])\d[\d_]*\.\d+/, "a float"],
  [/"math\/rand(\/v2)?"|"crypto\/rand"/, "randomness"],
  [/\btime\.(Now|Since|Until|After|Tick|Sleep|NewTimer|NewTicker)\b/, "a clock"],
  [/^\s*go (func\b|\w+(\.\w+)*\()/, "a goroutine"],
  [/\bos\.(Getenv|LookupEnv|Environ|Open|ReadFile)\b/, "the environment"],
];

function isConsensusTypeScript(path: string): boolean {
  if (/\.(test|bench|case)\.ts$|\/testing\//.test(path)) return false;
  return (
    /^packages\/protocol\/src\/(encoding|hash|merkle|seed|random|address|amount|commitment)\//.test(
      path,
    ) ||
    /^packages\/engine\/src\/(arithmetic|ops|program|trace|update|optimizer|bounds)\//.test(path) ||
    /^packages\/engine\/src\/(backends\/)?reference\.ts$|^packages\/models\/src\/bitnet\//.test(
      path,
    )
  );
}

function isConsensusGo(path: string): boolean {
  return /^chain\/x\/remes\/.*\.go$/.test(path) && !/_test\.go$|\.pb(\.gw)?\.go$/.test(path);
}

/** Imports are strings, so patterns on them need the strings; all others see code alone. */
function search(path: string, text: string, patterns: readonly [RegExp, string][]): Finding[] {
  const code = blankOut(text);
  return patterns.flatMap(([pattern, what]) =>
    findLines(
      path,
      pattern.source.includes('"') ? text : code,
      pattern,
      (match) => `lets in ${what}: ${match}`,
    ),
  );
}

export const consensusArithmetic: Rule = {
  name: "consensus-arithmetic",
  reason:
    "Whatever is hashed or agreed on depends on integers and committed state alone: no float, clock, randomness, locale.",
  find: (tree) =>
    [...tree].flatMap(([path, text]) => {
      if (isConsensusTypeScript(path)) return search(path, text, inTypeScript);
      return isConsensusGo(path) ? search(path, text, inGo) : [];
    }),
};
