/**
 * The OpenAPI document without a server that could answer: routes are registered with nothing behind them, and none is called. It
 * is committed as `openapi.json`, from which clients of other languages are generated.
 */
import { Writable } from "node:stream";
import { GENESIS_FOLDER, openModelFolder } from "@r3mes/models/node";
import { createHealth, createLogger, createMetrics, systemClock } from "@r3mes/service";
import { accountRoutes } from "./accounts/accountRoutes.ts";
import { signInRoutes } from "./accounts/signInRoutes.ts";
import { defaultApiOptions } from "./apiOptions.ts";
import { createApi } from "./createApi.ts";
import type { ExplorerDeps } from "./explorer/explorerDeps.ts";
import { explorerRoutes } from "./explorer/explorerRoutes.ts";
import { faucetRoutes } from "./faucet/faucetRoutes.ts";
import { openaiRoutes } from "./openai/openaiRoutes.ts";
import { operationsRoutes } from "./operations/operationsRoutes.ts";

export const openApiFile = new URL("../openapi.json", import.meta.url);

/** The text of the committed file. */
export async function openApiDocument(): Promise<string> {
  const stream = new Writable({ write: (_chunk, _encoding, done) => done() });
  const log = createLogger(
    { name: "api", level: "silent", format: "json" },
    { stream, clock: systemClock },
  );
  const health = createHealth({ checks: [], timeoutMs: 1 }, { clock: systemClock });
  const metrics = createMetrics({ process: "api" });
  const { manifest, tokenizer, close } = await openModelFolder(GENESIS_FOLDER);
  const nothing = {} as never;
  const server = await createApi(defaultApiOptions, {
    log,
    metrics,
    operations: operationsRoutes({ health, metrics }),
    openai: openaiRoutes({
      manifest,
      tokenizer: tokenizer!,
      catalogue: nothing,
      worker: nothing,
      access: nothing,
      clock: nothing,
      randomness: nothing,
      signReceipt: nothing,
      metrics: nothing,
    }),
    accounts: accountRoutes({ access: nothing, keys: nothing, database: nothing }),
    signIn: signInRoutes({ access: nothing, signIn: nothing, walletChain: nothing }),
    faucet: faucetRoutes({ access: nothing }),
    explorer: explorerRoutes({ database: silentDatabase }),
  });
  const document = server.swagger();
  await server.close();
  await close();
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** The event stream looks for its place and listens as soon as it is registered; here nothing has ever happened. */
const silentDatabase = {
  sql: { select: () => ({ from: async () => [] }) },
  listen: async () => async () => {},
} as unknown as ExplorerDeps["database"];
