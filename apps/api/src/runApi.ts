/**
 * The API as a process: what it opens, in which order, and how it ends. It decides nothing; each part is handed what it needs.
 */
import { join } from "node:path";
import { createClient } from "@connectrpc/connect";
import { type ChainRpc, connectRpc, queryTransport } from "@r3mes/chain-client";
import { type Database, openDatabase } from "@r3mes/database";
import { createIndexer, emptyChain, measureIndex } from "@r3mes/history";
import { receiptSigner } from "@r3mes/inference";
import { GENESIS_FOLDER, type OpenedModel, openModelFolder } from "@r3mes/models/node";
import { contentOf, keepConnected, openStore, untilAnswered } from "@r3mes/participant";
import { R3mesError } from "@r3mes/protocol";
import { Query } from "@r3mes/protocol/messages";
import {
  type Clock,
  type Closing,
  createHealth,
  createLogger,
  createMetrics,
  createShutdown,
  type HealthCheck,
  interruptible,
  type Logger,
  type Metrics,
  makeFolder,
  type Shutdown,
  systemClock,
  systemRandomness,
} from "@r3mes/service";
import type { IpfsStore } from "@r3mes/storage";
import { accountRoutes } from "./accounts/accountRoutes.ts";
import { type Chore, openAccounts } from "./accounts/openAccounts.ts";
import { signInRoutes } from "./accounts/signInRoutes.ts";
import { walletChain } from "./accounts/walletChain.ts";
import { defaultApiOptions } from "./apiOptions.ts";
import type { ApiSettings } from "./apiSettings.ts";
import { type ChainAdapters, createChainAdapters } from "./catalogue/chainAdapters.ts";
import { createFolderAdapters, type FolderAdapters } from "./catalogue/folderAdapters.ts";
import { catalogueOf, type ServedModel } from "./catalogue/modelCatalogue.ts";
import { chainChecks } from "./chain/chainChecks.ts";
import { createApi } from "./createApi.ts";
import { explorerRoutes } from "./explorer/explorerRoutes.ts";
import { faucetRoutes } from "./faucet/faucetRoutes.ts";
import {
  createModelWorker,
  type ModelWorker,
  type ModelWorkerDeps,
} from "./inference/createModelWorker.ts";
import { createModelWorkers } from "./inference/createModelWorkers.ts";
import { createAnswerMetrics } from "./openai/answerMetrics.ts";
import { openaiRoutes } from "./openai/openaiRoutes.ts";
import { operationsRoutes } from "./operations/operationsRoutes.ts";
import { openProviderKey } from "./providerKey.ts";

export interface RunningApi {
  /** What clients are given as their base URL. */
  readonly baseUrl: string;
  /** The key of this installation, and whether it was made now. */
  readonly localKey: { readonly text: string; readonly isNew: boolean };
  readonly shutdown: Shutdown;
}

/** Files in the API's folder. */
export const localKeyFile = "local.key";
const providerKeyFile = "provider.key";

const choreEveryMs = 60_000;
/** Of the time that a request may wait: whoever waits for an adapter is told that it cannot be had, not that more is asked than is answered. */
const contentShare = 3 / 4;
const indexPollMs = 500;

/** Everything that is opened, and closed again in the opposite order. */
interface Opening {
  readonly folder: string;
  readonly settings: ApiSettings;
  readonly log: Logger;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly shutdown: Shutdown;
  readonly closing: Closing;
}

/** Starts it in a folder of its own. Rejects with an AbortError where it is asked to end meanwhile. */
export async function runApi(folder: string, settings: ApiSettings): Promise<RunningApi> {
  makeFolder(folder);
  const clock = systemClock;
  const secrets = [settings.database.url, settings.redis.url, settings.faucet.password];
  const log = createLogger(
    {
      ...{ name: "api", level: settings.log.level, format: "json" },
      secrets: secrets.filter((secret) => secret !== undefined),
    },
    { stream: process.stdout, clock },
  );
  const shutdown = createShutdown({ clock, signals: process, forceExit: process.exit });
  const metrics = createMetrics({ process: "api" });
  return interruptible(shutdown, (closing) =>
    openAll({ folder, settings, log, clock, metrics, shutdown, closing }),
  );
}

async function openAll(opening: Opening): Promise<RunningApi> {
  const { settings } = opening;
  const database = await openTables(opening);
  const model = await openBackbone(opening);
  const chain = await openChain(opening, database, model);
  const local = createFolderAdapters(settings.inference.adapters, model.manifest);
  const worker = openWorker(opening, local, chain?.adapters);
  return serve(opening, {
    database,
    model,
    local,
    worker,
    ...(chain === undefined ? {} : { chain }),
  });
}

async function openTables({ folder, settings, closing }: Opening): Promise<Database> {
  const { url } = settings.database;
  const database = await openDatabase(
    url === undefined ? { folder: join(folder, "database") } : { url: url.reveal() },
  );
  closing("database", database.close);
  return database;
}

async function openBackbone({ settings, closing }: Opening): Promise<OpenedModel> {
  const model = await openModelFolder(modelFolder(settings));
  closing("model", model.close);
  if (model.tokenizer === undefined) {
    throw new R3mesError({ code: "MODEL_WITHOUT_TOKENIZER", model: model.manifest.name });
  }
  return model;
}

function modelFolder({ inference }: ApiSettings): string {
  return inference.model === "genesis" ? GENESIS_FOLDER : inference.model;
}

interface Chain {
  readonly rpc: ChainRpc;
  readonly adapters?: ChainAdapters;
  readonly store?: IpfsStore;
}

async function openChain(
  opening: Opening,
  database: Database,
  model: OpenedModel,
): Promise<Chain | undefined> {
  const { settings, log, clock, metrics, shutdown, closing } = opening;
  if (settings.chain.rpc === undefined) return undefined;
  const rpc = await connectRpc(settings.chain.rpc);
  closing("node", rpc.close);
  const indexer = createIndexer(
    { pollMs: indexPollMs },
    { rpc, database, sleep: clock.sleep, log, onBlock: measureIndex(metrics, clock) },
  );
  // With PostgreSQL a process of its own indexes; PGlite belongs to this one.
  if (database.kind === "pglite") {
    if (settings.indexer.rebuild) await emptyChain(database);
    const running = indexer.run(shutdown.signal).catch((error: unknown) => {
      log.error({ error }, "indexing ended");
    });
    closing("indexer", () => running);
  }
  const store = await openContent(opening);
  if (store === undefined) return { rpc };
  const query = createClient(Query, queryTransport(rpc));
  const { manifest } = model;
  const content = contentOf(store, { waitMs: Math.ceil(contentShare * settings.inference.waitMs) });
  const adapters = createChainAdapters({ manifest, query, content, clock, log });
  void adapters.follow(shutdown.signal);
  return { rpc, adapters, store };
}

async function openContent(opening: Opening): Promise<IpfsStore | undefined> {
  const { folder, settings, log, clock, shutdown, closing } = opening;
  const { swarmKey, listen, peers, kubo } = settings.store;
  if (swarmKey === undefined) return undefined;
  const plan = { folder: join(folder, "store"), owner: "api", listen, kubo, swarmKey };
  const store = await untilAnswered({ clock, log, shutdown }, () => openStore(plan));
  closing("store", store.close);
  void keepConnected(store, peers, { clock, log, signal: shutdown.signal });
  return store;
}

function openWorker(
  { settings, log, clock, closing }: Opening,
  local: FolderAdapters,
  adapters: ChainAdapters | undefined,
): ModelWorker {
  const { inference } = settings;
  const options = {
    model: modelFolder(settings),
    threads: inference.threads,
    activeMax: inference.active,
    backend: inference.backend,
    together: inference.together,
    cacheBytesMax: inference.cacheMegabytes * 2 ** 20,
    adapterBytesMax: inference.adapterMegabytes * 2 ** 20,
    waitingMax: inference.waiting,
    waitMsMax: inference.waitMs,
  };
  const adapterFile: ModelWorkerDeps["adapterFile"] = async (root) => {
    const isLocal = local.models().some(({ adapter }) => adapter === root);
    if (isLocal || adapters === undefined) return local.file(root);
    return adapters.file(root);
  };
  const worker = createModelWorkers(
    Array.from({ length: inference.workers }, () =>
      createModelWorker(options, { log, clock, adapterFile }),
    ),
  );
  closing("worker", worker.close);
  return worker;
}

interface Opened {
  readonly database: Database;
  readonly model: OpenedModel;
  readonly local: FolderAdapters;
  readonly worker: ModelWorker;
  readonly chain?: Chain;
}

async function serve(opening: Opening, opened: Opened): Promise<RunningApi> {
  const { folder, settings, log, clock, metrics, shutdown, closing } = opening;
  const { database, model, local, worker, chain } = opened;
  const randomness = systemRandomness;
  const rpc = chain === undefined ? {} : { rpc: chain.rpc };
  const accounts = await openAccounts({
    ...{ folder, localKeyFile, settings, database, clock, log },
    ...rpc,
  });
  closing("accounts", accounts.close);
  for (const chore of accounts.chores) void again(opening, chore);
  const { keys, access, signIn, faucet } = accounts;
  const signReceipt = receiptSigner(
    await openProviderKey(join(folder, providerKeyFile), randomness),
  );
  const server = await createApi(
    { ...defaultApiOptions, ...settings.http },
    {
      log,
      metrics,
      operations: operationsRoutes({ health: healthOf(opening, opened, accounts.checks), metrics }),
      openai: openaiRoutes({
        catalogue: catalogueFor(model, local, chain?.adapters),
        worker,
        manifest: model.manifest,
        tokenizer: model.tokenizer!,
        access,
        clock,
        randomness,
        signReceipt,
        metrics: createAnswerMetrics(metrics, worker),
      }),
      accounts: accountRoutes({ access, keys, database }),
      signIn: signInRoutes({
        ...{ access, signIn },
        walletChain: () => walletChain(settings.wallet, chain?.rpc),
      }),
      faucet: faucetRoutes({ access, ...(faucet === undefined ? {} : { faucet }) }),
      explorer: explorerRoutes({
        access,
        database,
        ...rpc,
        ...(chain?.store === undefined ? {} : { content: chain.store }),
      }),
    },
  );
  closing("server", () => server.close());
  const { host, port } = settings.http;
  const baseUrl = `${await server.listen({ host, port })}/v1`;
  log.info({ baseUrl, keyFile: join(folder, localKeyFile) }, "the API listens");
  return { baseUrl, localKey: accounts.localKey, shutdown };
}

async function again({ clock, shutdown, log }: Opening, { name, run }: Chore): Promise<void> {
  const { signal } = shutdown;
  for (await clock.sleep(choreEveryMs, signal); !signal.aborted; ) {
    await run().catch((error: unknown) => log.warn({ error, chore: name }, "failed; again later"));
    await clock.sleep(choreEveryMs, signal);
  }
}

function catalogueFor(
  { manifest }: OpenedModel,
  local: FolderAdapters,
  adapters: ChainAdapters | undefined,
) {
  const backbone: ServedModel = {
    id: manifest.name,
    adapter: null,
    adapterId: null,
    status: "backbone",
    createdS: 0,
  };
  return catalogueOf(
    () => [backbone, ...(adapters?.models() ?? []), ...local.models()],
    () => adapters?.aliases() ?? new Map(),
  );
}

function healthOf(
  { clock }: Opening,
  { worker, chain, database }: Opened,
  others: readonly HealthCheck[],
) {
  const checks: readonly HealthCheck[] = [
    ...others,
    {
      name: "inference",
      required: true,
      check: async () => {
        const { active, waiting } = worker.load();
        if (!worker.isReady()) throw new Error("the model's worker is starting");
        return `${active} under way, ${waiting} waiting`;
      },
    },
    {
      name: "database",
      required: true,
      check: async () => {
        await database.sql.execute("select 1");
        return database.kind;
      },
    },
  ];
  const ofChain = chain === undefined ? [] : chainChecks({ rpc: chain.rpc, database, clock });
  return createHealth({ checks: [...checks, ...ofChain], timeoutMs: 2_000 }, { clock });
}
