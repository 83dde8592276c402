/** An error reply where there is no request to answer: the one form of errors, written to the connection, which then closes. */
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { R3mesError } from "@r3mes/protocol";
import { bodyOf } from "./errorBody.ts";
import { meaningOf } from "./errorStatus.ts";

export interface Refusal {
  readonly error: R3mesError;
  readonly requestId: string;
  /** What the code means, unless it is said. */
  readonly status?: number;
}

export function refuseSocket(socket: Socket, { error, requestId, ...options }: Refusal): void {
  const status = options.status ?? meaningOf(error.code).status;
  const { retryAfterS } = error.facts;
  const body = JSON.stringify(bodyOf(error, requestId));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "content-type: application/json; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    ...(typeof retryAfterS === "number" ? [`retry-after: ${retryAfterS}`] : []),
    "connection: close",
  ];
  if (socket.writable) socket.write(`${head.join("\r\n")}\r\n\r\n${body}`);
  socket.destroySoon();
}

/** What Node's parser could not read: it says why by a code of its own. */
export function refusalOf(unread: Error & { readonly code?: string }): Omit<Refusal, "requestId"> {
  const invalid = (reason: string) => new R3mesError({ code: "REQUEST_INVALID", reason });
  switch (unread.code) {
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return { status: 408, error: invalid("it was not sent in time") };
    case "HPE_HEADER_OVERFLOW":
      return { status: 431, error: invalid("its head is too large") };
    default:
      return { error: invalid(unread.message) };
  }
}
