/** The adapter version of the chain that a person names, as `chooseAdapter` reads names. */
import { listAll } from "@r3mes/chain-client";
import { R3mesError } from "@r3mes/protocol";
import type { AdapterVersion } from "@r3mes/protocol/messages";
import { chooseAdapter } from "./chooseAdapter.ts";
import type { OpenedNetwork } from "./openNetwork.ts";

/** @throws ADAPTER_UNKNOWN */
export async function findAdapter(
  name: string,
  { query }: Pick<OpenedNetwork, "query">,
): Promise<AdapterVersion> {
  const all = await listAll(query, "adapters");
  const found = chooseAdapter(name, all);
  if (found === undefined) throw new R3mesError({ code: "ADAPTER_UNKNOWN", adapter: name });
  return found;
}
