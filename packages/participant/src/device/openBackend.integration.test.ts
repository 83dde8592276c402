/** What a backend takes of memory: of a process of its own, whose memory nobody else gives back meanwhile. */
import { buildDecodeProgram } from "@r3mes/models";
import { TINY_SHAPE, tinyWeights } from "@r3mes/models/testing";
import { expect, test } from "vitest";
import { openBackend } from "./openBackend.ts";

test("caches that nobody writes take no memory, unless a limit says that they have it", async () => {
  const shape = { ...TINY_SHAPE, context: 4096 };
  const program = buildDecodeProgram(shape, { sequences: 256, length: 1, adapter: null });
  const weights = tinyWeights(program, 3);
  const taken = async (limit: { readonly bytesMax?: number }) => {
    const backend = await openBackend({ backend: "wasm", threads: 1, ...limit }, () => undefined);
    const before = process.memoryUsage.rss();
    const session = await backend.prepare(program, weights);
    const bytes = process.memoryUsage.rss() - before;
    await session.close();
    return bytes;
  };
  const many = 100 << 20;
  expect(await taken({})).toBeLessThan(many);
  expect(await taken({ bytesMax: 2 ** 32 })).toBeGreaterThan(many);
});
