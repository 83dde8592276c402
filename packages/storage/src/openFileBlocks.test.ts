import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CID } from "multiformats/cid";
import { sha256 } from "multiformats/hashes/sha2";
import { expect, test } from "vitest";
import { openFileBlocks } from "./openFileBlocks.ts";

const openFiles = async () => (await readdir("/proc/self/fd")).length;

test.runIf(process.platform === "linux")(
  "a read that is given up leaves no file open",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "r3mes-blocks-"));
    try {
      const blocks = await openFileBlocks(folder);
      const block = Uint8Array.from({ length: 1_000 }, (_, i) => i);
      const cid = CID.createV1(0x55, await sha256.digest(block));
      await blocks.put(cid, block);
      const before = await openFiles();
      const readings = Array.from({ length: 50 }, async () => {
        const reader = new AbortController();
        const parts = blocks.get(cid, { signal: reader.signal })[Symbol.asyncIterator]();
        const first = parts.next();
        reader.abort();
        await first.catch(() => undefined);
        await parts.return(undefined);
      });
      await Promise.all(readings);
      await expect.poll(openFiles).toBeLessThanOrEqual(before);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);
