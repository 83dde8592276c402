/** A Redis server for one test: on a free port of loopback, with nothing on disk, gone with `stop`. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./freePort.ts";

const readyWithinMs = 60_000;
const pollMs = 50;

export interface RedisServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** `redisServer` is the path of the server's program, as `requireServer` finds it; `port` one that was free. */
export async function startRedis(redisServer: string, port?: number): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), "r3mes-redis-"));
  const at = port ?? (await freePort());
  const flags = ["--port", String(at), "--bind", "127.0.0.1", "--save", "", "--dir", folder];
  const server = spawn(redisServer, flags, { stdio: "ignore" });
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  const stop = async () => {
    server.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  for (const startedAt = performance.now(); !(await answers(at)); ) {
    if (server.exitCode !== null || performance.now() - startedAt > readyWithinMs) {
      await stop();
      throw new Error("Redis did not come up");
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  return { url: `redis://127.0.0.1:${at}`, stop };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => socket.write("PING\r\n"));
    socket.once("data", (reply) => end(reply.toString().startsWith("+PONG")));
    socket.once("error", () => end(false));
  });
}
