/** A rival of a benchmark in a process of its own, which answers each line that it is sent with one line. */
import { spawn } from "node:child_process";
import type { Socket } from "node:net";
import { createInterface } from "node:readline";

export function startLineServer(
  command: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): (line: string) => Promise<string> {
  const child = spawn(command, args, { env: environment, stdio: ["pipe", "pipe", "inherit"] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const pipes = [child.stdin, child.stdout] as unknown as readonly Socket[];
  // Neither the process nor its pipes keep the benchmark alive, except while it is asked.
  child.unref();
  for (const pipe of pipes) pipe.unref();
  return async (line) => {
    pipes[1]!.ref();
    child.stdin.write(`${line}\n`);
    const { value, done } = await answers.next();
    pipes[1]!.unref();
    if (done) throw new Error(`${command} ended before it answered`);
    return value;
  };
}
