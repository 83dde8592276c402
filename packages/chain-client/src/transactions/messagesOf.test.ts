import { MsgPinpointSchema, MsgSetOperatorSchema } from "@r3mes/protocol/messages";
import { TxBody, TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import { expect, test } from "vitest";
import { chainMessage } from "./chainMessage.ts";
import { messagesOf } from "./messagesOf.ts";

test("messages of the wanted kind are found in their order, whatever stands between them", () => {
  const moves = [3, 5].map((child) => chainMessage(MsgPinpointSchema, { caseId: 7n, child }));
  const other = chainMessage(MsgSetOperatorSchema, { owner: "me", operator: "you" });
  const nonsense = { typeUrl: "/remes.v1.MsgNone", value: Uint8Array.of(255) };
  const messages = [other, moves[0]!, nonsense, moves[1]!];
  const bodyBytes = TxBody.encode(TxBody.fromPartial({ messages })).finish();
  const transaction = TxRaw.encode(TxRaw.fromPartial({ bodyBytes })).finish();
  const found = messagesOf(MsgPinpointSchema, transaction);
  expect(found.map(({ caseId, child }) => [caseId, child])).toEqual([
    [7n, 3],
    [7n, 5],
  ]);
});
