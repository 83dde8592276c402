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
 * Ends a process group: asks it to end, insists after `patienceMs`.
 * @param {ProcessIdentity} leader
 */
export async function endGroup(leader, patienceMs = 5000) {
  if (!groupExists(leader)) return;
  process.kill(-leader.pid, "SIGTERM");
  if (await becomesTrue(() => !groupExists(leader), patienceMs)) return;
  process.kill(-leader.pid, "SIGKILL");
  await becomesTrue(() => !groupExists(leader), patienceMs);
}

/**
 * A group may outlive its leader, and its id is not given away before its last member is gone.
 * @param {ProcessIdentity} leader
 */
function groupExists(leader) {
  const current = identify(leader.pid);
  if (current !== null && current.started !== leader.started) return false;
  try {
    return process.kill(-leader.pid, 0);
  } catch {
    return false;
  }
}

/**
 * @param {() => boolean} condition
 * @param {number} patienceMs
 */
async function becomesTrue(condition, patienceMs) {
  const deadline = Date.now() + patienceMs;
  while (!condition()) {
    if (Date.now() > deadline) return false;
    await sleep(20);
  }
  return true;
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
