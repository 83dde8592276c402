/** `r3mes reproduce <adapter>`: rebuilds a version from its updates and says whether it is the same. */
import { systemClock } from "@r3mes/service/command";
import type { CommandContext } from "../commandContext.ts";
import { createProgress } from "../createProgress.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { findAdapter } from "../proof/findAdapter.ts";
import { openNetwork } from "../proof/openNetwork.ts";
import { reproduceAdapter } from "../proof/reproduceAdapter.ts";

export async function reproduce(
  { host, home, json }: CommandContext,
  name: string,
): Promise<ExitCode> {
  const progress = createProgress(host, json, systemClock);
  const opened = await progress.during(`looking for ${name}`, openNetwork(home));
  try {
    const onRead = (read: bigint, all: bigint) =>
      progress.show(`read ${read} of the ${all} blocks of its round`);
    const rebuild = async () => reproduceAdapter(await findAdapter(name, opened), opened, onRead);
    const found = await rebuild().finally(progress.end);
    const { equal, root, adopted, round, updates } = found;
    const { green, red } = host.paint;
    const text = [
      `${name}  round ${round}, the exact sum of ${updates} updates`,
      ` rebuilt  ${root}`,
      ` adopted  ${adopted}`,
      equal ? green(" equal") : red(" different"),
    ];
    host.stdout.write(json ? `${JSON.stringify(found)}\n` : `${text.join("\n")}\n`);
    return equal ? exitCodes.ok : exitCodes.failed;
  } finally {
    await opened.close();
  }
}
