/** `r3mes explain slash|reward <who>`: evidence, or arithmetic, line by line. */
import type { CommandContext } from "../commandContext.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { explainRewards } from "../proof/explainReward.ts";
import { explainSlashes } from "../proof/explainSlash.ts";
import { openNetwork } from "../proof/openNetwork.ts";

export async function explain(
  { host, home, json }: CommandContext,
  what: "slash" | "reward",
  who: string,
): Promise<ExitCode> {
  const opened = await openNetwork(home);
  try {
    const owner = opened.network.processes.find(({ name }) => name === who)?.address ?? who;
    const found =
      what === "slash" ? await explainSlashes(owner, opened) : await explainRewards(owner, opened);
    const nothing = what === "slash" ? "no fine was ever taken" : "nothing matured of late";
    const lines =
      found.length === 0
        ? [`${who}: ${nothing}`]
        : found.flatMap((each) => [...each.lines, ""]).slice(0, -1);
    host.stdout.write(
      json ? `${JSON.stringify({ owner, [what]: found })}\n` : `${lines.join("\n")}\n`,
    );
    return exitCodes.ok;
  } finally {
    await opened.close();
  }
}
