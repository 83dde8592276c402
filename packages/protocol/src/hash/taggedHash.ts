/** Hashes that say what they are of: spec/encoding.md section 2. */
import { createWriter, type Writer } from "../encoding/createWriter.ts";
import { encodeUtf8 } from "../encoding/utf8.ts";
import { assert } from "../errors/assert.ts";
import { LIMITS } from "../gen/limits.ts";
import { asHash, type Hash } from "./asHash.ts";
import { type Sha256, sha256 } from "./sha256.ts";

/** The name of what is hashed, as in `remes/commitment/1`. */
export type Tag = `remes/${string}/${number}`;

/** The hash of a record under a tag; `write` writes its fields in the order of the definition. */
export function taggedHash(tag: Tag, write: (fields: Writer) => void, hash: Sha256 = sha256): Hash {
  const name = encodeUtf8(tag);
  assert(
    name.length >= LIMITS.tagBytesMin && name.length <= LIMITS.tagBytesMax,
    "a tag has 8 to 64 characters",
  );
  assert(/^[a-z0-9/-]+$/.test(tag), "a tag is written in a-z, 0-9, / and -");
  const writer = createWriter().u8(name.length).raw(name);
  write(writer);
  return asHash(hash(writer.finish()));
}
