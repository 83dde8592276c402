import { type ChainMessage, chainMessage } from "@r3mes/chain-client";
import { R3mesError, toHex } from "@r3mes/protocol";
import { CaseKind, MsgChallengeSchema, PoolStatus } from "@r3mes/protocol/messages";
import { expect, test } from "vitest";
import type { VerifierDeps } from "../verifierDeps.ts";
import type { SumRecord, VerifierRecord } from "../verifierRecord.ts";
import { createSumWatch } from "./createSumWatch.ts";

const bytes = (value: number) => new Uint8Array(32).fill(value);

/** A verifier whose own sum has the roots 1 and 2, beside an adopted one. */
function watching(
  adopted: { root: number; momentumRoot: number },
  attested: { readonly verifier: string; readonly leftOut: readonly bigint[] }[] = [],
) {
  const own: SumRecord = {
    kind: "sum",
    pool: "5",
    round: 3,
    root: toHex(bytes(1)),
    momentumRoot: toHex(bytes(2)),
    cid: "",
    loss: "0",
  };
  const records: VerifierRecord[] = [own];
  const sent: ChainMessage[] = [];
  const begun: string[] = [];
  const state = { asked: 0, refuse: false, sumEndHeight: 90n, leftOut: [] as bigint[] };
  const pool = { id: 5n, round: 4, status: PoolStatus.OPEN };
  const round = () => ({ poolId: 5n, number: 3, resultAdapterId: 8n, ...state });
  const query = {
    pool: async () => ({ pool }),
    round: async () => {
      state.asked += 1;
      return { round: round() };
    },
    attestations: async () => ({ attestations: attested }),
    adapter: async () => ({
      adapter: { root: bytes(adopted.root), momentumRoot: bytes(adopted.momentumRoot) },
    }),
  };
  const deps = {
    query,
    journal: { records, append: async (record: VerifierRecord) => void records.push(record) },
    submit: async ([message]: ChainMessage[]) => {
      if (state.refuse) throw new R3mesError({ code: "NODE_UNREACHABLE" });
      sent.push(message!);
    },
  } as unknown as VerifierDeps;
  const work = {
    queue: { beginWith: ({ name }: { readonly name: string }) => void begun.push(name) },
    trainUpdate: () => expect.unreachable(),
  };
  const options = { chainId: "remesdev-1", operator: "op", owner: "me" };
  return { look: createSumWatch(options, deps, work), sent, state, pool, records, own, begun };
}

test("another sum is challenged once, its adapter where that differs, else its momentum", async () => {
  for (const [adopted, momentum] of [
    [{ root: 7, momentumRoot: 2 }, false],
    [{ root: 1, momentumRoot: 7 }, true],
    [{ root: 7, momentumRoot: 7 }, false],
  ] as const) {
    const { look, sent } = watching(adopted);
    expect([await look(5n, 50n), await look(5n, 51n)]).toEqual([true, false]);
    const challenge = {
      challenger: "op",
      kind: CaseKind.AGGREGATE,
      poolId: 5n,
      round: 3,
      momentum,
    };
    expect(sent).toEqual([chainMessage(MsgChallengeSchema, challenge)]);
  }
});

test("its own sum, one that it attested and one that is final are left alone, and not asked for again", async () => {
  const attested = watching({ root: 7, momentumRoot: 2 }, [{ verifier: "me", leftOut: [] }]);
  const final = watching({ root: 7, momentumRoot: 2 });
  final.state.sumEndHeight = 49n;
  for (const { look, sent, state } of [watching({ root: 1, momentumRoot: 2 }), attested, final]) {
    expect([await look(5n, 50n), await look(5n, 51n)]).toEqual([false, false]);
    expect([sent, state.asked]).toEqual([[], 1]);
  }
});

test("a challenge that does not get through is made again", async () => {
  const { look, sent, state } = watching({ root: 7, momentumRoot: 2 });
  state.refuse = true;
  await expect(look(5n, 50n)).rejects.toThrow();
  state.refuse = false;
  expect(await look(5n, 51n)).toBe(true);
  expect(sent).toHaveLength(1);
});

test("the sum of a pool's last round is looked at once it is there, though no round follows it", async () => {
  const { look, sent, state, pool } = watching({ root: 7, momentumRoot: 2 });
  Object.assign(pool, { round: 3, status: PoolStatus.CLOSING });
  state.sumEndHeight = 0n;
  expect(await look(5n, 50n)).toBe(false);
  state.sumEndHeight = 90n;
  expect([await look(5n, 51n), await look(5n, 52n)]).toEqual([true, false]);
  expect(sent).toHaveLength(1);
});

test("an adopted sum is compared with one of the same work, and with no other", async () => {
  const { look, sent, state, records, own, begun } = watching({ root: 7, momentumRoot: 2 }, [
    { verifier: "me", leftOut: [] },
  ]);
  state.leftOut = [4n];
  expect([await look(5n, 50n), sent, begun]).toEqual([false, [], ["sum of round 3 of pool 5"]]);
  records.push({ ...own, leftOut: ["4"] });
  expect([await look(5n, 51n), sent.length]).toEqual([true, 1]);
});
