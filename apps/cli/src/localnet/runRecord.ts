/**
 * What runs now, written by the supervisor for `status` and `stop` in other terminals, and for the
 * next start in case the supervisor is killed outright.
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { isAlive, writeWhole } from "@r3mes/service/command";
import { z } from "zod";

const identity = { pid: z.number().int().positive(), birth: z.string() };

const recordSchema = z.object({
  supervisor: z.object(identity),
  startedAtMs: z.number(),
  processes: z.array(
    z.object({
      name: z.string(),
      state: z.enum(["waiting", "starting", "ready", "stopping", "stopped", "failed"]),
      restarts: z.number().int().min(0),
      reason: z.string().optional(),
      process: z.object(identity).nullable(),
    }),
  ),
});

export type RunRecord = z.output<typeof recordSchema>;

export function writeRunRecord(path: string, record: RunRecord): void {
  writeWhole(path, `${JSON.stringify(record)}\n`);
}

export function removeRunRecord(path: string): void {
  rmSync(path, { force: true });
}

/** Null when nothing was recorded, or nothing that can be read: it only describes processes. */
export function readRunRecord(path: string): RunRecord | null {
  if (!existsSync(path)) return null;
  try {
    return recordSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}

/** The record of a localnet whose supervisor is alive. */
export function readLiveRecord(path: string): RunRecord | null {
  const record = readRunRecord(path);
  return record !== null && isAlive(record.supervisor) ? record : null;
}
