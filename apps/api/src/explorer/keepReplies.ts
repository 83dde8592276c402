/**
 * Keeps what was read until a table changes that it was read from: a reply of the explorer is a function of those tables alone. What
 * depends on more (the node, the store) says so with `cache-control` and is not kept.
 */
import type { Database } from "@r3mes/database";
import type { FastifyRequest } from "fastify";
import type { ApiServer } from "../apiServer.ts";
import type { ChangeLog } from "./createChangeLog.ts";

export interface KeepRepliesDeps {
  readonly database: Pick<Database, "watchReads">;
  readonly changes: Pick<ChangeLog, "now" | "isSince">;
  /** The block that the tables stand at. */
  readonly height: () => number;
}

/** Replies and bytes that are kept; those that nobody asked for longest make room. */
const repliesMax = 2_000;
const bytesMax = 64 << 20;

interface Reading {
  readonly since: number;
  readonly tables: Set<string>;
}

interface Kept extends Reading {
  readonly text: string;
}

export function keepReplies(server: ApiServer, deps: KeepRepliesDeps): void {
  const { database, changes, height } = deps;
  /** Oldest use first: a map keeps the order of insertion. */
  const kept = new Map<string, Kept>();
  const readings = new WeakMap<FastifyRequest, Reading>();
  let keptBytes = 0;

  function forget(url: string): void {
    keptBytes -= kept.get(url)?.text.length ?? 0;
    kept.delete(url);
  }

  function keep(url: string, reply: Kept): void {
    forget(url);
    kept.set(url, reply);
    keptBytes += reply.text.length;
    for (const oldest of kept.keys()) {
      if (kept.size <= repliesMax && keptBytes <= bytesMax) return;
      forget(oldest);
    }
  }

  server.addHook("preValidation", (request, reply, next) => {
    reply.header("x-indexed-height", height());
    if (request.method !== "GET") return next();
    const known = kept.get(request.url);
    if (known !== undefined && changes.isSince(known.since, known.tables)) {
      kept.delete(request.url);
      kept.set(request.url, known);
      reply.type("application/json; charset=utf-8").send(known.text);
      return;
    }
    const reading = { since: changes.now(), tables: new Set<string>() };
    readings.set(request, reading);
    database.watchReads(reading.tables, next);
  });

  server.addHook("onSend", async (request, reply, payload) => {
    const reading = readings.get(request);
    const isKept =
      reading !== undefined &&
      reply.statusCode === 200 &&
      typeof payload === "string" &&
      !reply.hasHeader("cache-control") &&
      // What was read from no table may change with anything.
      reading.tables.size > 0 &&
      changes.isSince(reading.since, reading.tables);
    if (isKept) keep(request.url, { ...reading, text: payload });
    return payload;
  });
}
