/// <reference path="./xsalsa20.d.ts" />
/**
 * The cipher of a private swarm (xsalsa20 1.2.0) keeps one memory for all connections, and takes a connection's view of it for too
 * small whenever another one has made it grow: with two connections it grows at every message until the process dies. A memory that
 * is large enough from the start never grows.
 */
import XSalsa20 from "xsalsa20";

/** Twice a message of bitswap, which is the largest thing that is sent at once. */
const messageBytesMax = 8 * 2 ** 20;

let isReserved = false;

/** To be called before the first connection of this process. */
export function reserveCipherMemory(): void {
  if (isReserved) return;
  isReserved = true;
  const cipher = new XSalsa20(new Uint8Array(24), new Uint8Array(32));
  cipher.update(new Uint8Array(messageBytesMax));
  cipher.finalize();
}
