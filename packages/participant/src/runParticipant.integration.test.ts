import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";

const door = join(import.meta.dirname, "index.ts");
const program = `
  const { runParticipant } = await import(${JSON.stringify(door)});
  const run = async () => undefined;
  await runParticipant({ name: "test", settings: {}, run }, process.argv.slice(1));
`;

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function runIn(files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), "r3mes-participant-"));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
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
    "config.toml": `
      [chain]
      id = "test-1"
      rpc = "http://127.0.0.1:1"
      [key]
      passwordFile = "password"
    `,
    password: "secret",
  });
  expect(code).toBe(1);
  expect(error.code).toBe("FILE_UNREADABLE");
  expect(error.facts.path).toMatch(/keystore\.json$/);
  expect(left.sort()).toEqual(["config.toml", "password", "status.token"]);
}, 60_000);
