/** Opens a commitment with what the journal promised. */
import { chainMessage } from "@r3mes/chain-client";
import { fromHex } from "@r3mes/protocol";
import { MsgRevealSchema } from "@r3mes/protocol/messages";
import { contentIdToBytes, parseContentId } from "@r3mes/storage";
import type { MinerDeps, MinerOptions } from "../minerDeps.ts";
import type { WorkRecord } from "../minerRecord.ts";

export async function revealSubmission(
  options: MinerOptions,
  deps: MinerDeps,
  work: WorkRecord,
): Promise<void> {
  await deps.submit([
    chainMessage(MsgRevealSchema, {
      operator: options.operator,
      submissionId: BigInt(work.lease),
      stepsRoot: fromHex(work.stepsRoot),
      updateRoot: fromHex(work.updateRoot),
      updateCid: contentIdToBytes(parseContentId(work.updateCid)),
      lossSum: BigInt(work.lossSum),
      salt: fromHex(work.salt),
    }),
  ]);
}
