/**
 * On one's own machine the playground needs no key of its own: the server of the pages adds the local
 * one to their requests. It does so only for a page of its own that was opened by a loopback name, so
 * that no other site, and no name that was bent to this address, can spend it.
 */
import { readFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";

const loopback = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/** The headers to send on: with the local key, if these are headers of our own page without a key. */
export function withLocalKey(
  headers: IncomingHttpHeaders,
  readKey: () => string | null,
): IncomingHttpHeaders {
  if (headers.authorization !== undefined) return headers;
  if (headers["sec-fetch-site"] !== "same-origin") return headers;
  if (!loopback.test(headers.host ?? "")) return headers;
  const key = readKey();
  return key === null ? headers : { ...headers, authorization: `Bearer ${key}` };
}

/** Reads the key anew each time: it may be made after this process has begun. */
export function keyReader(file: string | undefined): () => string | null {
  return () => {
    if (file === undefined) return null;
    try {
      return readFileSync(file, "utf8").trim();
    } catch {
      return null;
    }
  };
}
