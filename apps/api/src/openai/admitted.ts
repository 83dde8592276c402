/** Who sent a request, and the headers that tell of limits. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Access, Caller, Scope } from "../access/access.ts";

export async function admitted(
  access: Pick<Access, "admit">,
  request: Pick<FastifyRequest, "headers" | "ip">,
  reply: Pick<FastifyReply, "header">,
  scope: Scope | null,
): Promise<Caller> {
  const { authorization } = request.headers;
  const caller = await access.admit({ authorization, address: request.ip }, scope);
  const { limit, remaining, resetS } = caller.rate;
  reply.header("x-ratelimit-limit-requests", String(limit));
  reply.header("x-ratelimit-remaining-requests", String(remaining));
  reply.header("x-ratelimit-reset-requests", `${resetS}s`);
  return caller;
}
