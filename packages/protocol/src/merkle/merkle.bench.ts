/** The root of a large list, with the project's own SHA-256 and with others. */
import { createHash, hash } from "node:crypto";
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { type Bench, elapsedMs } from "@r3mes/tools/bench";
import { type Sha256, sha256 } from "../hash/sha256.ts";
import { listRoot } from "./listRoot.ts";
import { leafHash } from "./treeHashes.ts";

const leafCount = 100_000;

const hostSha256: Sha256 = (bytes) => hash("sha256", bytes, "buffer");
const hostHasher: Sha256 = (bytes) => createHash("sha256").update(bytes).digest();

export const bench: Bench = {
  about: "The root of 100,000 leaves of 32 bytes, leaf hashes included.",
  contests() {
    const leaves = Array.from({ length: leafCount }, (_, i) => new Uint8Array(32).fill(i));
    const rootWith = (sha: Sha256) => () =>
      listRoot(
        "remes/trace/1",
        leaves.map((leaf) => leafHash(leaf, sha)),
        sha,
      );
    return [
      {
        name: "root of 100,000 leaves",
        unit: "ms",
        ours: { label: "sha256 in TypeScript", sample: elapsedMs(rootWith(sha256)) },
        rivals: [
          { label: "hash of node:crypto", sample: elapsedMs(rootWith(hostSha256)) },
          { label: "createHash of node:crypto", sample: elapsedMs(rootWith(hostHasher)) },
          { label: "@noble/hashes", sample: elapsedMs(rootWith(nobleSha256)) },
        ],
        rounds: 7,
      },
    ];
  },
};
