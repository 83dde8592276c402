/** Blocks, transactions and events. */
import { chain } from "@r3mes/database";
import { R3mesError } from "@r3mes/protocol";
import { and, arrayContains, asc, eq, inArray, type SQL } from "drizzle-orm";
import { z } from "zod";
import type { ApiServer } from "../../apiServer.ts";
import type { ExplorerDeps } from "../explorerDeps.ts";
import { networkEvent } from "../networkEvent.ts";
import { readPage, readTimedPage } from "../readPage.ts";
import { block, blockDetail, event, transaction, transactionDetail } from "../schemas/ledger.ts";
import { pageOf, pageQuery } from "../schemas/page.ts";
import { queryCount, queryNumber } from "../schemas/primitives.ts";

const { blocks, transactions, transactionAccounts, events } = chain;
const tags = ["explorer"];
/** Transactions as lists show them. */
const listed = { table: transactions, at: transactions.height, unread: ["messages", "bytes"] };

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
    ({ query }) => readPage(sql, query, { table: blocks, keys: [blocks.height] }),
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
      const isIt = isHeight ? eq(blocks.height, Number(params.id)) : eq(blocks.hash, params.id);
      const [found] = await sql.select().from(blocks).where(isIt);
      if (found === undefined) throw new R3mesError({ code: "BLOCK_NOT_FOUND", id: params.id });
      const inBlock = { cursor: undefined, limit: 10_000 };
      const { items } = await readTimedPage(sql, inBlock, {
        ...listed,
        keys: [transactions.index],
        where: eq(transactions.height, found.height),
      });
      const happened = await sql
        .select()
        .from(events)
        .where(eq(events.height, found.height))
        .orderBy(asc(events.index));
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
      const keys = [transactions.height, transactions.index];
      if (account === undefined) return readTimedPage(sql, page, { ...listed, keys });
      const places = await readPage(sql, page, {
        table: transactionAccounts,
        keys: [transactionAccounts.height, transactionAccounts.index],
        where: eq(transactionAccounts.address, account),
      });
      const hashes = places.items.map(({ hash }) => hash);
      const where = inArray(transactions.hash, hashes);
      const { items } = await readTimedPage(sql, { limit: page.limit }, { ...listed, keys, where });
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
      const { items } = await readTimedPage(
        sql,
        { limit: 1 },
        {
          table: transactions,
          keys: [transactions.height],
          where: eq(transactions.hash, hash),
          at: transactions.height,
        },
      );
      const [found] = items;
      if (found === undefined) throw new R3mesError({ code: "TRANSACTION_NOT_FOUND", id: hash });
      const caused = await sql
        .select()
        .from(events)
        .where(and(eq(events.height, found.height), eq(events.transaction, hash)))
        .orderBy(asc(events.index));
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
      const page = await readPage(
        sql,
        { cursor, limit },
        {
          table: events,
          keys: [events.height, events.index],
          where: fitting(filter),
        },
      );
      return { ...page, items: page.items.map((row) => networkEvent(row)) };
    },
  );
}

function fitting({ account, ...values }: z.infer<typeof eventFilter>): SQL | undefined {
  const equal = (Object.entries(values) as [keyof typeof values, never][])
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => eq(events[name], value));
  const names = account === undefined ? undefined : arrayContains(events.accounts, [account]);
  return and(...equal, names);
}
