/** Whether the default ports of a localnet are free, or held by the project's own. */
import { defaultPorts } from "../localnet/choosePorts.ts";
import { findPortHolder } from "../localnet/findPortHolder.ts";
import { holdPort } from "../localnet/holdPort.ts";
import { type Check, ok, warn } from "./check.ts";

/** `own` are the ports of this project's running localnet. */
export async function checkPorts(own: readonly number[]): Promise<Check> {
  const ports = Object.values(defaultPorts(0));
  const taken: string[] = [];
  for (const port of ports.filter((candidate) => !own.includes(candidate))) {
    const held = await holdPort(port);
    if (held === null) taken.push(`${port} by ${(await findPortHolder(port)) ?? "another user"}`);
    await held?.release();
  }
  if (taken.length > 0) {
    const remedy = "Stop what uses them, or start with npx r3mes localnet --ports auto.";
    return warn("ports", `in use: ${taken.join(", ")}`, remedy);
  }
  const isOwn = ports.some((port) => own.includes(port));
  return ok("ports", isOwn ? "in use by this localnet" : `${ports.join(", ")} are free`);
}
