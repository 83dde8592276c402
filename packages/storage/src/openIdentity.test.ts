import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openIdentity } from "./openIdentity.ts";

test("an identity is made once, and anew where a loss of power has left an empty file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "r3mes-identity-"));
  try {
    const path = join(folder, "identity");
    await writeFile(path, "");
    const made = await openIdentity(path);
    expect((await openIdentity(path)).equals(made)).toBe(true);
    expect(await readdir(folder)).toEqual(["identity"]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
