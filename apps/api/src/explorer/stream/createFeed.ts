/**
 * Network events as they are indexed, to as many listeners as there are: each block is read from the database once. A listener that
 * begins in the past, or falls behind, reads on from the tables, so none misses or repeats an event.
 */
import { chain, type Database } from "@r3mes/database";
import { channel } from "@r3mes/history";
import type { Logger } from "@r3mes/service";
import { and, asc, gt, lte } from "drizzle-orm";
import { type ChangeLog, createChangeLog } from "../createChangeLog.ts";
import { blockEvent, type EventPlace, type NetworkEvent } from "../networkEvent.ts";
import { eventRecord } from "../records.ts";
import { recordsReader, select } from "../writtenJson.ts";

export interface Feed {
  /** Height of the last block that listeners can have. */
  readonly height: () => number;
  /** Which tables changed on the way to it. */
  readonly changes: Pick<ChangeLog, "now" | "isSince">;
  /** Events after a place, or from now on; ends with the signal. */
  follow(after: EventPlace | undefined, signal: AbortSignal): AsyncGenerator<NetworkEvent>;
  close(): Promise<void>;
}

const { blocks, events, cursor } = chain;
/** Blocks that are kept for listeners who are up to date. */
const recentMax = 64;
/** Blocks that one read of the tables takes. */
const readMax = 64;

export async function createFeed(database: Database, log: Pick<Logger, "warn">): Promise<Feed> {
  const recent = new Map<number, readonly NetworkEvent[]>();
  const waiting = new Set<() => void>();
  const changes = createChangeLog();
  let height = await readHeight(database);
  let reading: Promise<void> = Promise.resolve();
  const stop = await database.listen(channel, (text) => {
    changes.hear(text);
    reading = reading.then(advance).catch((error: unknown) => {
      // What could not be read now is read with the next block.
      log.warn({ error }, "network events are late");
    });
  });

  async function advance(): Promise<void> {
    const latest = await readHeight(database);
    // The tables were emptied: whoever listens begins again where they begin.
    if (latest < height) recent.clear();
    const from = Math.max(Math.min(height, latest), latest - recentMax);
    for (const [at, happened] of await readBlocks(database, from, latest)) recent.set(at, happened);
    for (const at of recent.keys()) if (at <= latest - recentMax) recent.delete(at);
    changes.advance(height, latest);
    height = latest;
    for (const wake of waiting) wake();
  }

  /**
   * Blocks from a height on, one array each, none above the feed's own height: until that has advanced, replies of before are kept, and
   * a listener that asked for news would be given old ones.
   */
  async function eventsFrom(from: number): Promise<readonly (readonly NetworkEvent[])[]> {
    const known = recent.get(from);
    if (known !== undefined) return [known];
    return [...(await readBlocks(database, from - 1, Math.min(from + readMax, height))).values()];
  }

  return {
    height: () => height,
    changes,
    async *follow(after, signal) {
      let last = after ?? { height, index: Number.MAX_SAFE_INTEGER };
      for (;;) {
        while (last.height > height && !signal.aborted) await change(waiting, signal);
        if (signal.aborted) return;
        // A block is written whole, so one that is in the tables has no event to come.
        const found = await eventsFrom(last.height);
        for (const event of found.flat()) {
          if (!comesAfter(event, last)) continue;
          yield event;
          if (signal.aborted) return;
        }
        last = { height: last.height + Math.max(found.length, 1), index: -1 };
      }
    },
    async close() {
      await stop();
      await reading;
    },
  };
}

function comesAfter({ height, index }: NetworkEvent, place: EventPlace): boolean {
  return height > place.height || (height === place.height && index > place.index);
}

function change(waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      waiting.delete(wake);
      signal.removeEventListener("abort", wake);
      resolve();
    };
    waiting.add(wake);
    signal.addEventListener("abort", wake);
  });
}

async function readHeight({ sql }: Database): Promise<number> {
  const [at] = await sql.select({ height: cursor.height }).from(cursor);
  return at?.height ?? 0;
}

const readEvents = recordsReader(["after", "last"], ({ after, last }) =>
  select(eventRecord)
    .from(events)
    .where(and(gt(events.height, after), lte(events.height, last)))
    .orderBy(asc(events.height), asc(events.index)),
);

/** Events of the blocks above `after` up to `last`, by height, each block after what happened in it. */
async function readBlocks(
  { sql }: Database,
  after: number,
  last: number,
): Promise<ReadonlyMap<number, readonly NetworkEvent[]>> {
  const made = await sql
    .select()
    .from(blocks)
    .where(and(gt(blocks.height, after), lte(blocks.height, last)))
    .orderBy(asc(blocks.height));
  const byHeight = new Map(made.map(({ height }) => [height, [] as NetworkEvent[]]));
  for (const text of await readEvents(sql, { after, last })) {
    const event = JSON.parse(text) as NetworkEvent;
    byHeight.get(event.height)?.push(event);
  }
  for (const block of made) byHeight.get(block.height)?.push(blockEvent(block));
  return byHeight;
}
