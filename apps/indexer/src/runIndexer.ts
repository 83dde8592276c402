/**
 * The indexer as a process: a node, a PostgreSQL database, health and metrics. What a block becomes is `@r3mes/history`'s to say. It ends
 * when its index cannot go on, so that whoever supervises it sees why and starts it again.
 */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type ChainRpc, connectRpc } from "@r3mes/chain-client";
import { openDatabase } from "@r3mes/database";
import { createIndexer, emptyChain, type IndexedBlock, measureIndex } from "@r3mes/history";
import { R3mesError } from "@r3mes/protocol";
import {
  type Closing,
  createHealth,
  createLogger,
  createMetrics,
  createShutdown,
  type Health,
  healthPaths,
  interruptible,
  type Logger,
  type Metrics,
  type Shutdown,
  systemClock,
} from "@r3mes/service";
import type { IndexerSettings } from "./indexerSettings.ts";

export interface RunningIndexer {
  /** Where health and metrics are. */
  readonly url: string;
  readonly shutdown: Shutdown;
  /** Resolves when the process was asked to end; rejects when the index cannot go on. */
  readonly done: Promise<void>;
}

const checkWithinMs = 2_000;

/** Rejects with an AbortError where it is asked to end while it opens. */
export async function runIndexer(settings: IndexerSettings): Promise<RunningIndexer> {
  const { url } = settings.database;
  if (url === undefined) {
    throw new R3mesError({
      code: "CONFIG_INVALID",
      key: "database.url",
      origin: "default",
      reason: "the indexer needs PostgreSQL; with PGlite the API indexes by itself",
    });
  }
  const log = createLogger(
    { name: "indexer", level: settings.log.level, format: "json", secrets: [url] },
    { stream: process.stdout, clock: systemClock },
  );
  const shutdown = createShutdown({
    clock: systemClock,
    signals: process,
    forceExit: process.exit,
  });
  return interruptible(shutdown, (closing) =>
    openAll({ settings, url: url.reveal(), log, shutdown, closing }),
  );
}

interface Opening {
  readonly settings: IndexerSettings;
  /** Of the database. */
  readonly url: string;
  readonly log: Logger;
  readonly shutdown: Shutdown;
  readonly closing: Closing;
}

async function openAll({
  settings,
  url,
  log,
  shutdown,
  closing,
}: Opening): Promise<RunningIndexer> {
  const database = await openDatabase({ url });
  closing("database", database.close);
  if (settings.indexer.rebuild) await emptyChain(database);
  const rpc = await connectRpc(settings.chain.rpc);
  closing("node", rpc.close);
  const metrics = createMetrics({ process: "indexer" });
  const watch = watchLag(settings, rpc, metrics);
  const server = await serve(settings, watch.health, metrics);
  closing("http", server.close);
  const indexer = createIndexer(
    { pollMs: settings.indexer.pollMs },
    { rpc, database, sleep: systemClock.sleep, log, onBlock: watch.onBlock },
  );
  const done = indexer.run(shutdown.signal);
  closing("index", () => done.catch(() => undefined));
  return { url: server.url, shutdown, done };
}

/** How far the index is behind the node, as metrics and as readiness. */
function watchLag(
  { indexer: { lagBlocksMax } }: IndexerSettings,
  rpc: Pick<ChainRpc, "status">,
  metrics: Metrics,
) {
  const measure = measureIndex(metrics, systemClock);
  let height = 0;
  const health = createHealth(
    {
      timeoutMs: checkWithinMs,
      checks: [
        {
          name: "index",
          required: true,
          async check() {
            const { latestHeight } = await rpc.status();
            const behind = Number(latestHeight) - height;
            if (behind > lagBlocksMax) throw new Error(`${behind} blocks behind the node`);
            return `at height ${height}`;
          },
        },
      ],
    },
    { clock: systemClock },
  );
  return {
    health,
    onBlock(block: IndexedBlock) {
      height = block.height;
      measure(block);
    },
  };
}

async function serve({ http }: IndexerSettings, health: Health, metrics: Metrics) {
  const json = (reply: ServerResponse, status: number, body: unknown) => {
    reply.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
  const server = createServer((request, reply) => {
    void answer(request.url ?? "", reply).catch(() => reply.destroy());
  });
  async function answer(path: string, reply: ServerResponse): Promise<void> {
    if (path === healthPaths.live) return json(reply, 200, health.live());
    if (path === healthPaths.ready) {
      const report = await health.ready();
      return json(reply, report.status === "failed" ? 503 : 200, report);
    }
    if (path === "/metrics") {
      reply.writeHead(200, { "content-type": metrics.contentType }).end(await metrics.render());
      return;
    }
    json(reply, 404, new R3mesError({ code: "ROUTE_UNKNOWN", method: "GET", path }).toJSON());
  }
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(http.port, http.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${http.host}:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
