/**
 * Serves the repository's sources to a browser as they are: types stripped, imports of packages
 * rewritten to addresses (workers know no import maps). For tests; it binds to the loopback alone.
 */
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createRequire, stripTypeScriptTypes } from "node:module";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

export interface SourceServer {
  readonly origin: string;
  close(): Promise<void>;
}

export interface SourceServerOptions {
  /** Sends the headers that make a page cross-origin isolated, so that workers may share memory. */
  readonly isolated: boolean;
  /** The page at `/`. */
  readonly page: string;
}

const root = fileURLToPath(new URL("../../../../", import.meta.url));

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".ts": "text/javascript",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
  ".wgsl": "text/plain",
};

const ISOLATION = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

export async function serveSources(options: SourceServerOptions): Promise<SourceServer> {
  const server = createServer((request, response) => {
    const headers = options.isolated ? ISOLATION : {};
    const path = new URL(request.url!, "http://localhost").pathname;
    if (path === "/") {
      return void response
        .writeHead(200, { ...headers, "content-type": "text/html" })
        .end(options.page);
    }
    const type = CONTENT_TYPES[extname(path)];
    const body = type === undefined ? undefined : readSource(join(root, normalize(path)));
    if (body === undefined) return void response.writeHead(404, headers).end();
    response.writeHead(200, { ...headers, "content-type": type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, close: () => closeServer(server) };
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

function readSource(path: string): string | Uint8Array | undefined {
  try {
    const bytes = readFileSync(path);
    const type = extname(path);
    if (type === ".ts") return rewriteImports(path, stripTypeScriptTypes(bytes.toString()));
    return type === ".js" ? rewriteImports(path, bytes.toString()) : bytes;
  } catch {
    return undefined;
  }
}

/** Every import of a package becomes the address of its file; relative ones stay. */
function rewriteImports(path: string, code: string): string {
  const { resolve } = createRequire(path);
  return code.replace(
    /(\bfrom\s*|\bimport\s*\(?\s*)(["'])([^."'/][^"']*)\2/g,
    (whole, lead, _, name) => {
      try {
        return `${lead}"/${resolve(name).slice(root.length)}"`;
      } catch {
        return whole;
      }
    },
  );
}
