/**
 * The HTTP server: limits, errors, request ids, the OpenAPI document, and every route plug-in, each registered here and nowhere
 * else. It opens nothing itself: what routes need is handed to their plug-ins by `main.ts`.
 */
import { randomUUID } from "node:crypto";
import cors from "@fastify/cors";
import websocket from "@fastify/websocket";
import { R3mesError } from "@r3mes/protocol";
import type { Logger, Metrics } from "@r3mes/service";
import Fastify, { LogController } from "fastify";
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from "fastify-type-provider-zod";
import { acceptEmptyBodies } from "./acceptEmptyBodies.ts";
import { boundConnections } from "./access/boundConnections.ts";
import { inRanges, isThisMachine } from "./access/inRanges.ts";
import type { ApiOptions } from "./apiOptions.ts";
import type { ApiServer, RoutePlugin } from "./apiServer.ts";
import { answerError, answerErrors } from "./errors/answerErrors.ts";
import { refusalOf, refuseSocket } from "./errors/refuseSocket.ts";
import { addOpenApi } from "./openApi.ts";
import { rateHeaders } from "./openai/admitted.ts";
import { countReplies } from "./operations/countReplies.ts";
import { addSecurityHeaders } from "./securityHeaders.ts";

export interface ApiDeps {
  readonly log: Logger;
  /** Where replies are counted. */
  readonly metrics?: Metrics;
  /** Health, readiness, metrics. */
  readonly operations: RoutePlugin;
  /** `/v1`: models, chat, completions, embeddings. */
  readonly openai: RoutePlugin;
  /** `/v1`: keys and credit. */
  readonly accounts?: RoutePlugin;
  /** `/v1`: accounts by the signature of a wallet. */
  readonly signIn?: RoutePlugin;
  /** `/v1`: tokens of a development or test chain. */
  readonly faucet?: RoutePlugin;
  /** `/explorer/v1`: the chain's history, and its events. */
  readonly explorer?: RoutePlugin;
}

/** @returns a server that does not listen yet, with every plug-in loaded */
export async function createApi(options: ApiOptions, deps: ApiDeps): Promise<ApiServer> {
  const server: ApiServer = Fastify({
    loggerInstance: deps.log,
    logController: new LogController({ disableRequestLogging: true }),
    // A line about a request names it itself: a logger of its own for each costs more than finding its route.
    childLoggerFactory: (log) => log,
    bodyLimit: options.bodyBytesMax,
    // Whoever else claims to speak for another address would have as many rates as it likes.
    trustProxy: options.trustedProxies.length === 0 ? false : [...options.trustedProxies],
    requestTimeout: options.requestTimeoutMs,
    http: {
      headersTimeout: options.headersTimeoutMs,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: 16 << 10,
    },
    // Ten seconds, which it is unless said, are too few to read what the documentation needs on a machine that is busy.
    pluginTimeout: 120_000,
    frameworkErrors: answerError,
    clientErrorHandler(error, socket) {
      // There is nobody to tell.
      if (error.code === "ECONNRESET" || socket.destroyed) return;
      refuseSocket(socket, { ...refusalOf(error), requestId: requestId() });
    },
    genReqId: requestId,
    routerOptions: { maxParamLength: 256 },
    // A stream in flight may end well; a client that merely keeps its connection does not hold up the end.
    forceCloseConnections: "idle",
  }).withTypeProvider<ZodTypeProvider>();
  server.server.maxConnections = options.connectionsMax;
  boundAddresses(server, options);
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  acceptEmptyBodies(server);
  answerErrors(server);
  if (deps.metrics !== undefined) countReplies(server, deps.metrics);
  server.addHook("onRequest", (request, reply, next) => {
    reply.header("x-request-id", request.id);
    next();
  });
  addSecurityHeaders(server);
  await server.register(cors, {
    origin: [...options.origins],
    methods: ["GET", "HEAD", "POST", "DELETE"],
    exposedHeaders: ["x-request-id", "x-r3mes-ignored", "retry-after", ...rateHeaders],
  });
  await server.register(websocket, { options: { maxPayload: 16 << 10 } });
  await addOpenApi(server);
  await registerRoutes(server, deps);
  await server.ready();
  return server;
}

const requestId = () => `req_${randomUUID().replaceAll("-", "")}`;

/** When some connection of whoever has too many may have ended. */
const connectionsRetryS = 10;

function boundAddresses({ server }: ApiServer, options: ApiOptions): void {
  const limit = options.connectionsMaxOfAddress;
  const isProxy = inRanges(options.trustedProxies);
  const isFree = (address: string) => isThisMachine(address) || isProxy(address);
  boundConnections(server, { connectionsMax: limit, isFree }, (socket) => {
    const facts = { limit, retryAfterS: connectionsRetryS };
    const error = new R3mesError({ code: "CONNECTIONS_TOO_MANY", ...facts });
    refuseSocket(socket, { error, requestId: requestId() });
  });
}

async function registerRoutes(server: ApiServer, deps: ApiDeps): Promise<void> {
  await server.register(deps.operations);
  await server.register(deps.openai, { prefix: "/v1" });
  for (const routes of [deps.accounts, deps.signIn, deps.faucet]) {
    if (routes !== undefined) await server.register(routes, { prefix: "/v1" });
  }
  if (deps.explorer !== undefined) await server.register(deps.explorer, { prefix: "/explorer/v1" });
}
