/** The bond behind a role while its process lives: the least is waited for, the rest is filled up whenever there is money for it. */
import { R3mesError } from "@r3mes/protocol";
import { type Entry, type EntryDeps, enterRole } from "./enterRole.ts";
import { type UntilFundedDeps, untilFunded } from "./untilFunded.ts";

export interface BondPlan extends Entry {
  /** What the role needs at all, in uremes: duties must not wait for more than this. */
  readonly least: bigint;
}

/** Resolves when the least is there. Returns what fills the bond up again; that it cannot be is logged and no failure. */
export async function holdBond(
  { least, ...entry }: BondPlan,
  deps: UntilFundedDeps & EntryDeps,
): Promise<() => Promise<void>> {
  const { log } = deps;
  const fillTo = async (bond: bigint) => {
    const added = await enterRole({ ...entry, bond }, deps);
    if (added > 0n) log.info({ uremes: String(added) }, "bonded");
  };
  const fill = async () => {
    try {
      await fillTo(entry.bond);
    } catch (error) {
      if (!(error instanceof R3mesError)) throw error;
      log.warn({ error }, "bond not filled up");
    }
  };
  await untilFunded(deps, () => fillTo(least < entry.bond ? least : entry.bond));
  await fill();
  return fill;
}
