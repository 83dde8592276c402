/** `r3mes explain slash|reward <who>`: evidence, or arithmetic, line by line. */
import { decodeAddress, R3mesError } from "@r3mes/protocol";
import { systemClock } from "@r3mes/service/command";
import type { CommandContext } from "../commandContext.ts";
import { createProgress, type Progress } from "../createProgress.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { explainRewards } from "../proof/explainReward.ts";
import { explainSlashes } from "../proof/explainSlash.ts";
import { type ExplainedUnpaid, explainUnpaid } from "../proof/explainUnpaid.ts";
import { type OpenedNetwork, openNetwork } from "../proof/openNetwork.ts";
import { readEvents } from "../proof/readEvents.ts";

export async function explain(
  { host, home, json }: CommandContext,
  what: "slash" | "reward",
  who: string,
): Promise<ExitCode> {
  const progress = createProgress(host, json, systemClock);
  const reading = `reading what the node tells of ${who}`;
  const opened = await progress.during(reading, openNetwork(home));
  try {
    const owner = ownerOf(who, opened);
    const found =
      what === "slash"
        ? [...(await explainSlashes(owner, opened)), ...(await unpaidOf(owner, opened, progress))]
        : await progress.during(reading, explainRewards(owner, opened));
    progress.end();
    const nothing =
      what === "slash"
        ? "no fine was ever taken, and no work went unpaid"
        : "nothing matured recently";
    const lines =
      found.length === 0
        ? [`${who}: ${nothing}`]
        : found.flatMap((each) => [...each.lines, ""]).slice(0, -1);
    host.stdout.write(
      json ? `${JSON.stringify({ owner, [what]: found })}\n` : `${lines.join("\n")}\n`,
    );
    return exitCodes.ok;
  } finally {
    progress.end();
    await opened.close();
  }
}

/** @throws LOCALNET_PROCESS_UNKNOWN, ADDRESS_INVALID */
export function ownerOf(who: string, { network }: Pick<OpenedNetwork, "network">): string {
  const found = network.processes.find(({ name }) => name === who)?.address;
  if (found !== undefined) return found;
  if (who.startsWith("remes1")) {
    decodeAddress(who);
    return who;
  }
  const known = network.processes.map(({ name }) => name);
  throw new R3mesError({ code: "LOCALNET_PROCESS_UNKNOWN", name: who, known });
}

/** Blocks that are read back from the newest for what is told by events alone. */
const blocksRead = 400n;

async function unpaidOf(
  owner: string,
  { rpc }: OpenedNetwork,
  progress: Progress,
): Promise<ExplainedUnpaid[]> {
  const { latestHeight, earliestHeight } = await rpc.status();
  const wanted = latestHeight - blocksRead;
  const from = wanted > earliestHeight ? wanted : earliestHeight;
  const all = latestHeight - from + 1n;
  const onRead = (read: bigint) => progress.show(`reading block ${read} of the last ${all}`);
  return explainUnpaid(owner, await readEvents(rpc, from, latestHeight, onRead));
}
