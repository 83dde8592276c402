/**
 * One process per folder. The lock is a socket that this process listens on: the system gives it back the moment the process
 * ends, however it ends, so there is no stale lock to reason about.
 */
import { mkdirSync, realpathSync, rmSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { join } from "node:path";
import { encodeUtf8, R3mesError, sha256, toHex } from "@r3mes/protocol";

/** Returns the function that gives the lock back; rejects with DATABASE_IN_USE. */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const address = lockAddress(realpathSync(folder));
  const server = createServer((socket) => socket.destroy());
  // Whoever holds the folder only has to exist; it should not keep a process alive that has ended otherwise.
  server.unref();
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const failure = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
      server.once("error", resolve);
      server.listen({ path: address, readableAll: false }, () => resolve(null));
    });
    if (failure === null) {
      return () => new Promise((resolve) => server.close(() => resolve()));
    }
    if (failure.code !== "EADDRINUSE") throw failure;
    if (address.startsWith("\0") || (await answers(address))) break;
    rmSync(address, { force: true });
  }
  throw new R3mesError({ code: "DATABASE_IN_USE", folder });
}

/** Linux and Windows have names for sockets that vanish with their process; elsewhere it is a file beside the data. */
function lockAddress(folder: string): string {
  const name = `r3mes-database-${toHex(sha256(encodeUtf8(folder))).slice(0, 32)}`;
  if (process.platform === "linux") return `\0${name}`;
  if (process.platform === "win32") return `\\\\.\\pipe\\${name}`;
  return join(folder, "lock");
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(address);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
