/** `r3mes replay <submission>`: trains its chunk again and says equal, or where it differs. */
import { R3mesError } from "@r3mes/protocol";
import type { CommandContext } from "../commandContext.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { openNetwork } from "../proof/openNetwork.ts";
import { replaySubmission } from "../proof/replaySubmission.ts";

export async function replay(
  { host, home, json }: CommandContext,
  text: string,
): Promise<ExitCode> {
  if (!/^\d{1,18}$/.test(text)) {
    throw new R3mesError({ code: "USAGE_INVALID", reason: `${text} is no number of a submission` });
  }
  const opened = await openNetwork(home);
  try {
    const found = await replaySubmission(BigInt(text), opened);
    const { equal, steps, stepsRoot, revealed, drawn } = found;
    const { green, red } = host.paint;
    const lines = [
      `submission ${text}  ${steps} steps trained again on this machine`,
      ` here     ${stepsRoot}`,
      ` revealed ${revealed}`,
      ...(drawn === undefined
        ? []
        : [
            ` drawn step ${drawn.step}: ${drawn.equal ? "equal" : `${drawn.root} here, ${drawn.opened} there`}`,
          ]),
      equal ? green(" equal") : red(" different"),
    ];
    host.stdout.write(json ? `${JSON.stringify(found)}\n` : `${lines.join("\n")}\n`);
    return equal ? exitCodes.ok : exitCodes.failed;
  } finally {
    await opened.close();
  }
}
