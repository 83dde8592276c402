/** The account number of an address, which every signature of it covers. */
import { R3mesError } from "@r3mes/protocol";
import { BaseAccount } from "cosmjs-types/cosmos/auth/v1beta1/auth";
import {
  QueryAccountInfoRequest,
  QueryAccountInfoResponse,
} from "cosmjs-types/cosmos/auth/v1beta1/query";
import type { ChainRpc } from "../rpc/chainRpc.ts";
import { refusal } from "../transactions/refusal.ts";

export interface Account {
  readonly address: string;
  readonly accountNumber: bigint;
  readonly sequence: bigint;
}

const notFound = 22; // The SDK's code for a key that is not in the store.

/** An address that has never received anything has no account yet: `ACCOUNT_UNKNOWN`. */
export async function queryAccount(rpc: ChainRpc, address: string): Promise<Account> {
  const path = "/cosmos.auth.v1beta1.Query/AccountInfo";
  const answer = await rpc.query(path, QueryAccountInfoRequest.encode({ address }).finish(), 0n);
  if (answer.code === notFound || /not found/.test(answer.log)) {
    throw new R3mesError({ code: "ACCOUNT_UNKNOWN", address });
  }
  if (answer.code !== 0) throw refusal(answer, { query: path });
  const info = QueryAccountInfoResponse.decode(answer.value).info ?? BaseAccount.fromPartial({});
  return { address, accountNumber: info.accountNumber, sequence: info.sequence };
}
