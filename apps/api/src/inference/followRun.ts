/**
 * Follows a run to its end. Where its machine is lost, be it a thread of the engine or the GPU, no later run on it would end either:
 * that is for whoever can have another machine.
 */
import type { Run } from "@r3mes/inference";
import { type ErrorCode, R3mesError } from "@r3mes/protocol";

const losses: ReadonlySet<ErrorCode> = new Set(["ENGINE_THREAD_LOST", "GPU_LOST", "GPU_REFUSED"]);

export interface RunEnds<Result> {
  /** Undefined if the run was cancelled. */
  readonly onEnd: (result: Result | undefined) => void;
  readonly onFailed: (error: unknown) => void;
  readonly onLost: (error: R3mesError) => void;
}

export async function followRun<Result>(
  run: Pick<Run<Result>, "done">,
  { onEnd, onFailed, onLost }: RunEnds<Result>,
): Promise<void> {
  let result: Result | undefined;
  try {
    result = await run.done;
  } catch (error) {
    if (error instanceof R3mesError && losses.has(error.code)) onLost(error);
    else onFailed(error);
    return;
  }
  onEnd(result);
}
