"use client";
/** Keeps one stream of events per page and renews the queries that an event concerns, at most every two seconds. */
import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { explorer } from "../api/explorer.ts";
import { isFarList } from "../api/farList.ts";
import type { EventKind } from "../api/records.ts";
import { followEvents } from "./followEvents.ts";

export type Live = {
  readonly connected: boolean;
  readonly lostAtMs: number | null;
  /** Height of the newest block that this page heard of; null before the first. */
  readonly height: number | null;
  /** When the newest block came, or the stream opened; null before either. */
  readonly quietSinceMs: number | null;
  /** Seconds between the last blocks; null until two have come. */
  readonly blockSeconds: number | null;
};

const nothingYet: Live = {
  connected: false,
  lostAtMs: null,
  height: null,
  quietSinceMs: null,
  blockSeconds: null,
};
const LiveContext = createContext<Live>(nothingYet);
const renewEveryMs = 2_000;

export function useLive(): Live {
  return useContext(LiveContext);
}

export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient();
  const [live, setLive] = useState(nothingYet);

  useEffect(() => {
    const changed = new Set<EventKind>();
    let blockTimeMs: number | null = null;
    let newestHeight = 0;
    const renewal = setInterval(() => {
      if (changed.size === 0) return;
      const kinds = new Set(changed);
      changed.clear();
      void client.invalidateQueries({
        predicate: ({ meta, state }) =>
          !isFarList(state.data) &&
          ((meta?.kinds ?? []) as readonly EventKind[]).some((kind) => kinds.has(kind)),
      });
    }, renewEveryMs);
    setLive((before) => ({ ...before, lostAtMs: Date.now() }));
    const end = followEvents(
      `${explorer}/stream`,
      {
        onOpen: () => {
          // What came while the stream was away is no measure of the time between two blocks.
          blockTimeMs = null;
          setLive((before) => ({
            ...before,
            connected: true,
            lostAtMs: null,
            quietSinceMs: Date.now(),
          }));
          void client.invalidateQueries({ predicate: ({ state }) => !isFarList(state.data) });
        },
        onLost: () =>
          setLive((before) => ({
            ...before,
            connected: false,
            lostAtMs: before.connected ? Date.now() : (before.lostAtMs ?? Date.now()),
          })),
        onEvent: (event) => {
          changed.add(event.kind);
          if (event.kind !== "block") return;
          const seconds = blockTimeMs === null ? null : (event.timeMs - blockTimeMs) / 1000;
          blockTimeMs = event.timeMs;
          // A chain that was begun anew has another history.
          if (event.height < newestHeight) void client.resetQueries();
          newestHeight = event.height;
          setLive((before) => ({
            ...before,
            height: event.height,
            quietSinceMs: Date.now(),
            blockSeconds: seconds ?? before.blockSeconds,
          }));
        },
      },
      {
        openStream: (url) => new EventSource(url),
        wait: (ms, then) => {
          const timer = setTimeout(then, ms);
          return () => clearTimeout(timer);
        },
      },
    );
    return () => {
      clearInterval(renewal);
      end();
    };
  }, [client]);

  return <LiveContext value={live}>{children}</LiveContext>;
}
