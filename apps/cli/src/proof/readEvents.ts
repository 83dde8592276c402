/** The events of a range of blocks, in the order in which they happened. */
import type { ChainRpc, RawEvent } from "@r3mes/chain-client";

export type PlacedEvent = { readonly height: bigint; readonly event: RawEvent };

/** Both heights are included. Failed transactions changed nothing and are left out. `onRead` hears how many blocks are read. */
export async function readEvents(
  rpc: Pick<ChainRpc, "blockResults">,
  from: bigint,
  to: bigint,
  onRead: (blocks: bigint) => void = () => {},
): Promise<PlacedEvent[]> {
  const events: PlacedEvent[] = [];
  for (let first = from; first <= to; first += askedAtOnce) {
    const heights: bigint[] = [];
    for (let at = first; at <= to && at < first + askedAtOnce; at += 1n) heights.push(at);
    const blocks = await Promise.all(heights.map((height) => eventsOf(rpc, height)));
    events.push(...blocks.flat());
    onRead(heights.at(-1)! - from + 1n);
  }
  return events;
}

/** Blocks that a node is asked for before the first of them is there. */
const askedAtOnce = 16n;

async function eventsOf(
  rpc: Pick<ChainRpc, "blockResults">,
  height: bigint,
): Promise<PlacedEvent[]> {
  const { transactions, blockEvents } = await rpc.blockResults(height);
  const executed = transactions.filter(({ code }) => code === 0).flatMap((each) => each.events);
  return [...executed, ...blockEvents].map((event) => ({ height, event }));
}
