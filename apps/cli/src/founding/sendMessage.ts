/** A transfer of the bank module, in uremes. */
import type { ChainMessage } from "@r3mes/chain-client";
import { MsgSend } from "cosmjs-types/cosmos/bank/v1beta1/tx";

export function sendMessage(fromAddress: string, toAddress: string, uremes: bigint): ChainMessage {
  const amount = [{ denom: "uremes", amount: String(uremes) }];
  const value = MsgSend.encode({ fromAddress, toAddress, amount }).finish();
  return { typeUrl: "/cosmos.bank.v1beta1.MsgSend", value };
}
