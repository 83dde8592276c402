/** Reads the events of a simulated block by their type; what it finds is decoded as a client would. */
import { decodeEvent } from "@r3mes/chain-client";
import type { MadeBlock } from "./simulatedNode.ts";

/** The events of one type in a block, in their order. */
export function eventsOf<Schema extends Parameters<typeof decodeEvent>[0]>(
  block: MadeBlock,
  schema: Schema,
) {
  return block.events.flatMap((event) => decodeEvent(schema, event) ?? []);
}
