/** The one record that was asked for. */
import { R3mesError } from "@r3mes/protocol";

export function theOne(
  [record]: readonly string[],
  missing: ConstructorParameters<typeof R3mesError>[0],
): string {
  if (record === undefined) throw new R3mesError(missing);
  return record;
}
