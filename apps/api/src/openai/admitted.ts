/** Who sent a request, and the headers that tell of limits. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Access, Caller, Scope } from "../access/access.ts";

const limitHeader = "x-ratelimit-limit-requests";
const remainingHeader = "x-ratelimit-remaining-requests";
const resetHeader = "x-ratelimit-reset-requests";

/** What a page of another origin may read of them, too. */
export const rateHeaders = [limitHeader, remainingHeader, resetHeader] as const;

export async function admitted(
  access: Pick<Access, "admit">,
  request: Pick<FastifyRequest, "headers" | "ip">,
  reply: Pick<FastifyReply, "header">,
  scope: Scope | null,
): Promise<Caller> {
  const { authorization } = request.headers;
  const caller = await access.admit({ authorization, address: request.ip }, scope);
  const { limit, remaining, resetS } = caller.rate;
  reply.header(limitHeader, String(limit));
  reply.header(remainingHeader, String(remaining));
  reply.header(resetHeader, `${resetS}s`);
  return caller;
}
