import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { acquireLock, openJournal } from "@r3mes/service";
import { afterEach, expect, test } from "vitest";
import { createKeyFile } from "./keyFile.ts";

const door = join(import.meta.dirname, "process.ts");
const program = `
  const { runParticipant } = await import(${JSON.stringify(door)});
  const run = async () => undefined;
  await runParticipant({ name: "test", settings: {}, run }, process.argv.slice(1));
`;

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const config = `
  [chain]
  id = "test-1"
  rpc = "http://127.0.0.1:1"
  [key]
  passwordFile = "password"
`;

/** `prepare` may put more into the folder before the process starts. */
async function runIn(
  files: Readonly<Record<string, string>>,
  prepare: (folder: string) => Promise<unknown> | unknown = () => {},
) {
  const folder = await mkdtemp(join(tmpdir(), "r3mes-participant-"));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  await prepare(folder);
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, folder], {
    cwd: folder,
    // Settings of whoever runs the tests are none of this process.
    env: { PATH: process.env.PATH },
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  return {
    code,
    error: JSON.parse(stderr.trim().split("\n").at(-1)!),
    folder,
    left: await readdir(folder),
  };
}

test("without its settings a process ends with code 1 and says why", async () => {
  const { code, error } = await runIn({});
  expect(code).toBe(1);
  expect(error).toMatchObject({ code: "FILE_UNREADABLE" });
});

test("what cannot be opened closes what is open: the process ends and gives its lock back", async () => {
  const { code, error, left } = await runIn({
    "config.toml": config,
    password: "secret",
  });
  expect(code).toBe(1);
  expect(error.code).toBe("FILE_UNREADABLE");
  expect(error.facts.path).toMatch(/keystore\.json$/);
  expect(left.sort()).toEqual(["config.toml", "password", "process.lock.guard"]);
}, 60_000);

test("a second process on the same key and journal refuses, and names the first", async () => {
  const { code, error } = await runIn({ "config.toml": config, password: "secret" }, (folder) =>
    acquireLock(join(folder, "process.lock"), () => new Error("nobody else is here")),
  );
  expect(code).toBe(1);
  expect(error).toMatchObject({ code: "PARTICIPANT_RUNNING", facts: { pid: process.pid } });
}, 60_000);

test("a journal that was changed is refused with its line, and left as it is", async () => {
  let changed = "";
  const { code, error, folder } = await runIn(
    { "config.toml": config, password: "secret" },
    async (folder) => {
      await createKeyFile(join(folder, "keystore.json"), "secret");
      const path = join(folder, "journal");
      const journal = await openJournal(path);
      for (const epoch of ["1", "2"]) await journal.append({ kind: "secret", epoch });
      await journal.close();
      changed = (await readFile(path, "utf8")).replace('"1"', '"3"');
      await writeFile(path, changed);
    },
  );
  expect(code).toBe(1);
  expect(error).toMatchObject({ code: "JOURNAL_CORRUPT", facts: { line: 1 } });
  expect(await readFile(join(folder, "journal"), "utf8")).toBe(changed);
}, 60_000);
