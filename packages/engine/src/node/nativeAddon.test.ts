import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { R3mesError } from "@r3mes/protocol";
import { expect, onTestFinished, test } from "vitest";
import { commandWords } from "../backends/wasm/commands.ts";
import { KERNEL_NAMES } from "../backends/wasm/kernelNames.ts";
import { loadAddon, type NativeAddon } from "./nativeAddon.ts";

/** A module with these exports, as the addon would have them. */
function pathOf(addon: Partial<NativeAddon>): string {
  const folder = mkdtempSync(join(tmpdir(), "addon-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "kernels.cjs");
  writeFileSync(path, `module.exports = ${JSON.stringify({ topOfTiles: 0, ...addon })};`);
  return path;
}

test("an addon that was compiled for other kernels or other commands is refused", () => {
  const kernels = KERNEL_NAMES;
  const headerWords = commandWords(0);
  expect(loadAddon(pathOf({ kernels, headerWords }))).toMatchObject({ headerWords });
  for (const other of [
    { kernels, headerWords: headerWords - 1 },
    { kernels },
    { kernels: kernels.slice(1), headerWords },
  ]) {
    expect(() => loadAddon(pathOf(other))).toThrow(R3mesError);
  }
});
