/** Transactions that nobody honest would send: text that means something elsewhere, and bytes that mean nothing. */
import type { FollowedBlock } from "@r3mes/chain-client";
import { TxBody, TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";

export const hostileMemo =
  "<script>alert(1)</script>'; drop table chain.blocks; -- ../../etc \0 \u202e";

const refused = {
  codespace: "sdk",
  log: "'refused\"",
  gasWanted: 2n ** 63n - 1n,
  gasUsed: 7n,
  events: [],
};

export function hostileBlock(block: FollowedBlock): FollowedBlock {
  const body = TxBody.fromPartial({
    memo: hostileMemo,
    messages: [
      { typeUrl: "/nobody.knows.Msg", value: new Uint8Array([255, 0]) },
      { typeUrl: "/remes.v1.MsgCommit", value: new Uint8Array(4).fill(255) },
    ],
  });
  const raw = TxRaw.encode(TxRaw.fromPartial({ bodyBytes: TxBody.encode(body).finish() })).finish();
  const garbage = new Uint8Array(64).fill(255);
  return {
    ...block,
    transactions: [
      { bytes: raw, result: { ...refused, code: 0 } },
      { bytes: garbage, result: { ...refused, code: 2 } },
    ],
  };
}
