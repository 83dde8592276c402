/**
 * From an empty chain to open pools, by real transactions: referee, model and datasets by governance, pools with a budget. Each step
 * looks first whether it was done, so that a founding which was cut off goes on where it was.
 */
import { type ChainMessage, chainMessage } from "@r3mes/chain-client";
import { nodeSha256, readRefereeModule } from "@r3mes/engine/node";
import type { Participant } from "@r3mes/participant";
import { equalBytes, toHex } from "@r3mes/protocol";
import {
  MsgOpenPoolSchema,
  MsgProposeDatasetSchema,
  MsgRegisterModelSchema,
  MsgRegisterRefereeSchema,
  MsgSetDatasetStatusSchema,
  MsgSetPoolWeightSchema,
  Status,
} from "@r3mes/protocol/messages";
import { authority } from "./decree.ts";
import { poolPlan } from "./genesisPlan.ts";
import { publishDataset, publishModel } from "./publishGenesis.ts";

export interface Founding {
  /** In hex. */
  readonly referee: string;
  readonly model: string;
  readonly datasets: Readonly<Record<string, string>>;
  readonly pools: Readonly<Record<string, string>>;
}

export interface FoundingDeps extends Participant {
  /** Messages that governance executes; resolves when it has. */
  readonly decree: (title: string, messages: readonly ChainMessage[]) => Promise<void>;
  /** Where a dataset is built. */
  readonly datasetFolder: (name: string) => string;
}

const pollMs = 2_000;

/**
 * Opens a pool for each of the datasets, in their order. `onPool` is told of the network each time one has been added: training
 * begins with the first.
 */
export async function foundNetwork(
  datasetNames: readonly string[],
  deps: FoundingDeps,
  onPool: (founding: Founding) => void,
): Promise<void> {
  const { log } = deps;
  const referee = readRefereeModule();
  const refereeId = nodeSha256(referee);
  const model = await publishModel(deps.store);
  log.info({ model: model.name }, "model published");
  for (const [i, name] of datasetNames.entries()) {
    // Cutting a text into tokens takes a core for a minute, which the first round needs more.
    if (i > 0) await untilFirstVersion(deps);
    const dataset = await publishDataset(deps.store, name, deps.datasetFolder(name));
    log.info({ dataset: name }, "dataset published");
    await proposeDataset(deps, dataset);
    await register(deps, { refereeId, module: referee, model: { ...model, refereeId } });
    const modelId = await modelNamed(deps, model.name);
    const datasets = await idsByName(deps);
    const pools = await openPools(deps, modelId!, datasets);
    onPool({
      referee: toHex(refereeId),
      model: String(modelId),
      datasets: textOf(datasets),
      pools: textOf(pools),
    });
  }
}

async function untilFirstVersion({ query, clock, shutdown }: FoundingDeps): Promise<void> {
  for (;;) {
    shutdown.signal.throwIfAborted();
    const { adapters } = await query.adapters({});
    if (adapters.length > 0) return;
    await clock.sleep(pollMs, shutdown.signal);
  }
}

async function proposeDataset(
  deps: FoundingDeps,
  dataset: Awaited<ReturnType<typeof publishDataset>>,
): Promise<void> {
  if ((await idsByName(deps)).has(dataset.name)) return;
  const { address: provider } = deps;
  await deps.submit([
    chainMessage(MsgProposeDatasetSchema, { provider, royaltyAddress: provider, ...dataset }),
  ]);
}

interface Registered {
  readonly refereeId: Uint8Array;
  readonly module: Uint8Array;
  readonly model: Awaited<ReturnType<typeof publishModel>> & { readonly refereeId: Uint8Array };
}

async function register(deps: FoundingDeps, { refereeId, module, model }: Registered) {
  const messages: ChainMessage[] = [];
  const { referees } = await deps.query.referees({});
  if (!referees.some(({ id }) => equalBytes(id, refereeId))) {
    messages.push(chainMessage(MsgRegisterRefereeSchema, { authority, module }));
  }
  if ((await modelNamed(deps, model.name)) === undefined) {
    messages.push(chainMessage(MsgRegisterModelSchema, { authority, model }));
  }
  const { datasets } = await deps.query.datasets({});
  for (const { id, status } of datasets) {
    if (status === Status.APPROVED) continue;
    messages.push(
      chainMessage(MsgSetDatasetStatusSchema, { authority, id, status: Status.APPROVED }),
    );
  }
  if (messages.length > 0) await deps.decree("Register what the first pools need", messages);
}

/** One pool for each dataset. Returns their numbers by the names of the datasets. */
async function openPools(
  deps: FoundingDeps,
  modelId: bigint,
  datasets: ReadonlyMap<string, bigint>,
): Promise<ReadonlyMap<string, bigint>> {
  const before = await poolsByDataset(deps);
  const missing = [...datasets.values()].filter((id) => !before.has(id));
  if (missing.length > 0) {
    await deps.submit(
      missing.map((datasetId) =>
        chainMessage(MsgOpenPoolSchema, {
          sponsor: deps.address,
          modelId,
          datasetId,
          ...poolPlan,
          hyperparameters: {
            ...poolPlan.hyperparameters,
            learningRates: [...poolPlan.hyperparameters.learningRates],
          },
        }),
      ),
    );
  }
  const { pools } = await deps.query.pools({});
  const unweighted = pools.filter(({ emissionWeightPpm }) => emissionWeightPpm === 0);
  if (unweighted.length > 0) {
    await deps.decree(
      "Let the pools take part in the emission",
      unweighted.map(({ id: poolId }) =>
        chainMessage(MsgSetPoolWeightSchema, { authority, poolId, emissionWeightPpm: 1_000_000 }),
      ),
    );
  }
  const after = await poolsByDataset(deps);
  return new Map([...datasets].map(([name, id]) => [name, after.get(id) ?? 0n]));
}

async function modelNamed(deps: FoundingDeps, name: string): Promise<bigint | undefined> {
  const { models } = await deps.query.models({});
  return models.find((model) => model.name === name)?.id;
}

async function idsByName(deps: FoundingDeps): Promise<ReadonlyMap<string, bigint>> {
  const { datasets } = await deps.query.datasets({});
  return new Map(datasets.map(({ name, id }) => [name, id]));
}

async function poolsByDataset(deps: FoundingDeps): Promise<ReadonlyMap<bigint, bigint>> {
  const { pools } = await deps.query.pools({});
  return new Map(pools.map(({ datasetId, id }) => [datasetId, id]));
}

function textOf(ids: ReadonlyMap<string, bigint>): Record<string, string> {
  return Object.fromEntries([...ids].map(([name, id]) => [name, String(id)]));
}
