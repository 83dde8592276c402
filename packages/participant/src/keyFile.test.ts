import { chmod, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accountOf, signerOf } from "@r3mes/chain-client";
import { limitFiles } from "@r3mes/service/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createKeyFile, isOpenToOthers, openKeyFile, wordsOfKeyFile } from "./keyFile.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "r3mes-key-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("a key is made once, sealed, for this user alone", async () => {
  const path = join(folder, "keystore.json");
  await createKeyFile(path, "a password");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const { address } = await openKeyFile(path, "a password");
  const words = await wordsOfKeyFile(path, "a password");
  expect(address).toBe((await accountOf(await signerOf(words)))?.address);
  const again = join(folder, "again.json");
  await createKeyFile(again, "a second password", words);
  expect((await openKeyFile(again, "a second password")).address).toBe(address);
  await expect(createKeyFile(path, "another")).rejects.toMatchObject({ code: "EEXIST" });
  await expect(openKeyFile(path, "another")).rejects.toMatchObject({
    code: "KEYSTORE_PASSWORD_WRONG",
  });
});

test.runIf(process.platform !== "win32")(
  "a key that others on the machine may read is told from one that they may not",
  async () => {
    const path = join(folder, "keystore.json");
    await createKeyFile(path, "a password");
    expect(await isOpenToOthers(path)).toBe(false);
    for (const mode of [0o640, 0o604]) {
      await chmod(path, mode);
      expect(await isOpenToOthers(path)).toBe(true);
    }
  },
);

test.runIf(process.platform === "linux")(
  "a disk without room leaves no half a key, and one that has it again takes a key",
  async () => {
    const path = join(folder, "keystore.json");
    limitFiles(1);
    try {
      await expect(createKeyFile(path, "a password")).rejects.toThrow();
    } finally {
      limitFiles("unlimited");
    }
    expect(await readdir(folder)).toEqual([]);
    await createKeyFile(path, "a password");
    expect(await readdir(folder)).toEqual(["keystore.json"]);
    await openKeyFile(path, "a password");
  },
);

test("a file that is not there is named", async () => {
  const path = join(folder, "none.json");
  await expect(openKeyFile(path, "x")).rejects.toMatchObject({
    code: "FILE_UNREADABLE",
    facts: { path },
  });
});
