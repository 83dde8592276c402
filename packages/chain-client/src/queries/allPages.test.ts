import { expect, test } from "vitest";
import { allPages } from "./allPages.ts";

test("pages are asked for until none follows, and each once", async () => {
  const pages: Readonly<Record<string, { rows: number[]; pagination?: { nextKey: Uint8Array } }>> =
    {
      "": { rows: [1, 2], pagination: { nextKey: Uint8Array.of(7) } },
      "7": { rows: [3], pagination: { nextKey: Uint8Array.of(8) } },
      "8": { rows: [4] },
    };
  const asked: string[] = [];
  const rows = await allPages(
    async ({ key }) => {
      asked.push(key.join());
      return pages[key.join()]!;
    },
    (page) => page.rows,
  );
  expect(rows).toEqual([1, 2, 3, 4]);
  expect(asked).toEqual(["", "7", "8"]);
});
