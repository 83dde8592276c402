/**
 * Of one network address at most so many connections are open at once: one client does not take all that there are. It must not know
 * what is said over them.
 */
import type { Server, Socket } from "node:net";
import { networkOf } from "./networkOf.ts";

export interface BoundConnectionsOptions {
  /** Of one address. */
  readonly connectionsMax: number;
  /** Whose connections are not counted: many people may be behind such an address. */
  readonly isFree: (address: string) => boolean;
}

/** @param refuse closes a connection that is one too many */
export function boundConnections(
  server: Pick<Server, "on">,
  { connectionsMax, isFree }: BoundConnectionsOptions,
  refuse: (socket: Socket) => void,
): void {
  const open = new Map<string, number>();
  server.on("connection", (socket: Socket) => {
    const address = socket.remoteAddress ?? "";
    if (isFree(address)) return;
    const network = networkOf(address);
    const others = open.get(network) ?? 0;
    if (others >= connectionsMax) return refuse(socket);
    open.set(network, others + 1);
    socket.once("close", () => {
      const left = open.get(network)! - 1;
      if (left === 0) open.delete(network);
      else open.set(network, left);
    });
  });
}
