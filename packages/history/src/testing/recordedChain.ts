/** A chain that was recorded from a real node, by `simulation/recordChain.ts`. It can grow block by block. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { type DescMessage, fromBinary, type MessageShape } from "@bufbuild/protobuf";
import type { ChainRpc, FollowedBlock } from "@r3mes/chain-client";
import { R3mesError } from "@r3mes/protocol";
import { DatasetSchema, ModelSchema, PoolSchema, RefereeSchema } from "@r3mes/protocol/messages";
import type { Records } from "../apply/records.ts";

const fixtures = join(import.meta.dirname, "../../fixtures");

/**
 * `rounds`: two rounds with an honest and a lazy miner. `disputes`: a miner that defends wrong tiles is convicted, a challenger that
 * stands by one loses its bond, and a sum that a majority's bond had adopted is convicted and its version recalled.
 */
export type RecordingName = "rounds" | "disputes";

type Recording = {
  readonly chainId: string;
  readonly blocks: readonly FollowedBlock[];
  readonly records: { readonly [name in keyof typeof schemas]: readonly string[] };
};

const schemas = {
  models: ModelSchema,
  datasets: DatasetSchema,
  pools: PoolSchema,
  referees: RefereeSchema,
};

export interface RecordedChain {
  readonly rpc: Pick<ChainRpc, "status" | "block" | "blockResults" | "query">;
  readonly records: Records;
  readonly blocks: FollowedBlock[];
  chainId: string;
  /** Blocks that the node has so far. */
  height: number;
}

export function recordedChain(name: RecordingName = "rounds"): RecordedChain {
  const { chainId, blocks, records } = read(name);
  const all = <Desc extends DescMessage>(schema: Desc, texts: readonly string[]) =>
    texts.map((text): MessageShape<Desc> => fromBinary(schema, Buffer.from(text, "base64")));
  const models = all(ModelSchema, records.models);
  const datasets = all(DatasetSchema, records.datasets);
  const pools = all(PoolSchema, records.pools);
  const referees = all(RefereeSchema, records.referees);
  const chain: RecordedChain = {
    chainId,
    blocks: [...blocks],
    height: blocks.length,
    rpc: {
      async status() {
        const latest = chain.blocks[chain.height - 1]!;
        return {
          chainId: chain.chainId,
          latestHeight: BigInt(chain.height),
          earliestHeight: 1n,
          latestTime: latest.time,
          catchingUp: false,
        };
      },
      async block(height) {
        const block = chain.blocks[Number(height) - 1]!;
        return { ...block, transactions: block.transactions.map(({ bytes }) => bytes) };
      },
      async blockResults(height) {
        const block = chain.blocks[Number(height) - 1]!;
        const transactions = block.transactions.map(({ result }) => result);
        return { height, transactions, blockEvents: block.blockEvents };
      },
      async query(path) {
        throw new R3mesError({ code: "NODE_ANSWERED_ERROR", url: "recording", answer: path });
      },
    },
    records: {
      model: async (id) => models.find((model) => model.id === id)!,
      dataset: async (id) => datasets.find((dataset) => dataset.id === id)!,
      pool: async (id) => pools.find((pool) => pool.id === id)!,
      referees: async () => referees,
      founding: async () => ({ models: [], datasets: [], pools: [], referees: [] }),
    },
  };
  return chain;
}

function read(name: RecordingName): Recording {
  const text = gunzipSync(readFileSync(join(fixtures, `${name}.json.gz`))).toString("utf8");
  return JSON.parse(text, (_key, value) => {
    if (typeof value?.bytes === "string") return new Uint8Array(Buffer.from(value.bytes, "base64"));
    return typeof value?.integer === "string" ? BigInt(value.integer) : value;
  });
}
