/** Makes blocks for the tests of the checks. */
import type { MadeBlock } from "../simulatedNode.ts";

/** A block with one event of x/remes; each attribute is the JSON of a field. */
export function blockWith(
  height: bigint,
  type: string,
  fields: Readonly<Record<string, unknown>>,
): MadeBlock {
  const attributes = Object.entries(fields).map(([key, value]) => ({
    key,
    value: JSON.stringify(value),
  }));
  const events = [{ type: `remes.v1.${type}`, attributes }];
  return { height, appHash: "", events, blockEvents: events, transactions: [], broken: undefined };
}
