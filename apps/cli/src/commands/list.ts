/** `r3mes list`: the numbers and names that other commands take. */
import { systemClock } from "@r3mes/service/command";
import type { CommandContext } from "../commandContext.ts";
import { createProgress } from "../createProgress.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { columnsOf } from "../host.ts";
import { layTable } from "../layTable.ts";
import type { ListKind } from "../proof/listKinds.ts";
import { openChain } from "../proof/openChain.ts";
import { type Listed, readList } from "../proof/readList.ts";

export async function list(
  { host, home, json }: CommandContext,
  kind: ListKind,
): Promise<ExitCode> {
  const progress = createProgress(host, json, systemClock);
  const asking = `asking the node for ${kind}`;
  const { network, query, close } = await progress.during(asking, openChain(home));
  try {
    const found = await progress.during(asking, readList(kind, query));
    const names = new Map(network.processes.map(({ name, address }) => [address, name]));
    const named = (row: Listed): Listed =>
      Object.fromEntries(
        Object.entries(row).map(([name, text]) => [name, names.get(text) ?? text]),
      );
    const lines =
      found.length === 0
        ? [nothing[kind]]
        : layTable(found.map(named), columnsOf(host.stdout), host.paint.dim);
    host.stdout.write(json ? `${JSON.stringify({ [kind]: found })}\n` : `${lines.join("\n")}\n`);
    return exitCodes.ok;
  } finally {
    close();
  }
}

const nothing: { readonly [kind in ListKind]: string } = {
  pools: "nobody has opened a pool",
  models: "no model is registered",
  datasets: "no dataset is registered",
  submissions: "no submission is open",
  cases: "nobody has opened a case",
  adapters: "no round has made a version yet",
};
