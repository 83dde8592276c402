/**
 * A virtual environment with OpenAI's Python client, made once beside this package's dependencies. Where there is no Python it is a missing
 * server like any other. Where there is no way to the package registry it says so, and what needs it is skipped with that reason even in
 * CI: nobody else's server gates our tests.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { requireServer } from "@r3mes/tools/requireServer";

const run = promisify(execFile);
const version = "3.57.0";
const cache = join(import.meta.dirname, "../../node_modules/.cache");
const installWithinMs = 120_000;

export type PythonClient =
  /** The interpreter of the environment. */
  | { readonly available: true; readonly python: string }
  | { readonly available: false; readonly reason: string };

export async function openPythonClient(): Promise<PythonClient> {
  const found = requireServer("python");
  if (!found.available) return found;
  const folder = join(cache, `python-openai-${version}`);
  const python = join(folder, "bin/python");
  if (existsSync(python)) return { available: true, python };
  const unfinished = `${folder}.${process.pid}`;
  try {
    await mkdir(cache, { recursive: true });
    // An environment may be moved: only its console scripts know where it was made, and none is used.
    await run(found.path, ["-m", "venv", unfinished]);
    const quiet = ["--quiet", "--disable-pip-version-check", "--no-input", "--retries", "1"];
    const pip = [join(unfinished, "bin/python"), "-m", "pip", "install", ...quiet] as const;
    await run(pip[0], [...pip.slice(1), "--only-binary", ":all:", `openai==${version}`], {
      timeout: installWithinMs,
    });
    await rename(unfinished, folder);
    return { available: true, python };
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    const lines = (error instanceof Error ? error.message : String(error)).trim().split("\n");
    const reason = `Python's client could not be installed: ${lines.at(-1)!.slice(0, 200)}`;
    return { available: false, reason };
  }
}
