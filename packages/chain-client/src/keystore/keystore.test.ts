import { fromBech32, toBech32 } from "@cosmjs/encoding";
import { expect, test } from "vitest";
import { accountOf } from "../transactions/signer.ts";
import { createMnemonic, isMnemonic, openKeystore, sealKeystore, signerOf } from "./keystore.ts";

test("a mnemonic gives the key that every Cosmos wallet derives", async () => {
  // The well-known address of the twelve-word test mnemonic under coin type 118, here with our prefix.
  const mnemonic = `${"abandon ".repeat(11)}about`;
  const known = fromBech32("cosmos19rl4cm2hmr8afy4kldpxz3fka4jguq0auqdal4", 90);
  const account = await accountOf(await signerOf(mnemonic));
  expect(account?.address).toBe(toBech32("remes", known.data));
});

test("what is sealed opens with its password, and with no other", async () => {
  const mnemonic = createMnemonic();
  const text = await sealKeystore(mnemonic, "correct horse");
  expect(text).not.toContain(`${mnemonic.split(" ")[0]} `);
  const opened = await accountOf(await openKeystore(text, "correct horse"));
  expect(opened).toEqual(await accountOf(await signerOf(mnemonic)));
  await expect(openKeystore(text, "wrong")).rejects.toMatchObject({
    code: "KEYSTORE_PASSWORD_WRONG",
  });
  await expect(openKeystore("not a keystore", "x")).rejects.toMatchObject({
    code: "KEYSTORE_MALFORMED",
  });
});

test("a mnemonic is told from words that are none, miss one or were mistyped", () => {
  const mnemonic = createMnemonic();
  expect(isMnemonic(mnemonic)).toBe(true);
  const words = `${"abandon ".repeat(11)}about`;
  expect(isMnemonic(words)).toBe(true);
  for (const wrong of ["", "hello", words.replace("about", "abandon"), words.slice(8)]) {
    expect(isMnemonic(wrong)).toBe(false);
  }
});
