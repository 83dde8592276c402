/**
 * Tells processes apart and ends those we started. A process is known by its id and the moment it
 * started, so that a recycled id is never taken for it.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** @typedef {{ readonly pid: number, readonly started: string }} ProcessIdentity */

/**
 * The identity of a running process, or null when there is none.
 * @param {number} pid
 * @returns {ProcessIdentity | null}
 */
export function identify(pid) {
  const started = process.platform === "linux" ? startedOnLinux(pid) : startedByPs(pid);
  return started === null ? null : { pid, started };
}

/** @param {ProcessIdentity} identity */
export function isAlive({ pid, started }) {
  return identify(pid)?.started === started;
}

/**
 * Ends a process that leads a group, and the whole group with it: asks first, insists after
 * `patienceMs`. Returns when the leader is gone.
 * @param {ProcessIdentity} leader
 */
export async function endGroup(leader, patienceMs = 5000) {
  for (const name of /** @type {const} */ (["SIGTERM", "SIGKILL"])) {
    if (!isAlive(leader)) return;
    signalGroup(leader.pid, name);
    const deadline = Date.now() + patienceMs;
    while (isAlive(leader) && Date.now() < deadline) await sleep(20);
  }
}

/**
 * @param {number} pid  Of the group's leader.
 * @param {NodeJS.Signals} name
 */
export function signalGroup(pid, name) {
  try {
    process.kill(-pid, name);
  } catch (error) {
    // The group may end on its own between our look and the signal.
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ESRCH") throw error;
  }
}

/** @param {number} pid */
function startedOnLinux(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in parentheses, and may hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, ticks] = [fields[0], fields[19]];
    // Z and X: dead, waiting only for its parent to notice.
    if (state === "Z" || state === "X") return null;
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${ticks}`;
  } catch {
    return null;
  }
}

/** @param {number} pid */
function startedByPs(pid) {
  const found = spawnSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], { encoding: "utf8" });
  const [, state, started] = /^\s*(\S+)\s+(.+?)\s*$/.exec(found.stdout ?? "") ?? [];
  return started === undefined || state?.startsWith("Z") ? null : started;
}
