/**
 * Records a chain as the tests of the history and of its pages read it: `node simulation/recordChain.ts http://127.0.0.1:26657
 * packages/history/fixtures/NAME.json.gz`. Every block from the first on, and the records that events name and do not repeat.
 */
import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { type DescMessage, type MessageShape, toBinary } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import {
  type ChainRpc,
  connectRpc,
  type FollowedBlock,
  followBlocks,
  queryTransport,
} from "@r3mes/chain-client";
import {
  DatasetSchema,
  ModelSchema,
  PoolSchema,
  Query,
  RefereeSchema,
} from "@r3mes/protocol/messages";
import { systemClock } from "@r3mes/service";

/** Returns how many blocks were recorded. */
export async function recordChain(rpc: ChainRpc, file: string): Promise<number> {
  const { chainId, latestHeight } = await rpc.status();
  const query = createClient(Query, queryTransport(rpc));
  const records = {
    models: encodeAll(ModelSchema, (await query.models({})).models),
    datasets: encodeAll(DatasetSchema, (await query.datasets({})).datasets),
    pools: encodeAll(PoolSchema, (await query.pools({})).pools),
    // A referee's module is never read from a recording; its hash and size are.
    referees: encodeAll(RefereeSchema, (await query.referees({})).referees),
  };
  const blocks = await readBlocks(rpc, latestHeight);
  const text = JSON.stringify({ chainId, blocks, records }, plain);
  writeFileSync(file, gzipSync(text, { level: 9 }));
  return blocks.length;
}

async function readBlocks(rpc: ChainRpc, latest: bigint): Promise<readonly FollowedBlock[]> {
  const ending = new AbortController();
  const blocks: FollowedBlock[] = [];
  const options = { from: 1n, pollMs: 100, ahead: 8, signal: ending.signal };
  for await (const block of followBlocks(options, { rpc, sleep: systemClock.sleep })) {
    blocks.push(block);
    if (block.height === latest) break;
  }
  return blocks;
}

function encodeAll<Desc extends DescMessage>(schema: Desc, all: readonly MessageShape<Desc>[]) {
  return all.map((one) => Buffer.from(toBinary(schema, one)).toString("base64"));
}

function plain(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString("base64") };
  return typeof value === "bigint" ? { integer: value.toString() } : value;
}

if (import.meta.main) {
  const [url, file] = process.argv.slice(2);
  if (url === undefined || file === undefined) {
    console.error("usage: node simulation/recordChain.ts RPC FILE");
    process.exit(2);
  }
  const rpc = await connectRpc(url);
  console.log(`${await recordChain(rpc, file)} blocks`);
  rpc.close();
}
