import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { pathBeside } from "./createJournalWriter.ts";
import { type Journal, openJournal, readJournal } from "./openJournal.ts";
import { createModelDisk, type Failure, type ModelDisk } from "./testing/createModelDisk.ts";
import { keepLast, keptOf, rewriteBytesMin, type Step } from "./testing/endlessJournal.ts";
import { limitFiles } from "./testing/limitFiles.ts";

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "r3mes-rewrite-"));
  folders.push(folder);
  return folder;
}

const stepsOf = (from: number, to: number): Step[] =>
  Array.from({ length: to - from }, (_, i) => ({ n: from + i }));

/** One life on this disk: all that was promised, and what was tried last if it was refused. */
async function live(disk: ModelDisk, from: number, to: number) {
  const promised: Step[] = [];
  let tried: Step | undefined;
  let journal: Journal<Step> | undefined;
  try {
    journal = await openJournal("journal", { keep: keepLast, rewriteBytesMin }, { files: disk });
    for (const step of stepsOf(from, to)) {
      tried = step;
      await journal.append(step).then(
        () => promised.push(step),
        (error: unknown) => {
          expect(error).toMatchObject({ code: "JOURNAL_NOT_WRITTEN" });
          if (disk.isDead()) throw error;
        },
      );
    }
    tried = undefined;
    await journal.close().catch(() => undefined);
  } catch (error) {
    if (!disk.isDead() && journal !== undefined) throw error;
  }
  return { promised, tried, records: journal?.records ?? [] };
}

const losses = [false, true].flatMap((bytes) => [false, true].map((names) => ({ bytes, names })));

test("a journal is as long as what it keeps, however much was promised", async () => {
  const path = join(await emptyFolder(), "journal");
  const journal = await openJournal<Step>(path, { keep: keepLast, rewriteBytesMin });
  const seen = new Set<readonly Step[]>();
  for (const step of stepsOf(0, 150)) {
    await journal.append(step);
    seen.add(journal.records);
    expect(keptOf(journal.records)).toEqual(keptOf(stepsOf(0, step.n + 1)));
  }
  await journal.close();
  expect(seen.size).toBeGreaterThan(3);
  expect((await stat(path)).size).toBeLessThan(2 * rewriteBytesMin);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(keptOf(await readJournal<Step>(path))).toEqual(keptOf(stepsOf(0, 150)));
});

test("a journal of which all still matters is left alone", async () => {
  const path = join(await emptyFolder(), "journal");
  const asked: number[] = [];
  const keep = (records: readonly Step[]) => {
    asked.push(records.length);
    return records;
  };
  const journal = await openJournal<Step>(path, { keep, rewriteBytesMin });
  const { records } = journal;
  for (const step of stepsOf(0, 200)) await journal.append(step);
  await journal.close();
  expect(journal.records).toBe(records);
  // Asked again only once it has doubled.
  expect(asked.length).toBeLessThan(5);
});

for (const kind of ["dead", "refused"] as const) {
  test(`wherever the disk is ${kind}, no promise is lost and none found that was not made`, async () => {
    const whole = createModelDisk();
    await live(whole, 0, 40);
    const calls = whole.calls();
    for (let at = 1; at <= calls; at += 1) await failsAt({ at, kind });
  });
}

async function failsAt(failure: Failure): Promise<void> {
  const disk = createModelDisk(failure);
  const { promised, tried } = await live(disk, 0, 40);
  for (const loss of losses) {
    const next = disk.after(loss);
    const { records } = await live(next, 0, 0);
    const found = keptOf(records);
    const mayBe = [keptOf(promised)];
    // What died in the middle of a promise may have made it: nobody was told.
    if (failure.kind === "dead" && tried !== undefined) mayBe.push(keptOf([...promised, tried]));
    expect(mayBe, JSON.stringify({ failure, loss })).toContainEqual(found);
    expect(next.names()).not.toContain(pathBeside("journal"));
    // And the life after that goes on.
    const after = await live(next, 100, 140);
    expect(keptOf(after.records)).toEqual(keptOf([...found, ...stepsOf(100, 140)]));
  }
}

test("what keeps a journal from being written anew is told, and it goes on as it was", async () => {
  const failed: unknown[] = [];
  const disk = createModelDisk();
  const files = {
    ...disk,
    rename: async () => {
      throw new Error("read-only");
    },
  };
  const onNotRewritten = (error: unknown) => failed.push(error);
  const options = { keep: keepLast, rewriteBytesMin, onNotRewritten };
  const journal = await openJournal<Step>("journal", options, { files });
  for (const step of stepsOf(0, 100)) await journal.append(step);
  await journal.close();
  expect(journal.records).toEqual(stepsOf(0, 100));
  expect(disk.names()).toEqual(["journal"]);
  expect(failed.length).toBeGreaterThan(1);
  expect(failed[0]).toMatchObject({ message: "read-only" });
});

test.runIf(process.platform === "linux")(
  "a disk with no room for a second file leaves the first as it is",
  async () => {
    const path = join(await emptyFolder(), "journal");
    const failed: unknown[] = [];
    const keep = (records: readonly Step[]) => {
      limitFiles(1);
      return records.slice(-8);
    };
    const onNotRewritten = (error: unknown) => failed.push(error);
    const journal = await openJournal<Step>(path, { keep, rewriteBytesMin, onNotRewritten });
    try {
      for (let n = 0; failed.length === 0 && n < 100; n += 1) {
        await journal.append({ n });
        // Whatever is written anew is written before this.
        await new Promise((resolve) => setImmediate(resolve));
      }
    } catch (error) {
      expect(error).toMatchObject({ code: "JOURNAL_NOT_WRITTEN" });
    } finally {
      limitFiles("unlimited");
    }
    await journal.append({ n: 1_000 });
    await journal.close();
    expect(failed.length).toBeGreaterThan(0);
    const found = await readJournal<Step>(path);
    expect(found).toEqual(journal.records);
    expect(found.slice(0, -1)).toEqual(stepsOf(0, found.length - 1));
  },
);
