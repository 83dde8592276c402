/** The events of a range of blocks, in the order in which they happened. */
import type { ChainRpc, RawEvent } from "@r3mes/chain-client";

export type PlacedEvent = { readonly height: bigint; readonly event: RawEvent };

/** Both heights are included. Failed transactions changed nothing and are left out. */
export async function readEvents(
  rpc: Pick<ChainRpc, "blockResults">,
  from: bigint,
  to: bigint,
): Promise<PlacedEvent[]> {
  const events: PlacedEvent[] = [];
  for (let height = from; height <= to; height += 1n) {
    const { transactions, blockEvents } = await rpc.blockResults(height);
    const executed = transactions.filter(({ code }) => code === 0).flatMap((each) => each.events);
    for (const event of [...executed, ...blockEvents]) events.push({ height, event });
  }
  return events;
}
