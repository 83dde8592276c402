import { expect, test } from "vitest";
import type { NetworkEvent } from "../api/records.ts";
import { followEvents } from "./followEvents.ts";
import { type FreshnessFacts, freshness } from "./freshness.ts";

const fresh: FreshnessFacts = {
  connected: true,
  lostAtMs: null,
  quietSinceMs: 100_000,
  lagBlocks: 0,
  nowMs: 101_000,
};

test("a page is live while blocks come, and says why when it is not", () => {
  expect(freshness(fresh)).toEqual({ state: "live", reason: null });
  expect(freshness({ ...fresh, lagBlocks: 11 }).state).toBe("behind");
  expect(freshness({ ...fresh, nowMs: 140_000 }).reason).toContain("no block has come");
});

test("a stream that was just lost is given time before the page is called stale", () => {
  const lost = { ...fresh, connected: false, lostAtMs: 100_000 };
  expect(freshness(lost).state).toBe("connecting");
  expect(freshness({ ...lost, nowMs: 105_000 }).state).toBe("stale");
});

/** As much of an EventSource as is used, driven by the test. */
class Stream extends EventTarget {
  readyState = 1;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  readonly url: string;
  constructor(url: string) {
    super();
    this.url = url;
  }
  close() {
    this.readyState = 2;
  }
  say(kind: string, data: string) {
    this.dispatchEvent(Object.assign(new Event(kind), { data }));
  }
}

function follow() {
  const streams: Stream[] = [];
  const heard: string[] = [];
  const waiting: (() => void)[] = [];
  let lost = 0;
  const end = followEvents(
    "/stream",
    {
      onOpen: () => {},
      onLost: () => {
        lost += 1;
      },
      onEvent: (event) => heard.push(event.id),
    },
    {
      openStream: (url) => {
        const stream = new Stream(url);
        streams.push(stream);
        return stream as unknown as EventSource;
      },
      wait: (_ms, then) => {
        waiting.push(then);
        return () => waiting.splice(0);
      },
    },
  );
  return { streams, heard, waiting, end, lost: () => lost };
}

const event = (id: string) => JSON.stringify({ id } satisfies Pick<NetworkEvent, "id">);

test("a stream that breaks is begun anew from now, for its last event may be of a chain that is gone", () => {
  const { streams, heard, waiting, lost } = follow();
  streams[0]!.say("chunk", event("7-1"));
  streams[0]!.say("block", "no JSON");
  streams[0]!.readyState = 0;
  streams[0]!.onerror?.();
  expect(streams[0]!.readyState).toBe(2);
  waiting.pop()?.();
  expect(streams[1]!.url).toBe("/stream");
  streams[1]!.say("block", event("1-0"));
  expect(heard).toEqual(["7-1", "1-0"]);
  expect(lost()).toBe(1);
});

test("a stream that was ended is closed, and one that was to begin anew does not", () => {
  const open = follow();
  open.end();
  expect(open.streams[0]!.readyState).toBe(2);
  const broken = follow();
  broken.streams[0]!.onerror?.();
  broken.end();
  expect(broken.waiting).toHaveLength(0);
});
