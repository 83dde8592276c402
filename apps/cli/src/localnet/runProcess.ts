/**
 * One child process in a group of its own, with its output in a log. Knows nothing of other
 * processes, of readiness, or of why it is stopped.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { openLog } from "./openLog.ts";
import type { ProcessSpec } from "./processSpec.ts";

export type RunningProcess = {
  /** Null when it could not be started. */
  readonly pid: number | null;
  readonly logPath: string;
  /** Resolves with how it ended, as in `exit code 1` or `signal SIGKILL`, after its last output. */
  readonly ended: Promise<string>;
  readonly lastLines: () => readonly string[];
  /** Sends a signal to the process and to whatever it has started. */
  readonly signal: (signal: NodeJS.Signals) => void;
};

export function runProcess(
  { name, command, args, env }: ProcessSpec,
  logs: string,
  onLogFailure: (error: unknown) => void,
): RunningProcess {
  const logPath = join(logs, `${name}.log`);
  const log = openLog(logPath, onLogFailure);
  // A group of its own: Ctrl-C reaches only the supervisor, which stops the others in order, and
  // whatever a child starts is found through the group.
  // Pipes, not files: should the supervisor be killed outright, a child's next line ends the child.
  const child = spawn(command, args, {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  child.stdout.on("data", log.write);
  child.stderr.on("data", log.write);
  const pid = child.pid ?? null;
  const signal = (name: NodeJS.Signals): void => signalGroup(pid, name);

  const ended = new Promise<string>((resolve) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      if (pid === null) resolve(`it could not start: ${error.code ?? error.message}`);
    });
    child.once("exit", (code, endedBy) => {
      // Whatever it had started goes with it, and with that the pipes come to their end.
      signal("SIGKILL");
      const ending = endedBy === null ? `exit code ${code}` : `signal ${endedBy}`;
      child.once("close", () => resolve(ending));
    });
  });
  void ended.then(() => log.close());
  return { pid, logPath, ended, lastLines: log.lastLines, signal };
}

function signalGroup(pid: number | null, signal: NodeJS.Signals): void {
  if (pid === null) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // The group is gone already.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
