/** What every command about a running localnet needs: its record and its state, or a clear no. */
import { R3mesError } from "@r3mes/protocol";
import { type LocalnetPaths, localnetPaths } from "./localnetPaths.ts";
import { type LocalnetState, readLocalnetState } from "./localnetState.ts";
import { type RunRecord, readLiveRecord } from "./runRecord.ts";

export type RunningLocalnet = {
  readonly paths: LocalnetPaths;
  readonly state: LocalnetState;
  readonly record: RunRecord;
};

export function readRunning(home: string): RunningLocalnet {
  const paths = localnetPaths(home);
  const record = readLiveRecord(paths.runFile);
  const state = record === null ? null : readLocalnetState(paths);
  if (record === null || state === null) {
    throw new R3mesError({ code: "LOCALNET_NOT_RUNNING", home });
  }
  return { paths, state, record };
}
