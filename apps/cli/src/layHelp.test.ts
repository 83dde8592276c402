import { expect, test } from "vitest";
import { layTerm } from "./layHelp.ts";

const meaning = "folder of the project's state (default: .r3mes of the project)";

test("what a term means stands beside it, and goes on under itself", () => {
  expect(layTerm("--json", 15, "as JSON", 80)).toBe("  --json           as JSON");
  expect(layTerm("--home <folder>", 15, meaning, 60)).toBe(
    "  --home <folder>  folder of the project's state (default:\n" +
      "                   .r3mes of the project)",
  );
});

test("where there is no room beside it, it stands under the term", () => {
  const text = layTerm("--home <folder>", 15, meaning, 40, (line) => `<${line}>`);
  expect(text).toBe(
    "  --home <folder>\n" +
      "      <folder of the project's state>\n" +
      "      <(default: .r3mes of the project)>",
  );
});

test("a term that needs no word stands alone", () => {
  expect(layTerm("stop", 8, "", 40)).toBe("  stop");
});
