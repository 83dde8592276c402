import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { openJournal } from "./openJournal.ts";
import { limitFiles } from "./testing/limitFiles.ts";

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function setup(records: readonly { readonly n: number }[] = []) {
  const folder = await mkdtemp(join(tmpdir(), "r3mes-journal-"));
  folders.push(folder);
  const path = join(folder, "journal");
  const journal = await openJournal<{ n: number }>(path);
  for (const record of records) await journal.append(record);
  await journal.close();
  return path;
}

async function recordsOf(path: string) {
  const journal = await openJournal<{ n: number }>(path);
  await journal.close();
  return journal.records;
}

test("what was appended is there after a restart, in its order", async () => {
  const path = await setup([{ n: 1 }, { n: 2 }]);
  const journal = await openJournal<{ n: number }>(path);
  await Promise.all([3, 4, 5].map((n) => journal.append({ n })));
  await journal.close();
  expect(await recordsOf(path)).toEqual([1, 2, 3, 4, 5].map((n) => ({ n })));
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test("a crash at any byte of an append loses that record and no other", async () => {
  const path = await setup([{ n: 1 }, { n: 22 }]);
  const whole = await readFile(path);
  const first = whole.indexOf(0x0a) + 1;
  for (let length = first; length < whole.length; length += 1) {
    await writeFile(path, whole.subarray(0, length));
    expect(await recordsOf(path)).toEqual([{ n: 1 }]);
    const journal = await openJournal<{ n: number }>(path);
    await journal.append({ n: 3 });
    await journal.close();
    expect(await recordsOf(path)).toEqual([{ n: 1 }, { n: 3 }]);
  }
});

test("a last line whose middle never reached the disk is dropped; in a line before it zeros are damage", async () => {
  const path = await setup([{ n: 1 }, { n: 2 }]);
  const whole = await readFile(path);
  const second = whole.indexOf(0x0a) + 1;
  await writeFile(path, Buffer.from(whole).fill(0, second + 3, whole.length - 3));
  expect(await recordsOf(path)).toEqual([{ n: 1 }]);
  const damaged = Buffer.from(whole).fill(0, 3, 9);
  await writeFile(path, damaged);
  await expect(openJournal(path)).rejects.toMatchObject({ code: "JOURNAL_CORRUPT" });
  expect(await readFile(path)).toEqual(damaged);
});

test("a changed byte is refused with the line that holds it, and nothing is overwritten", async () => {
  const path = await setup([{ n: 1 }, { n: 2 }, { n: 3 }]);
  const whole = await readFile(path);
  for (let at = 0; at < whole.length; at += 1) {
    const damaged = Uint8Array.from(whole);
    damaged[at]! ^= 0x10;
    await writeFile(path, damaged);
    const isEnd = at === whole.length - 1;
    const opened = openJournal(path).then((journal) => journal.close());
    if (isEnd) await opened;
    else {
      await expect(opened).rejects.toMatchObject({ code: "JOURNAL_CORRUPT" });
      expect(Buffer.compare(await readFile(path), damaged)).toBe(0);
    }
  }
});

test("text that is no journal is refused", async () => {
  const path = await setup();
  await appendFile(path, "hello\n");
  await expect(openJournal(path)).rejects.toMatchObject({
    code: "JOURNAL_CORRUPT",
    facts: { line: 1 },
  });
});

test("a record that is no JSON is a mistake of ours, not of the disk, and the next one is written", async () => {
  const path = await setup([]);
  const journal = await openJournal<{ n: unknown }>(path);
  await expect(journal.append({ n: 1n })).rejects.toThrow(TypeError);
  await journal.append({ n: 2 });
  await journal.close();
  expect(await recordsOf(path)).toEqual([{ n: 2 }]);
});

test.runIf(process.platform === "linux")(
  "what a full disk refuses is not promised, and goes on when there is room",
  async () => {
    const path = await setup([{ n: 1 }]);
    const journal = await openJournal<{ n: number }>(path);
    const { size } = await stat(path);
    // Room for half of a line.
    limitFiles(size + 20);
    try {
      const refused = await Promise.allSettled([2, 3].map((n) => journal.append({ n })));
      for (const outcome of refused) {
        expect(outcome).toMatchObject({ reason: { code: "JOURNAL_NOT_WRITTEN", facts: { path } } });
      }
      expect(journal.records).toEqual([{ n: 1 }]);
      expect((await stat(path)).size).toBe(size);
    } finally {
      limitFiles("unlimited");
    }
    await journal.append({ n: 4 });
    await journal.close();
    expect(await recordsOf(path)).toEqual([{ n: 1 }, { n: 4 }]);
  },
);

test("what comes once a journal is closed hears that the process ends, and nothing of a disk", async () => {
  const path = await setup([]);
  const journal = await openJournal<{ n: number }>(path);
  const underWay = journal.append({ n: 1 });
  const closing = journal.close();
  await expect(journal.append({ n: 2 })).rejects.toMatchObject({ code: "JOURNAL_CLOSED" });
  await Promise.all([underWay, closing]);
  await expect(journal.append({ n: 3 })).rejects.toMatchObject({ code: "JOURNAL_CLOSED" });
  expect(await recordsOf(path)).toEqual([{ n: 1 }]);
});

test("a journal that cannot be opened is named, with what is in the way", async () => {
  const folder = await mkdtemp(join(tmpdir(), "r3mes-journal-"));
  folders.push(folder);
  await expect(openJournal(folder)).rejects.toMatchObject({
    code: "FOLDER_NOT_WRITABLE",
    facts: { path: folder, reason: "EISDIR" },
  });
});
