/**
 * A PostgreSQL cluster for one test: in a folder of its own, on a socket in that folder and a free port of loopback, gone with `stop`. The
 * server refuses to run as root, so there it runs as whoever owns Debian's server.
 */
import { execFile, spawn } from "node:child_process";
import { chownSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "./freePort.ts";

const run = promisify(execFile);
const readyWithinMs = 60_000;
const pollMs = 100;

export interface Postgresql {
  /** URL of a database that is there and empty. */
  readonly url: string;
  stop(): Promise<void>;
}

/** `postgres` is the path of the server's program, as `requireServer` finds it. */
export async function startPostgresql(postgres: string): Promise<Postgresql> {
  const folder = mkdtempSync(join(tmpdir(), "r3mes-postgresql-"));
  const user = unprivilegedUser();
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, "data");
  const options = { ...user, cwd: folder };
  const tool = (name: string) => join(dirname(realpathSync(postgres)), name);
  await run(
    tool("initdb"),
    ["-D", data, "-U", "r3mes", "-A", "trust", "-N", "-E", "UTF8"],
    options,
  );
  const port = await freePort();
  const settings = ["fsync=off", "listen_addresses=127.0.0.1", `unix_socket_directories=${folder}`];
  const flags = settings.flatMap((setting) => ["-c", setting]);
  const server = spawn(postgres, ["-D", data, "-p", String(port), ...flags], {
    ...options,
    stdio: "ignore",
  });
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  const stop = async () => {
    server.kill("SIGQUIT");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const ready = ["-h", "127.0.0.1", "-p", String(port), "-U", "r3mes"];
  for (const startedAt = performance.now(); ; ) {
    const isReady = await run(tool("pg_isready"), ready).then(
      () => true,
      () => false,
    );
    if (isReady) return { url: `postgresql://r3mes@127.0.0.1:${port}/postgres`, stop };
    if (server.exitCode !== null || performance.now() - startedAt > readyWithinMs) {
      await stop();
      throw new Error("PostgreSQL did not come up");
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** Undefined when this process may run the server itself. */
function unprivilegedUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  for (const name of ["postgres", "nobody"]) {
    const fields = lines.map((line) => line.split(":")).find(([user]) => user === name);
    if (fields !== undefined) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  return undefined;
}
