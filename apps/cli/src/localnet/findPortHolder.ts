/** Says which process listens on a TCP port, as far as this user may know. */
import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { basename } from "node:path";
import { promisify } from "node:util";

/** As in `nginx (process 812)`; null when the port has a holder that cannot be seen, or none. */
export async function findPortHolder(port: number): Promise<string | null> {
  const pid = process.platform === "linux" ? await fromProc(port) : await fromLsof(port);
  return pid === null ? null : `${await nameOf(pid)} (process ${pid})`;
}

async function fromProc(port: number): Promise<number | null> {
  const tables = await Promise.all(["tcp", "tcp6"].map((name) => readOrEmpty(`/proc/net/${name}`)));
  const inodes = new Set(tables.flatMap((table) => listeningInodes(table, port)));
  if (inodes.size === 0) return null;
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    for (const file of await readdirOrEmpty(`/proc/${pid}/fd`)) {
      const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => "");
      if (inodes.has(/^socket:\[(\d+)\]$/.exec(target)?.[1] ?? "none")) return Number(pid);
    }
  }
  return null;
}

/** Inodes of the listening sockets of a port, from a table in the form of proc_net_tcp(5). */
function listeningInodes(table: string, port: number): readonly string[] {
  const hexPort = port.toString(16).toUpperCase().padStart(4, "0");
  const listening = "0A";
  return table
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(`:${hexPort}`) && columns[3] === listening)
    .map((columns) => columns[9]!);
}

async function fromLsof(port: number): Promise<number | null> {
  try {
    const args = ["-nP", "-t", `-iTCP:${port}`, "-sTCP:LISTEN"];
    const { stdout } = await promisify(execFile)("lsof", args);
    const pid = Number(stdout.split("\n")[0]);
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

async function nameOf(pid: number): Promise<string> {
  if (process.platform === "linux") {
    // The name of its main thread says little: that of every Node program is MainThread.
    const program = await readlink(`/proc/${pid}/exe`).catch(() => null);
    return program === null ? "?" : basename(program);
  }
  const { stdout } = await promisify(execFile)("ps", ["-o", "comm=", "-p", String(pid)]);
  return stdout.trim();
}

function readOrEmpty(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}

function readdirOrEmpty(path: string): Promise<readonly string[]> {
  return readdir(path).catch(() => []);
}
