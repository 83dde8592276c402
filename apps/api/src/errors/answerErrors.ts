/** Turns whatever a route throws into an error reply. A failure that nobody foresaw says nothing about the server's inside. */
import { R3mesError } from "@r3mes/protocol";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import type { ApiServer } from "../apiServer.ts";
import { bodyOf } from "./errorBody.ts";
import { meaningOf } from "./errorStatus.ts";

export function answerErrors(server: ApiServer): void {
  server.setErrorHandler(answerError);
  server.setNotFoundHandler((request, reply) => {
    const { pathname } = new URL(request.url, "http://localhost");
    reply.status(404).send(bodyOf(noRoute(request.method, pathname.slice(0, 256)), request.id));
  });
}

/** What today's OpenAI clients ask for first, and what this server has instead. */
const conversations = /^\/v1\/responses(\/|$)/;
const instead = "POST /v1/chat/completions";

function noRoute(method: string, path: string): R3mesError {
  return conversations.test(path)
    ? new R3mesError({ code: "ROUTE_NOT_SERVED", path, instead })
    : new R3mesError({ code: "ROUTE_UNKNOWN", method, path });
}

/** Also what is wrong with an address before any route is found, of which no hook hears. */
export function answerError(
  thrown: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const error = toR3mesError(thrown);
  const { status } = meaningOf(error.code);
  if (status >= 500) request.log.error({ error: thrown, request: request.id }, "request failed");
  const waitS = error.facts.retryAfterS;
  if (typeof waitS === "number") reply.header("retry-after", String(waitS));
  reply.header("x-request-id", request.id).status(status).send(bodyOf(error, request.id));
}

export function toR3mesError(thrown: unknown): R3mesError {
  if (thrown instanceof R3mesError) return thrown;
  const error = thrown as FastifyError;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const [issue] = error.validation;
    const field = issue?.instancePath.split("/").filter(Boolean).join(".") ?? "";
    const found = issue?.message ?? error.message;
    if (field === "")
      return new R3mesError({ code: "REQUEST_INVALID", reason: found }, { cause: thrown });
    if (isUnsupported(issue?.params))
      return new R3mesError({ code: "FIELD_UNSUPPORTED", field, reason: found }, { cause: thrown });
    const reason = `${field}: ${found}`;
    return new R3mesError({ code: "REQUEST_INVALID", reason, field }, { cause: thrown });
  }
  if (error.statusCode === 413) {
    return new R3mesError({ code: "REQUEST_TOO_LARGE" }, { cause: thrown });
  }
  // What Fastify itself refuses, such as malformed JSON or an unknown content type.
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return new R3mesError({ code: "REQUEST_INVALID", reason: error.message }, { cause: thrown });
  }
  if (isUnstorableText(error)) {
    const reason = "text must not hold the character zero";
    return new R3mesError({ code: "REQUEST_INVALID", reason }, { cause: thrown });
  }
  return new R3mesError({ code: "UNEXPECTED", reason: "the server failed" }, { cause: thrown });
}

/** As the schemas of requests mark what they know and cannot do. */
function isUnsupported(issue: { readonly params?: unknown } | undefined): boolean {
  return (issue?.params as { readonly unsupported?: boolean } | undefined)?.unsupported === true;
}

/** PostgreSQL takes no character zero in text (SQLSTATE 22021, character_not_in_repertoire), be it to keep or to look for. */
function isUnstorableText({ cause }: Error): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "22021";
}
