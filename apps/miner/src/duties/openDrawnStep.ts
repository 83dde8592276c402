/** Shows the states around the step that the audit has drawn. They were published before the commitment. */
import { chainMessage } from "@r3mes/chain-client";
import { asHash, fromHex, R3mesError } from "@r3mes/protocol";
import { MsgOpenStepSchema } from "@r3mes/protocol/messages";
import { contentIdToBytes, parseContentId } from "@r3mes/storage";
import { openStep } from "@r3mes/training";
import type { MinerDeps, MinerOptions } from "../minerDeps.ts";
import type { WorkRecord } from "../minerRecord.ts";

export async function openDrawnStep(
  options: MinerOptions,
  deps: MinerDeps,
  work: WorkRecord,
): Promise<void> {
  const submissionId = BigInt(work.lease);
  const { audits } = await deps.query.submission({ id: submissionId });
  const audit = audits.at(-1);
  if (audit === undefined)
    throw new R3mesError({ code: "AUDIT_NOT_FOUND", submission: submissionId });
  const roots = work.stateRoots.map((root) => asHash(fromHex(root)));
  const opening = openStep(roots, audit.step);
  const cidOf = (t: number) => contentIdToBytes(parseContentId(work.stateCids[t]!));
  await deps.submit([
    chainMessage(MsgOpenStepSchema, {
      operator: options.operator,
      submissionId,
      opening: {
        step: opening.step,
        rootBefore: opening.rootBefore ?? new Uint8Array(0),
        rootAfter: opening.rootAfter,
        rootFinal: opening.rootFinal,
        stateBeforeCid: cidOf(opening.step - 1),
        stateFinalCid: cidOf(roots.length),
      },
      proof: { hashes: [...opening.siblings] },
    }),
  ]);
}
