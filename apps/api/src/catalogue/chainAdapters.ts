/**
 * The adapters that a chain has agreed on, taken live: asked of a node again and again, those that an alias names fetched by their
 * address as soon as they are there and the others when somebody wants one, and compared with the root that the chain holds. A version
 * that was recalled is not served.
 */
import type { Client } from "@connectrpc/connect";
import { listAll } from "@r3mes/chain-client";
import { nodeSha256 } from "@r3mes/engine/node";
import type { ModelManifest } from "@r3mes/models";
import { kept, recordsOfPool } from "@r3mes/participant";
import { equalBytes, R3mesError, toHex } from "@r3mes/protocol";
import { AdapterStatus, type AdapterVersion, type Query } from "@r3mes/protocol/messages";
import type { Clock, Logger } from "@r3mes/service";
import {
  adapterBytes,
  type ContentSource,
  decodeAdapter,
  encodeAdapter,
  planOfPool,
  rootOfAdapter,
  type TrainingPlan,
} from "@r3mes/training";
import type { AdapterFile } from "../inference/messages.ts";
import type { ServedModel } from "./modelCatalogue.ts";

export interface ChainAdapters {
  readonly models: () => readonly ServedModel[];
  readonly aliases: () => ReadonlyMap<string, string>;
  /** By the hex of its root. Throws ADAPTER_NOT_FOUND, CONTENT_UNAVAILABLE, CONTENT_CORRUPT. */
  file(root: string): Promise<AdapterFile>;
  /** Asks until the signal ends it. */
  follow(signal: AbortSignal): Promise<void>;
}

export interface ChainAdaptersDeps {
  readonly manifest: ModelManifest;
  readonly query: Client<typeof Query>;
  readonly content: ContentSource;
  readonly clock: Clock;
  readonly log: Logger;
}

const everyMs = 2_000;

interface KnownVersion {
  readonly version: AdapterVersion;
  readonly createdS: number;
}

interface AdapterLayout extends Pick<TrainingPlan, "program"> {
  readonly shape: AdapterFile["shape"];
}

export function createChainAdapters(deps: ChainAdaptersDeps): ChainAdapters {
  let known: readonly KnownVersion[] = [];
  /** What adapters look like, by model and program: all pools of one program have it in common. */
  const layouts = new Map<string, Promise<AdapterLayout>>();
  /** Versions that were fetched before anybody asked. */
  const ahead = new Set<bigint>();

  async function look(): Promise<void> {
    const ours = await modelsWithBackbone(deps);
    const versions = await listAll(deps.query, "adapters");
    const nowS = Math.floor(deps.clock.nowMs() / 1000);
    known = versions
      .filter(({ modelId, status }) => ours.has(modelId) && status !== AdapterStatus.RECALLED)
      .map((version) => {
        const before = known.find((one) => one.version.id === version.id);
        return { version, createdS: before?.createdS ?? nowS };
      });
  }

  async function file(root: string): Promise<AdapterFile> {
    const found = known.find(({ version }) => toHex(version.root) === root);
    if (found === undefined) throw new R3mesError({ code: "ADAPTER_NOT_FOUND", root });
    const { version } = found;
    const { shape, ...layout } = await layoutOf(version);
    const bytes = await deps.content.get(version.cid, adapterBytes(layout));
    const adapter = decodeAdapter(layout, bytes);
    const actual = rootOfAdapter(layout, adapter, nodeSha256);
    if (!equalBytes(actual, version.root)) {
      throw new R3mesError({ code: "CONTENT_CORRUPT", cid: toHex(version.cid), actual });
    }
    return { shape, bytes: encodeAdapter(adapter) };
  }

  /** What is served is the backbone of its model, so that its architecture is known here. */
  async function layoutOf({ poolId }: AdapterVersion): Promise<AdapterLayout> {
    const records = await recordsOfPool(deps.query, poolId);
    const { modelId, program } = records.pool;
    return kept(layouts, `${modelId}/${program}`, async () => {
      const { plan, adapterShape } = planOfPool(records, deps.manifest.architecture, nodeSha256);
      return { program: plan.program, shape: adapterShape };
    });
  }

  /** Peers take seconds to bring content, which whoever asks by an alias need not wait for. */
  function fetchAhead(): void {
    const named = new Set(aliasesOf(known).values());
    for (const { version } of known) {
      if (!named.has(nameOf(version)) || ahead.has(version.id)) continue;
      ahead.add(version.id);
      file(toHex(version.root)).catch((error: unknown) =>
        deps.log.info({ adapter: String(version.id), error }, "not fetched ahead"),
      );
    }
  }

  return {
    models: () => known.map(describe),
    aliases: () => aliasesOf(known),
    file,
    async follow(signal) {
      for (let isTold = false; !signal.aborted; ) {
        try {
          await look();
          fetchAhead();
          isTold = false;
        } catch (error) {
          if (!isTold) deps.log.warn({ error }, "adapters of the chain are not known now");
          isTold = true;
        }
        await deps.clock.sleep(everyMs, signal);
      }
    },
  };
}

function nameOf({ poolId, id }: AdapterVersion): string {
  return `pool-${poolId}@v${id}`;
}

function describe({ version, createdS }: KnownVersion): ServedModel {
  return {
    id: nameOf(version),
    adapter: toHex(version.root),
    adapterId: Number(version.id),
    status: version.status === AdapterStatus.MATURE ? "mature" : "provisional",
    createdS,
  };
}

/** `pool-N@latest` and `pool-N@matured`, as far as there is one. */
function aliasesOf(known: readonly KnownVersion[]): ReadonlyMap<string, string> {
  const aliases = new Map<string, string>();
  const ascending = known.map(({ version }) => version).sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const version of ascending) {
    aliases.set(`pool-${version.poolId}@latest`, nameOf(version));
    if (version.status !== AdapterStatus.MATURE) continue;
    aliases.set(`pool-${version.poolId}@matured`, nameOf(version));
  }
  return aliases;
}

/** Numbers of the chain's models whose backbone is the one that is served. */
async function modelsWithBackbone({ query, manifest }: ChainAdaptersDeps): Promise<Set<bigint>> {
  const models = await listAll(query, "models");
  const ours = models.filter(({ backboneRoot }) => toHex(backboneRoot) === manifest.backbone.root);
  return new Set(ours.map(({ id }) => id));
}
