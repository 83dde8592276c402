/**
 * The status of a process as it changes, over a WebSocket of its server at `/events`: one JSON text when somebody comes, and one for each
 * change. A page of any site may open a socket to this machine, so that whoever asks has to know the token of the process.
 */
import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";

export interface StatusStreamOptions {
  /** Sent as `Authorization: Bearer …`, or as `?token=…` where a client cannot set headers. */
  readonly token: string;
}

export interface StatusStreamDeps {
  /** The status now, as JSON text. */
  readonly text: () => string;
  /** Calls back after each change, until the function that it returns is called. */
  readonly subscribe: (listener: () => void) => () => void;
}

const clientsMax = 16;
/** Nobody has anything to say to a status. */
const messageBytesMax = 1_024;
/** Whoever reads more slowly than this is let go. */
const unsentBytesMax = 1 << 20;

/** Answers upgrades of `server`. Returns what ends it, with all of its clients. */
export function streamStatus(
  server: Server,
  { token }: StatusStreamOptions,
  { text, subscribe }: StatusStreamDeps,
): () => void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: messageBytesMax });
  const send = (socket: WebSocket) => {
    if (socket.bufferedAmount > unsentBytesMax) socket.terminate();
    else socket.send(text());
  };
  const unsubscribe = subscribe(() => {
    for (const socket of sockets.clients) send(socket);
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refused = refusal(request, token, sockets.clients.size);
    if (refused !== undefined) return refuse(socket, refused);
    sockets.handleUpgrade(request, socket, head, (opened) => {
      opened.on("error", () => opened.terminate());
      send(opened);
    });
  });
  return () => {
    unsubscribe();
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
  };
}

/** The server no longer looks after a socket that asked for an upgrade: neither a reset nor one left half open may harm it. */
function refuse(socket: Duplex, status: string): void {
  socket.on("error", () => socket.destroy());
  socket.once("finish", () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
}

function refusal(
  { url = "/", headers }: IncomingMessage,
  token: string,
  clients: number,
): string | undefined {
  // What a stranger sends as a path need not be one.
  const asked = URL.parse(url, "http://localhost");
  if (asked?.pathname !== "/events") return "404 Not Found";
  const given =
    /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1] ?? asked.searchParams.get("token");
  if (!isEqual(given ?? "", token)) return "401 Unauthorized";
  return clients >= clientsMax ? "503 Service Unavailable" : undefined;
}

function isEqual(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}
