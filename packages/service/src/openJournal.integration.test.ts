import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { readJournal } from "./openJournal.ts";
import { keptOf, rewriteBytesMin, type Step } from "./testing/endlessJournal.ts";

test("kill -9 at any moment of a process that does nothing but promise loses nothing that it has told", async () => {
  const folder = await mkdtemp(join(tmpdir(), "r3mes-killed-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "journal");
  let told = -1;
  for (let lives = 0; lives < 5; lives += 1) {
    const child = fork(new URL("./testing/endlessJournal.ts", import.meta.url), [path], {
      execArgv: ["--experimental-strip-types", "--disable-warning=ExperimentalWarning"],
      stdio: ["ignore", "pipe", "inherit", "ipc"],
    });
    const ended = once(child, "exit");
    let heard = 0;
    const until = 20 + 31 * lives;
    for await (const line of createInterface({ input: child.stdout! })) {
      told = Number(line);
      heard += 1;
      if (heard === until) child.kill("SIGKILL");
    }
    await ended;
    expect(heard).toBeGreaterThanOrEqual(until);
    const found = keptOf(await readJournal<Step>(path));
    const last = found.at(-1)!.n;
    expect(last).toBeGreaterThanOrEqual(told);
    expect(found).toEqual(keptOf(Array.from({ length: last + 1 }, (_, n) => ({ n }))));
  }
  expect((await stat(path)).size).toBeLessThan(2 * rewriteBytesMin);
  expect((await readdir(folder)).every((name) => name.startsWith("journal"))).toBe(true);
}, 60_000);
