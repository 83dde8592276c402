/** The server as route plug-ins see it: Fastify, with requests and replies checked by zod schemas. */
import type { Logger } from "@r3mes/service";
import type {
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";

export type ApiServer = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  Logger,
  ZodTypeProvider
>;

/** A group of routes. It is registered under a prefix, in `createApi.ts` alone. */
export type RoutePlugin = (server: ApiServer) => Promise<void>;
