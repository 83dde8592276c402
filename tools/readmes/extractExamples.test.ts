import { expect, test } from "vitest";
import { extractExamples } from "./extractExamples.ts";

test("finds the ts blocks and their lines, and no others", () => {
  const markdown =
    "# A\n\n```ts\nconst a = 1;\n```\n\n```sh\nnpm start\n```\n\n```ts\nconst b = 2;\n";
  expect(extractExamples(markdown)).toEqual([{ line: 3, code: "const a = 1;" }]);
});
