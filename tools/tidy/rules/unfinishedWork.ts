import { findLines } from "../findLines.ts";
import type { Rule } from "../rule.ts";

const sources =
  /^(packages|apps|tools|simulation|chain|proto)\/.*\.(ts|tsx|js|go|proto|py|c|wgsl)$/;
const marks = new RegExp(
  ["TO" + "DO", "FIX" + "ME", "HA" + "CK", "X{3}"].map((mark) => `\\b${mark}\\b`).join("|"),
);
const aloneOrSkipped = /\b(test|it|describe)\.(only|skip|todo)\(/;
/** With a reason a skip leaves out what cannot apply; without one it hides. */
const skippedSilently = /\bt\.Skip(Now)?\(\)/;

export const unfinishedWork: Rule = {
  name: "unfinished-work",
  reason:
    "What is not done is written where work is planned, not left in the code; a test alone or skipped hides others.",
  find: (tree) =>
    [...tree]
      .filter(
        ([path]) => sources.test(path) && !/\/gen\/|\.pb(\.gw)?\.go$|^tools\/tidy\//.test(path),
      )
      .flatMap(([path, text]) => [
        ...findLines(path, text, marks, (match) => `holds the mark ${match}`),
        ...findLines(path, text, aloneOrSkipped, (match) => `holds ${match}…)`),
        ...(path.endsWith(".go")
          ? findLines(path, text, skippedSilently, (match) => `holds ${match}`)
          : []),
      ]),
};
