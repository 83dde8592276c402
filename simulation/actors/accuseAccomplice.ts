/**
 * The second name of a bad defender: it challenges the work of the first, which is right, once that is in a version, and plays the case as
 * an honest challenger would. An update with nothing wrong it has to accuse of something: then it names the first of its tensors.
 */
import type { Client } from "@connectrpc/connect";
import { type ChainMessage, chainMessage, listAll } from "@r3mes/chain-client";
import { type CasePlayer, dutiesOf } from "@r3mes/participant";
import { R3mesError } from "@r3mes/protocol";
import {
  CaseKind,
  CaseStage,
  DutyKind,
  MsgChallengeSchema,
  MsgPinpointSchema,
  type Query,
  type Submission,
  SubmissionStatus,
} from "@r3mes/protocol/messages";
import { defenceOf } from "./badDefender.ts";

export interface AccuserDeps {
  readonly query: Client<typeof Query>;
  readonly cases: CasePlayer;
  readonly submit: (messages: readonly ChainMessage[]) => Promise<unknown>;
}

export interface Accomplices {
  readonly address: string;
  /** Address of the miner. */
  readonly accused: string;
}

/** To be called at every height. */
export function createAccuser(
  { address, accused }: Accomplices,
  { query, cases, submit }: AccuserDeps,
): () => Promise<void> {
  const challenged = new Set<bigint>();
  const attempt = (messages: readonly ChainMessage[]) =>
    submit(messages).catch((error: unknown) => {
      if (!(error instanceof R3mesError)) throw error;
    });
  return async () => {
    for (const submission of await adoptedWork(query, accused)) {
      if (challenged.has(submission.id)) continue;
      challenged.add(submission.id);
      await attempt([challengeOf(address, submission)]);
    }
    for (const { kind, id } of await dutiesOf(query, address)) {
      if (kind === DutyKind.PINPOINT && (await isAboutTensors(query, id))) {
        await attempt([
          chainMessage(MsgPinpointSchema, { operator: address, caseId: id, child: 0 }),
        ]);
      } else {
        const move = await cases.prepare(id);
        await move?.();
      }
    }
  };
}

/** What may be challenged of the accused, in the versions of the rounds that are not long over. */
async function adoptedWork(query: AccuserDeps["query"], accused: string): Promise<Submission[]> {
  const found: Submission[] = [];
  for (const { id: poolId, round: newest } of await listAll(query, "pools")) {
    for (const number of [newest - 1, newest].filter((one) => one > 0)) {
      const { round } = await query.round({ poolId, number });
      if (round === undefined || round.resultAdapterId === 0n) continue;
      found.push(...(await listAll(query, "submissions", { poolId, round: number })));
    }
  }
  return found.filter(
    ({ miner, summed, status }) => miner === accused && summed && open.has(status),
  );
}

const open: ReadonlySet<SubmissionStatus> = new Set([
  SubmissionStatus.ACCEPTED,
  SubmissionStatus.DISPUTED,
]);

function challengeOf(challenger: string, { id: submissionId, opening }: Submission): ChainMessage {
  const isAboutUpdate = defenceOf(submissionId) === "wrong threshold";
  return chainMessage(MsgChallengeSchema, {
    challenger,
    submissionId,
    kind: isAboutUpdate ? CaseKind.UPDATE : CaseKind.STEP,
    step: isAboutUpdate ? 0 : opening!.step,
  });
}

async function isAboutTensors(query: AccuserDeps["query"], id: bigint): Promise<boolean> {
  const { case: record } = await query.case({ id });
  return record?.claim?.stage === CaseStage.TENSORS;
}
