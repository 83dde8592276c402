/**
 * A route of which the reply is JSON that the database wrote. It is sent as it is: the schema is what the document says of it, and tests
 * hold every reply against it.
 */
import type { z } from "zod";
import type { ApiServer } from "../apiServer.ts";

export type ReadSchema<Params, Query> = {
  readonly summary: string;
  readonly params?: z.ZodType<Params>;
  readonly query?: z.ZodType<Query>;
  readonly reply: z.ZodType;
};

export function addRead<Params = object, Query = object>(
  server: ApiServer,
  url: string,
  { summary, params, query, reply: record }: ReadSchema<Params, Query>,
  read: (asked: { readonly params: Params; readonly query: Query }) => Promise<string>,
): void {
  const schema = {
    ...{ tags: ["explorer"], summary, response: { 200: record } },
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { querystring: query }),
  };
  server.get(url, { schema }, async (request, reply) => {
    // What the schemas have checked.
    const asked = request as { readonly params: Params; readonly query: Query };
    return reply.type("application/json; charset=utf-8").send(await read(asked));
  });
}
