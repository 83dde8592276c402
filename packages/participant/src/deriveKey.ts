/** Argon2id by Node's own code: a fraction of a second where the portable one takes several. */
import { argon2 } from "node:crypto";
import { promisify } from "node:util";
import type { DeriveKey } from "@r3mes/chain-client";
import { R3mesError } from "@r3mes/protocol";

/** CosmJS salts every wallet alike; the password must not be one that others use. */
const salt = new TextEncoder().encode("The CosmJS salt.");

export const deriveKey: DeriveKey = async (password, { algorithm, params }) => {
  const { outputLength, opsLimit, memLimitKib } = params as Readonly<Record<string, number>>;
  if (algorithm !== "argon2id" || !outputLength || !opsLimit || !memLimitKib) {
    throw new R3mesError({ code: "KEYSTORE_MALFORMED" });
  }
  return promisify(argon2)("argon2id", {
    message: password,
    nonce: salt,
    parallelism: 1,
    tagLength: outputLength,
    memory: memLimitKib,
    passes: opsLimit,
  });
};
