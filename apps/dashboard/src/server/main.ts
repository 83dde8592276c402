/** The process of the dashboard: `node main.ts <folder>`, where the folder holds config.toml. */
import { join, resolve } from "node:path";
import {
  createLogger,
  createShutdown,
  type LogLevel,
  loadConfig,
  logLevels,
  runToEnd,
  systemClock,
} from "@r3mes/service";
import { z } from "zod";
import { createServer } from "./createServer.ts";

const settings = z.object({
  log: z.object({ level: z.enum(logLevels).default("info") }).prefault({}),
  http: z
    .object({
      host: z.string().default("127.0.0.1").describe("Address to listen on."),
      port: z.number().int().min(0).max(65_535).default(3_000).describe("Port to listen on."),
    })
    .prefault({}),
  api: z
    .object({
      url: z.url().default("http://127.0.0.1:8080").describe("Origin of the API."),
      localKeyFile: z
        .string()
        .optional()
        .describe("File with the key that pages of this machine may use; for local networks."),
    })
    .prefault({}),
});

const pages = resolve(import.meta.dirname, "../../out");
const closeWithinMs = 5_000;

await runToEnd(async () => {
  const folder = resolve(process.argv[2] ?? ".");
  const { values } = loadConfig(settings, { file: join(folder, "config.toml"), env: process.env });
  await serve(values);
});

async function serve({ log: { level }, http, api }: z.output<typeof settings>): Promise<void> {
  const log = createLogger(
    { name: "dashboard", level: level as LogLevel, format: "auto" },
    { stream: process.stdout, clock: systemClock },
  );
  const shutdown = createShutdown({
    clock: systemClock,
    signals: process,
    forceExit: (code) => process.exit(code),
  });
  const { localKeyFile } = api;
  const server = await createServer({ pages, api: api.url, localKeyFile }, { log });
  shutdown.add({ name: "http", deadlineMs: closeWithinMs, run: () => server.close() });
  const address = await server.listen({ host: http.host, port: http.port });
  log.info({ address, api: api.url }, "pages are served");
  await shutdown.done;
  shutdown.dispose();
}
