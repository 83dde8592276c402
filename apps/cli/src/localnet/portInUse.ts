/** Says of a port that another process has it, with the name of that process where this user may know it. */
import { R3mesError } from "@r3mes/protocol";
import { findPortHolder } from "./findPortHolder.ts";
import { holdPort } from "./holdPort.ts";

/** By purpose, as in `rpc`; a purpose that a process does not have is undefined. */
type Ports = { readonly [purpose: string]: number | undefined };

export async function portInUse(purpose: string, port: number): Promise<R3mesError> {
  const holder = (await findPortHolder(port)) ?? "a process that this user may not see";
  return new R3mesError({ code: "PORT_IN_USE", port, purpose, holder });
}

/** About the first of the ports that is in use; null when all are free. Asked for a process that has ended, it finds only others. */
export async function findPortInUse(ports: Ports): Promise<R3mesError | null> {
  for (const [purpose, port] of Object.entries(ports)) {
    if (port === undefined) continue;
    const held = await holdPort(port);
    if (held === null) return portInUse(purpose, port);
    await held.release();
  }
  return null;
}
