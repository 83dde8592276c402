/** How much gas a transaction would use now, by the chain's own simulation. */
import { SimulateRequest, SimulateResponse } from "cosmjs-types/cosmos/tx/v1beta1/service";
import type { ChainRpc } from "../rpc/chainRpc.ts";
import { refusalInWords } from "./refusal.ts";

/** `transaction` is complete but for its signature, which a simulation does not check. A message that fails is refused here. */
export async function estimateGas(rpc: ChainRpc, transaction: Uint8Array): Promise<bigint> {
  const request = SimulateRequest.encode(
    SimulateRequest.fromPartial({ txBytes: transaction }),
  ).finish();
  const answer = await rpc.query("/cosmos.tx.v1beta1.Service/Simulate", request, 0n);
  if (answer.code !== 0) throw refusalInWords(answer);
  return SimulateResponse.decode(answer.value).gasInfo?.gasUsed ?? 0n;
}
