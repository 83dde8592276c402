/** Makes all checks of this machine, in the order in which they are shown. */
import { existsSync, statfsSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import { dirname } from "node:path";
import type { Clock } from "@r3mes/service";
import { readNodeStatus } from "../chain/readNodeStatus.ts";
import { localnetPaths } from "../localnet/localnetPaths.ts";
import { readLocalnetState, type ValidatorState } from "../localnet/localnetState.ts";
import { readLiveRecord } from "../localnet/runRecord.ts";
import { type Check, checkNames } from "./check.ts";
import { checkClock } from "./checkClock.ts";
import { checkNative } from "./checkNative.ts";
import { checkPorts } from "./checkPorts.ts";
import { checkCores, checkDisk, checkMemory } from "./checkResources.ts";
import { checkCompiler, checkGo, checkNode, checkNpm, checkRemesd } from "./checkTools.ts";
import { checkRelaxedSimd, checkSharedMemory, checkSimd } from "./checkWasm.ts";
import { checkWebgpu } from "./checkWebgpu.ts";

export async function runChecks(
  machine: { readonly home: string; readonly remesd: string },
  clock: Clock,
): Promise<readonly Check[]> {
  const running = runningNodes(machine.home);
  const own = running.flatMap(({ ports }) => Object.values(ports));
  const block = running[0] === undefined ? null : await readNodeStatus(running[0]);
  const checks = await Promise.all([
    checkNode(process.versions.node),
    checkNpm(),
    checkGo(),
    checkCompiler(),
    checkNative(),
    checkRemesd(machine.remesd),
    checkCores(availableParallelism(), cpus()[0]?.model ?? ""),
    checkMemory(totalmem(), process.constrainedMemory()),
    checkDisk(freeBytes(machine.home)),
    checkPorts(own),
    checkSimd(),
    checkRelaxedSimd(),
    checkSharedMemory(),
    checkWebgpu(),
    checkClock(clock.nowMs(), block?.height ? block.blockTimeMs : null),
  ]);
  const place = (check: Check): number => checkNames.indexOf(check.name);
  return [...checks].sort((left, right) => place(left) - place(right));
}

/** Every node of this project's localnet, none when it does not run. */
function runningNodes(home: string): readonly ValidatorState[] {
  const paths = localnetPaths(home);
  if (readLiveRecord(paths.runFile) === null) return [];
  return readLocalnetState(paths)?.validators ?? [];
}

/** Of the nearest folder upwards that exists: a home is made by the first start. */
function freeBytes(path: string): number {
  if (!existsSync(path)) return freeBytes(dirname(path));
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}
