import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test, vi } from "vitest";
import XSalsa20 from "xsalsa20";
import { boundCipherMemory } from "./boundCipherMemory.ts";

test("connections that take turns do not make the cipher's memory grow, whatever they send at once", () => {
  const key = Uint8Array.from({ length: 32 }, (_, i) => i);
  const message = Uint8Array.from({ length: 20 * 2 ** 20 + 13 }, (_, i) => i * 7);
  const begin = (i: number) => new XSalsa20(new Uint8Array(24).fill(i), key);
  // In pieces that the memory of the library holds by itself; where another test has bounded it, it gives them back in their place.
  const plain = begin(1);
  const expected = Buffer.concat(
    Array.from({ length: Math.ceil(message.length / 1000) }, (_, i) =>
      plain.update(message.slice(1000 * i, 1000 * (i + 1))),
    ),
  );
  boundCipherMemory();
  const grow = vi.spyOn(WebAssembly.Memory.prototype, "grow");
  const ends = [1, 2, 3].map(begin);
  const first = ends.map((end) => end.update(message.slice()));
  expect(Buffer.compare(first[0]!, expected)).toBe(0);
  // Whoever is at another end, and gets it in other pieces, reads it.
  const reader = begin(2);
  const read = [first[1]!.subarray(0, 3_000_001), first[1]!.subarray(3_000_001)].map((piece) =>
    reader.update(piece),
  );
  expect(Buffer.compare(Buffer.concat(read), message)).toBe(0);
  for (const end of ends) end.update(message.slice(0, 70_000));
  expect(grow).not.toHaveBeenCalled();
  grow.mockRestore();
});

test("what comes out of the cipher takes no memory beside what went in", () => {
  boundCipherMemory();
  const [sender, reader] = [0, 1].map(
    () => new XSalsa20(new Uint8Array(24), new Uint8Array(32).fill(7)),
  );
  const message = Uint8Array.from({ length: 100_003 }, (_, i) => i * 5);
  const sent = message.slice();
  expect(sender!.update(sent)).toBe(sent);
  expect(Buffer.compare(sent, message)).not.toBe(0);
  expect(reader!.update(sent)).toBe(sent);
  expect(Buffer.compare(sent, message)).toBe(0);
});

test("the library is bounded once, whatever loads this module again", async () => {
  boundCipherMemory();
  const { update } = XSalsa20.prototype;
  const copy = "./boundCipherMemory.ts?copy";
  const again = (await import(/* @vite-ignore */ copy)) as typeof import("./boundCipherMemory.ts");
  expect(again.boundCipherMemory).not.toBe(boundCipherMemory);
  again.boundCipherMemory();
  expect(XSalsa20.prototype.update).toBe(update);
});

test("connections that have ended leave their places to others", async () => {
  boundCipherMemory();
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  const begin = () => new XSalsa20(new Uint8Array(24), new Uint8Array(32).fill(7));
  const [sender, reader] = [begin(), begin()];
  // Given back by hand, and not once more when nobody holds it.
  begin().finalize();
  const grow = vi.spyOn(WebAssembly.Memory.prototype, "grow");
  const message = Uint8Array.from({ length: 2 ** 20 }, (_, i) => i * 3);
  // A place is 64 bytes: all of them together would be three times the memory.
  for (let round = 0; round < 25; round += 1) {
    for (let i = 0; i < 4000; i += 1) begin();
    const [other, another] = [begin(), begin()];
    expect(Buffer.compare(reader.update(sender.update(message.slice())), message)).toBe(0);
    expect(Buffer.compare(another.update(other.update(message.slice())), message)).toBe(0);
    collect();
    // Places are taken back in a turn of their own.
    for (let turn = 0; turn < 10; turn += 1) await setImmediate();
  }
  expect(grow).not.toHaveBeenCalled();
  grow.mockRestore();
});
