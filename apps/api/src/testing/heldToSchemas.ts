/** Routes of which every JSON reply is held against its schema: it has all of its parts, and none besides. A reply that differs is a 500. */
import { deepStrictEqual } from "node:assert/strict";
import { z } from "zod";
import type { RoutePlugin } from "../apiServer.ts";

export function heldToSchemas(routes: RoutePlugin): RoutePlugin {
  return async (server) => {
    server.addHook("onSend", async (request, reply, payload) => {
      const schemas = request.routeOptions.schema?.response as Record<number, unknown> | undefined;
      const schema = schemas?.[reply.statusCode];
      const isJson = String(reply.getHeader("content-type")).startsWith("application/json");
      if (!(schema instanceof z.ZodType) || !isJson) return payload;
      const said: unknown = JSON.parse(String(payload));
      deepStrictEqual(schema.parse(said), said);
      return payload;
    });
    await routes(server);
  };
}
