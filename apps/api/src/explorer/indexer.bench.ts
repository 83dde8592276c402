/** How fast history becomes tables, and how fast the explorer answers from them, on one core with PGlite. */
import { openDatabase } from "@r3mes/database";
import { emptyChain } from "@r3mes/history";
import { indexTo, recordedChain } from "@r3mes/history/testing";
import { assert } from "@r3mes/protocol";
import { createLogger, systemClock } from "@r3mes/service";
import type { Bench } from "@r3mes/tools/bench";
import { defaultApiOptions } from "../apiOptions.ts";
import type { ApiServer } from "../apiServer.ts";
import { createApi } from "../createApi.ts";
import { explorerRoutes } from "./explorerRoutes.ts";

const node = recordedChain();
/** Blocks of the recording before its network was founded do nothing but exist. */
const quiet = recordedChain();
quiet.blocks.splice(0, quiet.blocks.length, ...quietBlocks(300));
quiet.height = quiet.blocks.length;

const pages = [
  ...["/network", "/blocks", "/transactions", "/adapters/1", "/submissions/3", "/rounds"],
  ...["/pools/1/rounds/1", "/audits", "/events", "/rewards/credits"],
];
const readsOfSample = 400;
/** Blocks that arrive one by one while pages are read, each of which is there before: most of them change what pages show. */
const headBlocks = 36;

/** The server hears of a block a moment after it is in the tables. */
async function untilFeedIs(server: ApiServer, height: number): Promise<void> {
  for (;;) {
    const reply = await server.inject({ method: "GET", url: "/explorer/v1/status" });
    if (Number(reply.headers["x-indexed-height"]) === height) return;
    await systemClock.sleep(1);
  }
}

/** Blocks of which nothing is to be said but that they were made. */
function quietBlocks(count: number) {
  const [first] = node.blocks;
  return Array.from({ length: count }, (_, i) => {
    const hash = (height: number) => new Uint8Array(new Uint32Array(8).fill(height).buffer);
    return {
      ...first!,
      height: BigInt(i + 1),
      hash: hash(i + 1),
      parentHash: hash(i),
      transactions: [],
      blockEvents: [],
    };
  });
}

/** How often in a second of one core: the processor time of the whole process, which neighbours change little. */
async function perSecond(count: number, call: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await call();
  const { user, system } = process.cpuUsage(before);
  return count / ((user + system) / 1_000_000);
}

export const bench: Bench = {
  about:
    "Blocks that become rows, and explorer replies, in each second of processor time, with PGlite.",
  contests: async () => {
    const database = await openDatabase({ folder: null });
    const log = createLogger(
      { name: "api", level: "silent", format: "json" },
      { stream: process.stdout, clock: systemClock },
    );
    const index =
      (chain: typeof node, options = {}) =>
      async () => {
        await emptyChain(database);
        return perSecond(chain.height, () => indexTo(chain.height, chain, database, options));
      };
    const alone = (chain: typeof node) => ({
      label: "each block alone, as at the head of the chain",
      sample: index(chain, { batchMax: 1 }),
    });
    const server = await createApi(defaultApiOptions, {
      log,
      operations: async () => undefined,
      openai: async () => undefined,
      explorer: explorerRoutes({ database, rpc: node.rpc }),
    });
    let fresh = 0;
    const readOne = async (page: string, isFresh: boolean) => {
      if (isFresh) fresh += 1;
      // A query that no reply was kept for.
      const query = isFresh ? `?fresh=${fresh}` : "";
      const url = `/explorer/v1${page}${query}`;
      const reply = await server.inject({ method: "GET", url });
      assert(reply.statusCode === 200, `the page ${page} is there`);
    };
    /** So many are asked at once, each of the pages in its turn. */
    const read = async (count: number, isFresh: boolean, atOnce = 1) => {
      for (let i = 0; i < count; i += atOnce) {
        const asked = Array.from({ length: atOnce }, (_, k) => pages[(i + k) % pages.length]!);
        await Promise.all(asked.map((page) => readOne(page, isFresh)));
      }
    };
    /** Each page over the whole recording, whatever was measured before. */
    const between = async (isFresh: boolean, atOnce = 1) => {
      await emptyChain(database);
      await indexTo(node.height, node, database);
      await untilFeedIs(server, node.height);
      // Statements are planned anew over tables that were emptied, and once in a minute: that is not a read.
      await read(pages.length, isFresh);
      return perSecond(readsOfSample, () => read(readsOfSample, isFresh, atOnce));
    };
    /** The last blocks of the recording arrive one by one, and each page is read so often before the next. */
    const atHead = async (readsOfPage: number) => {
      await emptyChain(database);
      const first = node.height - headBlocks;
      await indexTo(first, node, database);
      const reads = readsOfPage * pages.length;
      let seconds = 0;
      for (let height = first + 1; height <= node.height; height += 1) {
        await indexTo(height, node, database);
        await untilFeedIs(server, height);
        seconds += reads / (await perSecond(reads, () => read(reads, false)));
      }
      return (reads * headBlocks) / seconds;
    };
    return [
      {
        name: "back-fill of quiet blocks",
        unit: "blocks/s",
        ours: { label: "history", sample: index(quiet) },
        rivals: [alone(quiet)],
        rounds: 3,
      },
      {
        name: "back-fill of two recorded rounds",
        unit: "blocks/s",
        ours: { label: "history", sample: index(node) },
        rivals: [alone(node)],
        rounds: 3,
      },
      {
        name: "explorer replies between two blocks",
        unit: "reads/s",
        ours: {
          label: "kept",
          sample: () => between(false),
        },
        rivals: [
          {
            label: "each read from the tables",
            sample: () => between(true),
          },
          {
            label: "each read from the tables, eight asked at once",
            sample: () => between(true, 8),
          },
        ],
        rounds: 3,
      },
      {
        name: "explorer replies at the head of the chain, 20 reads of a page between two blocks",
        unit: "reads/s",
        ours: { label: "kept until a table changes", sample: () => atHead(20) },
        rivals: [{ label: "2 reads between two blocks", sample: () => atHead(2) }],
        rounds: 3,
      },
    ];
  },
};
