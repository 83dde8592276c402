import { expect, test, vi } from "vitest";
import XSalsa20 from "xsalsa20";
import { reserveCipherMemory } from "./reserveCipherMemory.ts";

test("connections that take turns do not make the cipher's memory grow", () => {
  reserveCipherMemory();
  const grow = vi.spyOn(WebAssembly.Memory.prototype, "grow");
  const key = Uint8Array.from({ length: 32 }, (_, i) => i);
  const ends = Array.from({ length: 4 }, (_, i) => new XSalsa20(new Uint8Array(24).fill(i), key));
  const message = new Uint8Array(1 << 20).fill(7);
  for (let turn = 0; turn < 3; turn += 1) for (const end of ends) end.update(message);
  expect(grow).not.toHaveBeenCalled();
  grow.mockRestore();
});
