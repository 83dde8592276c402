/**
 * What every reply says to browsers: nothing here is framed by others, guessed at, or told to other sites. They are the same for all, so
 * that nothing is decided for each.
 */
import type { ApiServer } from "./apiServer.ts";

export const securityHeaders = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=31536000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "x-dns-prefetch-control": "off",
  "x-download-options": "noopen",
  "x-frame-options": "SAMEORIGIN",
  "x-permitted-cross-domain-policies": "none",
  "x-xss-protection": "0",
} as const;

export function addSecurityHeaders(server: ApiServer): void {
  server.addHook("onRequest", (_request, reply, next) => {
    reply.headers(securityHeaders);
    next();
  });
}
