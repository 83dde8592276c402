/**
 * Serves the built pages and passes what they ask on to the API, so that a browser knows one origin.
 * Holds no data and no secret but, on a local network, the local key.
 */
import proxy from "@fastify/http-proxy";
import files from "@fastify/static";
import { R3mesError } from "@r3mes/protocol";
import { healthPaths, type Logger } from "@r3mes/service";
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  LogController,
} from "fastify";
import { keyReader, withLocalKey } from "./localKey.ts";
import { readPolicies } from "./readPolicies.ts";

export type ServerOptions = {
  /** Folder of the built pages. */
  readonly pages: string;
  /** Origin of the API, such as `http://127.0.0.1:8080`. */
  readonly api: string;
  /** File with the key of this installation. */
  readonly localKeyFile?: string | undefined;
};

export type ServerDeps = { readonly log: Logger };

/** Paths of the API that a page may need. */
const passedOn = ["/v1", "/explorer", "/docs", "/openapi.json"] as const;

/** A prompt may wait for its turn. */
const answerWithinMs = 300_000;

const isolation = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
} as const;

export async function createServer(
  options: ServerOptions,
  { log }: ServerDeps,
): Promise<FastifyInstance> {
  const policies = readPolicies(options.pages);
  const server = fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
  });
  const readKey = keyReader(options.localKeyFile);
  for (const prefix of passedOn) {
    await server.register(proxy, {
      upstream: options.api,
      prefix,
      rewritePrefix: prefix,
      websocket: true,
      undici: { bodyTimeout: 0, headersTimeout: answerWithinMs },
      replyOptions: {
        rewriteRequestHeaders: (_request, headers) => withLocalKey(headers, readKey),
        onError: (reply, { error }) => void answerUnreachable(reply as FastifyReply, error),
      },
    });
  }
  await server.register(files, {
    root: options.pages,
    preCompressed: true,
    // The text files beside the pages are what the framework fetches when one goes from page to page.
    setHeaders: (reply, path) => {
      const name = path.slice(options.pages.length + 1).replace(/\.gz$/, "");
      for (const [header, value] of Object.entries(isolation)) reply.header(header, value);
      const policy = policies.get(name);
      if (policy !== undefined) reply.header("content-security-policy", policy);
      const forever = name.startsWith("_next/static/");
      reply.header("cache-control", forever ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
  // Beside each page lies a folder of the same name, so a page's plain name is a route of its own.
  for (const page of policies.keys()) {
    const name = page.replace(/\.html$/, "");
    if (name !== "index") server.get(`/${name}`, (_request, reply) => reply.sendFile(page));
  }
  server.get(healthPaths.live, async () => ({ status: "ok" }));
  server.get(healthPaths.ready, async () => ({ status: "ok" }));
  server.setNotFoundHandler((_request, reply) => reply.code(404).sendFile("404.html"));
  return server;
}

/** The API's own form of an error, so that the page reads one form. */
function answerUnreachable(reply: FastifyReply, cause: Error): FastifyReply {
  const error = new R3mesError({ code: "API_UNREACHABLE", reason: cause.message });
  reply.log.warn({ reason: cause.message }, "the API does not answer");
  return reply.code(503).send({
    error: {
      message: error.message,
      type: "api_error",
      code: "service_unavailable",
      param: null,
      r3mes_code: error.code,
      hint: error.next,
      request_id: reply.request.id,
    },
  });
}
