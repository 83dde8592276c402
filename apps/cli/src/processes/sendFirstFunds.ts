/** The faucet of a development network: its founder's key lies on this machine and sends first funds to an address. */
import { join } from "node:path";
import { connectRpc, createSubmitter, sendMessage } from "@r3mes/chain-client";
import { systemClock } from "@r3mes/service/command";
import { firstFunds } from "../founding/genesisPlan.ts";
import { localnetPaths } from "../localnet/localnetPaths.ts";
import type { Network } from "../networkFile.ts";
import { founderName } from "./founderProcess.ts";
import { openKey } from "./participantFiles.ts";

/** Returns what was sent, in uremes. */
export async function sendFirstFunds(
  home: string,
  { rpc: url, chainId }: Pick<Network, "rpc" | "chainId">,
  to: string,
): Promise<bigint> {
  const founder = join(localnetPaths(home).folder, founderName);
  const { signer, address } = await openKey(founder);
  const rpc = await connectRpc(url);
  try {
    const submitter = createSubmitter(
      {
        chainId,
        address,
        lifetimeMs: 30_000,
        pollMs: 200,
        gasMarginPercent: 50,
      },
      { rpc, signer, sleep: systemClock.sleep },
    );
    await submitter.submit([sendMessage(address, to, firstFunds)]);
    return firstFunds;
  } finally {
    rpc.close();
  }
}
