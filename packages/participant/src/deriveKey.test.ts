import { toHex } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { deriveKey } from "./deriveKey.ts";

const params = { outputLength: 32, opsLimit: 24, memLimitKib: 12 * 1024 };

test("the host's argon2id gives the key that CosmJS gives", async () => {
  // `executeKdf("abc", …)` of @cosmjs/proto-signing 0.39.0, which takes seconds for it.
  expect(toHex(await deriveKey("abc", { algorithm: "argon2id", params }))).toBe(
    "0459f66922a82ade8d0bf8fbbf406ba09062ab73d587211b3ef514db62e5f527",
  );
});

test("another function, or one without its settings, is refused", async () => {
  for (const wrong of [
    { algorithm: "scrypt", params },
    { algorithm: "argon2id", params: {} },
  ]) {
    await expect(deriveKey("abc", wrong)).rejects.toMatchObject({ code: "KEYSTORE_MALFORMED" });
  }
});
