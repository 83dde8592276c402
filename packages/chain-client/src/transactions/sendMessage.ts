/** A transfer of the bank module, in uremes. */
import { MsgSend } from "cosmjs-types/cosmos/bank/v1beta1/tx";
import type { ChainMessage } from "./chainMessage.ts";

export function sendMessage(fromAddress: string, toAddress: string, uremes: bigint): ChainMessage {
  const amount = [{ denom: "uremes", amount: String(uremes) }];
  const value = MsgSend.encode({ fromAddress, toAddress, amount }).finish();
  return { typeUrl: "/cosmos.bank.v1beta1.MsgSend", value };
}
