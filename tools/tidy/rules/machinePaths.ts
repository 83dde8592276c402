import { findLines } from "../findLines.ts";
import type { Rule } from "../rule.ts";

const ownFolders = /(^|[\s"'`(=:])\/(root|home\/\w+|Users\/\w+|work|workspace)\//;

export const machinePaths: Rule = {
  name: "machine-paths",
  reason: "The project runs on other people's machines: no path of one machine stands in it.",
  find: (tree) =>
    [...tree]
      .filter(([path]) => !/^third_party\/|^package-lock\.json$|^tools\/tidy\//.test(path))
      .flatMap(([path, text]) =>
        findLines(path, text, ownFolders, (match) => `holds the path ${match}…`),
      ),
};
