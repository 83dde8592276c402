/** Blocks, transactions and events. */
import { chain, statement } from "@r3mes/database";
import { R3mesError } from "@r3mes/protocol";
import { and, asc, eq, sql as text } from "drizzle-orm";
import { z } from "zod";
import type { ApiServer } from "../../apiServer.ts";
import type { ExplorerDeps } from "../explorerDeps.ts";
import { networkEvent } from "../networkEvent.ts";
import { pageReader, timedPageReader } from "../readPage.ts";
import { block, blockDetail, event, transaction, transactionDetail } from "../schemas/ledger.ts";
import { pageOf, pageQuery } from "../schemas/page.ts";
import { queryCount, queryNumber } from "../schemas/primitives.ts";

const { blocks, transactions, transactionAccounts, events } = chain;
const tags = ["explorer"];

const readBlocks = pageReader({ table: blocks, keys: [blocks.height] });
/** Transactions as lists show them. */
const readTransactions = timedPageReader({
  table: transactions,
  keys: [transactions.height, transactions.index],
  at: transactions.height,
  unread: ["messages", "bytes"],
  conditions: { hashes: (hashes) => text`${transactions.hash} = any(${hashes})` },
});
const readWholeTransactions = timedPageReader({
  table: transactions,
  keys: [transactions.height],
  at: transactions.height,
});
const readPlaces = pageReader({
  table: transactionAccounts,
  keys: [transactionAccounts.height, transactionAccounts.index],
});
const readEvents = pageReader({
  table: events,
  keys: [events.height, events.index],
  conditions: { account: (account) => text`${events.accounts} @> array[${account}]::text[]` },
});

const blockAt = statement(["height"], (sql, { height }) =>
  sql.select().from(blocks).where(eq(blocks.height, height)),
);
const blockByHash = statement(["hash"], (sql, { hash }) =>
  sql.select().from(blocks).where(eq(blocks.hash, hash)),
);
const eventsAt = statement(["height"], (sql, { height }) =>
  sql.select().from(events).where(eq(events.height, height)).orderBy(asc(events.index)),
);
const eventsOfTransaction = statement(["height", "hash"], (sql, { height, hash }) =>
  sql
    .select()
    .from(events)
    .where(and(eq(events.height, height), eq(events.transaction, hash)))
    .orderBy(asc(events.index)),
);

const eventFilter = z.object({
  kind: z.enum(event.shape.kind.options).exclude(["block"]).optional(),
  account: z.string().max(64).optional(),
  poolId: queryNumber.optional(),
  round: queryCount.optional(),
  submissionId: queryNumber.optional(),
  adapterId: queryNumber.optional(),
  caseId: queryNumber.optional(),
});

export function addLedgerRoutes(server: ApiServer, deps: ExplorerDeps): void {
  addBlockRoutes(server, deps);
  addTransactionRoutes(server, deps);
  addEventRoutes(server, deps);
}

function addBlockRoutes(server: ApiServer, { database: { sql } }: ExplorerDeps): void {
  server.get(
    "/blocks",
    {
      schema: {
        tags,
        summary: "Blocks, the newest first",
        querystring: pageQuery,
        response: { 200: pageOf(block, "BlockPage") },
      },
    },
    ({ query }) => readBlocks(sql, query),
  );

  server.get(
    "/blocks/:id",
    {
      schema: {
        tags,
        summary: "A block by its height or hash, with what is in it",
        params: z.object({ id: z.string().max(64) }),
        response: { 200: blockDetail },
      },
    },
    async ({ params }) => {
      const isHeight = /^\d{1,15}$/.test(params.id);
      const [found] = isHeight
        ? await blockAt(sql, { height: Number(params.id) })
        : await blockByHash(sql, { hash: params.id });
      if (found === undefined) throw new R3mesError({ code: "BLOCK_NOT_FOUND", id: params.id });
      const { height } = found;
      const { items } = await readTransactions(sql, { limit: 10_000 }, { height });
      const happened = await eventsAt(sql, { height });
      return {
        ...found,
        transactionItems: items.reverse(),
        eventItems: happened.map(networkEvent),
      };
    },
  );
}

function addTransactionRoutes(server: ApiServer, { database: { sql } }: ExplorerDeps): void {
  server.get(
    "/transactions",
    {
      schema: {
        tags,
        summary: "Transactions, the newest first; of one account, if one is named",
        querystring: pageQuery.extend({ account: z.string().max(64).optional() }),
        response: { 200: pageOf(transaction, "TransactionPage") },
      },
    },
    async ({ query: { account, ...page } }) => {
      if (account === undefined) return readTransactions(sql, page);
      const places = await readPlaces(sql, page, { address: account });
      const hashes = places.items.map(({ hash }) => hash);
      const { items } = await readTransactions(sql, { limit: page.limit }, { hashes });
      return { items, next: places.next };
    },
  );

  server.get(
    "/transactions/:hash",
    {
      schema: {
        tags,
        summary: "A transaction with its messages and what it caused",
        params: z.object({ hash: z.string().max(64) }),
        response: { 200: transactionDetail },
      },
    },
    async ({ params }) => {
      const hash = params.hash.toLowerCase();
      const { items } = await readWholeTransactions(sql, { limit: 1 }, { hash });
      const [found] = items;
      if (found === undefined) throw new R3mesError({ code: "TRANSACTION_NOT_FOUND", id: hash });
      const caused = await eventsOfTransaction(sql, { height: found.height, hash });
      return { ...found, eventItems: caused.map(networkEvent) } as z.infer<
        typeof transactionDetail
      >;
    },
  );
}

function addEventRoutes(server: ApiServer, { database: { sql } }: ExplorerDeps): void {
  server.get(
    "/events",
    {
      schema: {
        tags,
        summary: "Events of the module, the newest first",
        querystring: pageQuery.extend(eventFilter.shape),
        response: { 200: pageOf(event, "NetworkEventPage") },
      },
    },
    async ({ query: { cursor, limit, ...filter } }) => {
      const page = await readEvents(sql, { cursor, limit }, filter);
      return { ...page, items: page.items.map((row) => networkEvent(row)) };
    },
  );
}
