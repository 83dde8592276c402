import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Member, programRoot, type Session, sharedBackend } from "@r3mes/engine";
import { nodeSha256 } from "@r3mes/engine/node";
import {
  buildTrainingProgram,
  type DatasetManifest,
  encodeDatasetManifest,
  LINEARS,
  shardRoot,
} from "@r3mes/models";
import { GENESIS_FOLDER, openModelFolder } from "@r3mes/models/node";
import { datasetRoot, fromHex, toHex } from "@r3mes/protocol";
import { Optimizer, PoolStatus } from "@r3mes/protocol/messages";
import { contentIdToBytes, memoryStore } from "@r3mes/storage";
import { expect, test } from "vitest";
import { contentOf } from "./contentOf.ts";
import { createPoolOpener, type PoolOpenerDeps } from "./openTrainingPool.ts";

/** A chain with the shipped model, registered with two programs. Pools of odd numbers run the first one, the others the second. */
async function setup() {
  const store = memoryStore();
  const { manifest, close } = await openModelFolder(GENESIS_FOLDER);
  await close();
  const shard = new Uint8Array(4 * 64);
  const root = datasetRoot([shardRoot(shard)]);
  const description: DatasetManifest = {
    ...{ format: "remes/dataset/1", name: "zeros", title: "Zeros", source: "nowhere" },
    ...{ author: "nobody", date: "2026", licence: "CC0-1.0" },
    tokenizer: { sha256: manifest.tokenizer!.sha256, vocabulary: 4096 },
    splits: { train: { documents: 1, bytes: 64, tokens: 64 } },
    shards: [{ split: "train", tokens: 64, file: "0.tokens", root: toHex(shardRoot(shard)) }],
    root: toHex(root),
  };
  const put = async (files: ReadonlyMap<string, Uint8Array>) =>
    contentIdToBytes(await store.putFolder(files));
  const read = (file: string) => new Uint8Array(readFileSync(join(GENESIS_FOLDER, file)));
  const modelFiles = ["model.json", "tokenizer.json", "backbone.bin"];
  const model = {
    backboneRoot: fromHex(manifest.backbone.root),
    manifestCid: await put(new Map(modelFiles.map((file) => [file, read(file)]))),
    targets: LINEARS.join(","),
    programs: [16, 32].map((length) => {
      const adapter = { rank: 4, alpha: 8, targets: LINEARS };
      const shape = { sequences: 1, length, optimizer: "adam", adapter } as const;
      const program = buildTrainingProgram(manifest.architecture, shape);
      const registered = { rank: 4, batch: 1, sequence: length, optimizer: Optimizer.ADAM };
      return { ...registered, root: programRoot(program, nodeSha256) };
    }),
  };
  const dataset = {
    root,
    manifestCid: await put(
      new Map([
        ["0.tokens", shard],
        ["dataset.json", encodeDatasetManifest(description)],
      ]),
    ),
  };
  const hyperparameters = { localSteps: 1, learningRates: [1], density: 90 };
  const pools = [1n, 2n, 3n, 4n].map((id) => ({
    ...{ id, modelId: 1n, datasetId: 1n, hyperparameters, status: PoolStatus.OPEN },
    program: id % 2n === 0n ? 1 : 0,
  }));
  const query = {
    pools: async () => ({ pools }),
    pool: async ({ id }: { readonly id: bigint }) => ({ pool: pools[Number(id) - 1] }),
    rounds: async () => ({ rounds: [{ sumEndHeight: 0n, openCases: 0 }] }),
    model: async () => ({ model }),
    dataset: async () => ({ dataset }),
  } as unknown as PoolOpenerDeps["query"];
  const prepared: (readonly Member[])[] = [];
  const ended: string[] = [];
  const backend = sharedBackend("a device that computes nothing", async (members) => {
    const name = String(prepared.push(members));
    return members.map(({ program, state }) => {
      const close = async () => void ended.push(`${state} of ${name}`);
      const nothing = { write: () => {}, run: async () => {}, read: async () => new Uint8Array() };
      return { program, ...nothing, close } satisfies Session;
    });
  });
  const parts = ["training", "evaluation"] as const;
  const open = createPoolOpener({ parts }, { query, content: contentOf(store), backend });
  const end = (id: bigint) => Object.assign(pools[Number(id) - 1]!, { status: PoolStatus.CLOSED });
  return { open, end, prepared, ended };
}

test("sessions end once all pools that they serve are over, and another pool is opened", async () => {
  const { open, end, prepared, ended } = await setup();
  const first = await open(1n);
  const session = await first.session();
  expect(await (await open(3n)).session()).toBe(session);
  end(1n);
  await (await open(2n)).session();
  // The third pool goes on with it.
  await session.run();
  expect([prepared.length, ended]).toEqual([2, []]);
  expect(await open(1n)).not.toBe(first);
  end(3n);
  await (await open(4n)).session();
  expect(ended).toEqual(["training of 1", "evaluation of 1"]);
  await expect(async () => session.run()).rejects.toMatchObject({ code: "POOL_CLOSED" });
  expect(() => session.write("tokens", new Uint8Array())).toThrow();
  // Whoever asks all the same, as one that proves what was trained long ago, has it opened anew.
  await (await (await open(1n)).session()).run();
  expect(prepared).toHaveLength(3);
});

test("the programs of a pool are members of one machine, which has the backbone once", async () => {
  const { open, prepared } = await setup();
  const pool = await open(1n);
  const [training, evaluation] = await Promise.all([pool.session(), pool.evaluation()]);
  const { plan, evaluation: forward } = pool.opened;
  expect([training.program, evaluation.program]).toEqual([plan.program, forward]);
  expect(prepared).toEqual([
    [
      { program: plan.program, state: "training" },
      { program: forward, state: "evaluation" },
    ],
  ]);
});
