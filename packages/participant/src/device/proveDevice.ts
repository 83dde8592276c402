/**
 * A device that is proven beside everything else. Whoever stands behind a role already may owe the chain something this very block, and
 * answers at once; who has no bond yet proves the device before it binds itself.
 */
import { type SharedBackend, sharedBackend } from "@r3mes/engine";
import type { Role } from "@r3mes/protocol/messages";
import { type EntryDeps, standing } from "../enterRole.ts";
import type { Participant } from "../openParticipant.ts";
import { untilAnswered } from "../untilAnswered.ts";
import { createDevice, type DeviceOptions } from "./createDevice.ts";

export interface RoleStake {
  readonly role: Role;
  /** What the role needs at all, in uremes. */
  readonly least: bigint;
}

/** What it prepares waits for the proof. A device that fails it ends the process: DEVICE_NOT_EXACT. */
export async function proveDevice(
  options: DeviceOptions,
  { role, least }: RoleStake,
  participant: Pick<Participant, "clock" | "log" | "shutdown" | "address"> & EntryDeps,
): Promise<SharedBackend> {
  const { address, log, shutdown } = participant;
  const proven = createDevice(options, log);
  shutdown.add({
    name: "device",
    deadlineMs: 1_000,
    run: async () => (await proven).close(),
  });
  const { bond } = await untilAnswered(participant, () => standing({ address, role }, participant));
  if (bond < least) await proven;
  return sharedBackend("device", async (...what) => (await proven).prepareAll(...what));
}
