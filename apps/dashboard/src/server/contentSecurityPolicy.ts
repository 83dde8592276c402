/**
 * What a page of ours may do: load from its own origin and nowhere else. The framework writes its
 * data into inline scripts, so each of those is named by its hash; no other inline script runs.
 */
import { createHash } from "node:crypto";

const inlineScript = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g;

/** `html` is the page as it will be sent. */
export function contentSecurityPolicy(html: string): string {
  const hashes = new Set(
    [...html.matchAll(inlineScript)].map(
      ([, code = ""]) => `'sha256-${createHash("sha256").update(code).digest("base64")}'`,
    ),
  );
  return [
    "default-src 'none'",
    // The engine is WebAssembly; nothing else is compiled from data.
    ["script-src 'self' 'wasm-unsafe-eval'", ...hashes].join(" "),
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
