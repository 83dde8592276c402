/** The state after the first t steps of a chunk, alone: no step behind them is run, and nothing of them is hashed. */
import type { Session } from "@r3mes/engine";
import { type ChunkState, firstState, readState, writeState } from "./chunkState.ts";
import { writeStep } from "./runStep.ts";
import type { ChunkStart } from "./trainChunk.ts";

export async function stateAfter(
  session: Session,
  { plan, leased, adapter }: ChunkStart,
  t: number,
): Promise<ChunkState> {
  const first = firstState(plan, adapter);
  if (t === 0) return first;
  writeState(session, first);
  for (let step = 1; step <= t; step += 1) {
    writeStep(session, { plan, leased, t: step });
    await session.run();
  }
  return readState(session);
}
