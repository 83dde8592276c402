/** `r3mes doctor`: looks at the machine, says what was found and what to do about it. */
import { systemClock } from "@r3mes/service/command";
import type { CommandContext } from "../commandContext.ts";
import { renderDoctor } from "../doctor/renderDoctor.ts";
import { runChecks } from "../doctor/runChecks.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { columnsOf } from "../host.ts";
import { builtRemesd } from "../repository.ts";
import { loadSettings } from "../settings.ts";

/** The answer has the form of `schema/doctor.schema.json`. */
export async function doctor({ host, home, json }: CommandContext): Promise<ExitCode> {
  const remesd = loadSettings(home, host.env).values.localnet.remesd ?? builtRemesd;
  const checks = await runChecks({ home, remesd }, systemClock);
  const ok = checks.every(({ status }) => status !== "fail");
  const { platform, arch } = process;
  const report = { ok, platform: `${platform}-${arch}`, checks };
  host.stdout.write(
    json ? `${JSON.stringify(report)}\n` : renderDoctor(checks, host.paint, columnsOf(host.stdout)),
  );
  return ok ? exitCodes.ok : exitCodes.failed;
}
