import { statfsSync } from "node:fs";
import { expect, test } from "vitest";
import { diskOf } from "./diskOf.ts";

test("what may be written is told of the disk that the folder lies on", async () => {
  const here = import.meta.dirname;
  const { blocks, bsize } = statfsSync(here);
  const free = await diskOf(here).freeBytes();
  expect(free).toBeGreaterThan(0);
  expect(free).toBeLessThan(blocks * bsize);
});

test.skipIf(process.platform !== "linux")("a disk that takes nothing has no room", async () => {
  expect(await diskOf("/proc").freeBytes()).toBe(0);
});
