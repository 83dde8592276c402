import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { commandWords, encodeCommands } from "../backends/wasm/commands.ts";
import { KERNEL_NAMES } from "../backends/wasm/kernelNames.ts";
import { hasNativeKernels } from "./nativeAddon.ts";
import { createNodeNativeHost } from "./nativeHost.ts";

const TASKS = "/proc/self/task";
const isLinux = process.platform === "linux";
const threadsOfProcess = () => readdirSync(TASKS).length;
const LARGE_PAGES = "/sys/kernel/mm/transparent_hugepage/enabled";
const settles = (threads: number) =>
  expect.poll(threadsOfProcess, { timeout: 20_000 }).toBeLessThanOrEqual(threads);

function openMachine() {
  const host = createNodeNativeHost();
  return host.openMachine(host.instructionSets()[0]!, 65_536);
}

describe.skipIf(!hasNativeKernels())("threads (skipped where no native kernels are)", () => {
  test("a command that fits no kernel is named by whatever number of threads", async () => {
    const machine = openMachine();
    const run = await machine.startCrew({ threads: 3, scratch: 0, scratchBytes: 0 });
    const words = new Int32Array(machine.buffer());
    // Kernel, units, grain, barrier, arguments; it is alone and takes all of its part at once.
    for (const [command, refused] of [
      [[KERNEL_NAMES.length, 3, 1, 0, 0], KERNEL_NAMES.length],
      [[-1, 3, 1, 0, 0], KERNEL_NAMES.length],
      [[1, 3, 0, 0, 6], 1],
      [[2, 3, 1, 1, 6], 2],
    ] as const) {
      words.set(command, 16);
      expect(run(16, commandWords(0))).toBe(refused);
    }
    await machine.close();
    await machine.close();
    expect(() => run(0, 0)).toThrow("no open crew");
  });

  test("a command that is cut off by the end of its run is refused before its kernel reads on", async () => {
    const machine = openMachine();
    const run = await machine.startCrew({ threads: 2, scratch: 0, scratchBytes: 0 });
    const words = new Int32Array(machine.buffer());
    const args = 6;
    words.set([KERNEL_NAMES.indexOf("appendRows"), 1, 1, 0, args, 0, 0, 0, 0, 0, 0, 4, 256], 16);
    words[64] = 7;
    for (let length = 1; length < commandWords(args); length++) {
      const named = length < commandWords(0) ? KERNEL_NAMES.length : 1;
      expect([length, run(16, length)]).toEqual([length, named]);
    }
    expect(words[64]).toBe(7);
    await machine.close();
  });

  test("a thread takes a block of each command of a group before the next of any", async () => {
    const machine = openMachine();
    const words = new Int32Array(machine.buffer());
    // The one copies four words to an other place, the other copies them back a word further on.
    const [here, there] = [1024, 2048];
    const args = (from: number, to: number) => [0, 4 * from, 0, 4, 4, 4 * to];
    const copy = { kernel: KERNEL_NAMES.indexOf("appendRows"), units: 4, grain: 1, barrier: false };
    const valuesAfter = async (block: number, cut: number, threads: number) => {
      const commands = encodeCommands([
        { ...copy, joined: 1, block, args: args(here, there) },
        { ...copy, joined: 0, block, args: args(there, here + 1) },
      ]);
      words.set(commands, 16);
      words.set([1, 2, 3, 4, 5], here);
      const run = await machine.startCrew({ threads, scratch: 0, scratchBytes: 0 });
      expect([run(16, cut), run(16 + cut, commands.length - cut)]).toEqual([-1, -1]);
      await machine.close();
      return [...words.slice(here, here + 5)];
    };
    expect(await valuesAfter(1, 0, 1)).toEqual([1, 1, 1, 1, 1]);
    expect(await valuesAfter(3, 0, 1)).toEqual([1, 1, 2, 3, 3]);
    for (const block of [0, 4]) expect(await valuesAfter(block, 0, 1)).toEqual([1, 1, 2, 3, 4]);
    // A run that ends within the group leaves the rest of it to the next.
    expect(await valuesAfter(1, commandWords(6), 1)).toEqual([1, 1, 2, 3, 4]);
  });

  test("no command of a group runs where one of them does not fit", async () => {
    const machine = openMachine();
    const run = await machine.startCrew({ threads: 2, scratch: 0, scratchBytes: 0 });
    const words = new Int32Array(machine.buffer());
    const copy = { kernel: KERNEL_NAMES.indexOf("appendRows"), units: 1, grain: 1, barrier: false };
    const commands = encodeCommands([
      { ...copy, joined: 1, block: 1, args: [0, 64, 0, 1, 4, 4096] },
      { ...copy, joined: 0, block: 1, args: [] },
    ]);
    words.set(commands, 16);
    expect(run(16, commands.length)).toBe(copy.kernel);
    expect(words[1024]).toBe(0);
    await machine.close();
  });

  test.skipIf(!existsSync(LARGE_PAGES))("large pages are asked for, also as memory grows", () => {
    const script = fileURLToPath(new URL("../testing/wantLarge.ts", import.meta.url));
    const told = execFileSync(process.execPath, [script], { encoding: "utf8" });
    expect(JSON.parse(told)).toEqual({ opened: 64, grown: 3 * 64 });
  });

  test("scratch that passes the end of the memory is refused", async () => {
    const machine = openMachine();
    const run = await machine.startCrew({ threads: 2, scratch: 65_536 - 64, scratchBytes: 64 });
    expect(() => run(16, 0)).toThrow("scratch");
    await machine.close();
  });

  test.skipIf(!isLinux)(
    "a system without threads for a crew says so, and has its others back",
    () => {
      const script = fileURLToPath(new URL("../testing/lackThreads.ts", import.meta.url));
      const told = execFileSync(process.execPath, [script], { encoding: "utf8" });
      expect(JSON.parse(told)).toEqual({
        code: "ENGINE_THREADS_UNAVAILABLE",
        facts: { threads: 64 },
        left: 0,
        again: -1,
      });
    },
  );

  test("more threads than a crew may have are refused", async () => {
    const machine = openMachine();
    await expect(machine.startCrew({ threads: 65, scratch: 0, scratchBytes: 0 })).rejects.toThrow(
      "a number of threads",
    );
  });

  test.skipIf(!existsSync(TASKS))(
    "threads end with their machine, or with the thread of Node that opened it",
    async () => {
      const before = threadsOfProcess();
      const machine = openMachine();
      const run = await machine.startCrew({ threads: 5, scratch: 0, scratchBytes: 0 });
      expect(run(0, 0)).toBe(-1);
      expect(threadsOfProcess()).toBeGreaterThanOrEqual(before + 4);
      await machine.close();
      await settles(before);

      const worker = new Worker(new URL("../testing/leaveMachine.ts", import.meta.url));
      expect(await once(worker, "message")).toEqual([-1]);
      expect(threadsOfProcess()).toBeGreaterThanOrEqual(before + 3);
      await worker.terminate();
      await settles(before);
    },
  );
});
