import type { ChainMessage } from "@r3mes/chain-client";
import { chainMessage } from "@r3mes/chain-client";
import { fromHex, sha256, toHex } from "@r3mes/protocol";
import { MsgAttestSchema, RoundPhase, SubmissionStatus } from "@r3mes/protocol/messages";
import { contentIdToBytes, memoryStore } from "@r3mes/storage";
import { expect, test } from "vitest";
import type { VerifierDeps } from "../verifierDeps.ts";
import type { SumRecord } from "../verifierRecord.ts";
import { attestRound } from "./attestRound.ts";

const cid = await memoryStore().put(Uint8Array.of(1));

/** What a verifier summed without some of the submissions 1 to 3. */
function sumWithout(...leftOut: string[]): SumRecord {
  const of = (what: string) => toHex(sha256(new TextEncoder().encode(`${what} ${leftOut}`)));
  return {
    ...{ kind: "sum", pool: "5", round: 3, root: of("root"), momentumRoot: of("momentum") },
    ...{ cid, loss: "7", leftOut, window: 0 },
  };
}

/** A verifier that has summed, in a round whose first submission is what `state` says. */
function attesting(...records: SumRecord[]) {
  const state = {
    status: SubmissionStatus.ACCEPTED as SubmissionStatus,
    submissionsMin: 1,
    attestWindows: 0,
  };
  const said: { readonly verifier: string; readonly leftOut: readonly bigint[] }[] = [];
  const sent: ChainMessage[] = [];
  const begun: string[] = [];
  const query = {
    pool: async () => ({
      pool: { id: 5n, submissionsMin: state.submissionsMin },
      round: {
        ...{ poolId: 5n, number: 3, phase: RoundPhase.AGGREGATION, accepted: 3 },
        ...{ attestEndHeight: 90n, sumEndHeight: 0n, attestWindows: state.attestWindows },
      },
    }),
    submissions: async () => ({
      submissions: [1n, 2n, 3n].map((id) => ({
        ...{ id, summed: true, status: id === 1n ? state.status : SubmissionStatus.ACCEPTED },
      })),
    }),
    attestations: async () => ({ attestations: said }),
  };
  const deps = {
    query,
    journal: { records },
    submit: async ([message]: ChainMessage[]) => void sent.push(message!),
  } as unknown as VerifierDeps;
  const work = {
    queue: { beginWith: ({ name }: { readonly name: string }) => void begun.push(name) },
    trainUpdate: () => expect.unreachable(),
  };
  const options = { chainId: "remesdev-1", operator: "op", owner: "me" };
  const attest = () => attestRound(options, deps, work, 5n);
  return { attest, state, said, sent, begun, records };
}

function message({ root, momentumRoot, leftOut = [] }: SumRecord): ChainMessage {
  return chainMessage(MsgAttestSchema, {
    ...{ operator: "op", poolId: 5n, round: 3, cid: contentIdToBytes(cid), heldOutLoss: 7n },
    ...{ root: fromHex(root), momentumRoot: fromHex(momentumRoot), leftOut: leftOut.map(BigInt) },
  });
}

test("a sum is attested once", async () => {
  const { attest, said, sent } = attesting(sumWithout());
  expect(await attest()).toBe(true);
  said.push({ verifier: "other", leftOut: [] }, { verifier: "me", leftOut: [] });
  expect([await attest(), sent]).toEqual([false, [message(sumWithout())]]);
});

test("a sum that a conviction has overtaken is made again, and attested in place of the other", async () => {
  const { attest, state, said, sent, begun, records } = attesting(sumWithout());
  said.push({ verifier: "me", leftOut: [] });
  state.status = SubmissionStatus.FAULTY;
  expect([await attest(), begun]).toEqual([false, ["sum of round 3 of pool 5"]]);
  records.push(sumWithout("1"));
  expect([await attest(), sent]).toEqual([true, [message(sumWithout("1"))]]);
});

test("what is disputed is looked at again once a window has passed, and not before", async () => {
  const { attest, state, begun } = attesting(sumWithout());
  state.status = SubmissionStatus.DISPUTED;
  expect([await attest(), begun]).toEqual([true, []]);
  state.attestWindows = 1;
  expect([await attest(), begun]).toEqual([false, ["sum of round 3 of pool 5"]]);
});

test("a sum of less work than the pool asks for is not attested", async () => {
  const { attest, state, sent } = attesting(sumWithout("1"));
  Object.assign(state, { status: SubmissionStatus.FAULTY, submissionsMin: 3 });
  expect([await attest(), sent]).toEqual([false, []]);
});
