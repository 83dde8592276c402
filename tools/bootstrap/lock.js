/**
 * Lets one bootstrap work at a time in a checkout. It must survive a holder that is killed, and two
 * waiters that find it dead at the same moment.
 *
 * The lock is a row of files numbered 1, 2, 3 …; the highest one says who holds it. Taking the lock
 * creates the next number, which the file system grants to exactly one. The highest file is never
 * removed, so no number is given twice: a waiter that slept through a whole turn finds a higher
 * number than its own and steps back.
 */
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endGroup, identify, isAlive } from "./processes.js";

/**
 * @typedef {import("./processes.js").ProcessIdentity} ProcessIdentity
 *
 * @typedef {object} Turn
 * @property {boolean} held
 * @property {ProcessIdentity} holder
 * @property {ProcessIdentity | null} child  Leads the group of processes that the holder started.
 *
 * @typedef {object} Lock
 * @property {(child: ProcessIdentity | null) => void} setChild
 * @property {() => void} release
 */

/**
 * Waits for its turn. Processes that a dead holder left behind are ended before the turn begins:
 * they would go on writing where this one is about to.
 * @param {string} folder
 * @param {{ onWait?: (pid: number) => void, signal?: AbortSignal }} options
 * @returns {Promise<Lock>}
 */
export async function acquireLock(folder, { onWait, signal } = {}) {
  mkdirSync(folder, { recursive: true });
  const holder = identify(process.pid);
  if (holder === null) throw new Error("this process cannot see itself in the process table");
  for (;;) {
    signal?.throwIfAborted();
    const last = highestNumber(folder);
    const turn = readTurn(folder, last);
    if (turn?.held && isAlive(turn.holder)) {
      onWait?.(turn.holder.pid);
      await sleep(200);
      continue;
    }
    if (turn?.held && turn.child !== null) await endGroup(turn.child);
    if (takeTurn(folder, last + 1, { held: true, holder, child: null })) {
      return lockOf(folder, last + 1, holder);
    }
  }
}

/**
 * @param {string} folder
 * @param {number} number
 * @param {ProcessIdentity} holder
 * @returns {Lock}
 */
function lockOf(folder, number, holder) {
  const replace = (/** @type {Turn} */ turn) => {
    const draft = writeDraft(folder, turn);
    renameSync(draft, join(folder, String(number)));
  };
  return {
    setChild: (child) => replace({ held: true, holder, child }),
    release() {
      try {
        replace({ held: false, holder, child: null });
      } catch {
        // On a full disk the file cannot be changed. It then names a holder that will soon be dead,
        // which the next one sees; the error that led here is worth more than this one.
      }
    },
  };
}

/**
 * @param {string} folder
 * @param {number} number
 * @param {Turn} turn
 */
function takeTurn(folder, number, turn) {
  const draft = writeDraft(folder, turn);
  try {
    linkSync(draft, join(folder, String(number)));
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  if (highestNumber(folder) !== number) {
    rmSync(join(folder, String(number)), { force: true });
    return false;
  }
  for (const older of listNumbers(folder)) {
    if (older < number) rmSync(join(folder, String(older)), { force: true });
  }
  return true;
}

/**
 * @param {string} folder
 * @param {Turn} turn
 */
function writeDraft(folder, turn) {
  const draft = join(folder, `draft-${process.pid}`);
  writeFileSync(draft, JSON.stringify(turn));
  return draft;
}

/**
 * The turn of a number, or null when there is none to wait for: never taken, removed meanwhile, or
 * unreadable after a power cut.
 * @param {string} folder
 * @param {number} number
 * @returns {Turn | null}
 */
function readTurn(folder, number) {
  try {
    return JSON.parse(readFileSync(join(folder, String(number)), "utf8"));
  } catch {
    return null;
  }
}

/** @param {string} folder */
function highestNumber(folder) {
  return Math.max(0, ...listNumbers(folder));
}

/** @param {string} folder */
function listNumbers(folder) {
  return readdirSync(folder)
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}
