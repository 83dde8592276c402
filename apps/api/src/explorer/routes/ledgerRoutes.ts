/** Blocks, transactions and events. */
import { chain } from "@r3mes/database";
import { and, asc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { ApiServer } from "../../apiServer.ts";
import { addRead } from "../addRead.ts";
import type { ExplorerDeps } from "../explorerDeps.ts";
import { pageReader } from "../readPage.ts";
import { eventRecord, transactionRecord } from "../records.ts";
import { block, blockDetail, event, transaction, transactionDetail } from "../schemas/ledger.ts";
import { pageOf, pageQuery } from "../schemas/page.ts";
import { queryCount, queryNumber } from "../schemas/primitives.ts";
import { theOne } from "../theOne.ts";
import { fieldsOf, recordsReader, rowsOf, select } from "../writtenJson.ts";

const { blocks, transactions, transactionAccounts, events } = chain;

const readBlocks = pageReader({ table: blocks, keys: [blocks.height] });
const readTransactions = pageReader({
  table: transactions,
  keys: [transactions.height, transactions.index],
  record: transactionRecord,
});
const readTransactionsOfAccount = pageReader({
  table: transactionAccounts,
  keys: [transactionAccounts.height, transactionAccounts.index],
  record: transactionRecord,
  join: { table: transactions, on: eq(transactions.hash, transactionAccounts.hash) },
  conditions: { account: (account) => sql`${transactionAccounts.address} = ${account}` },
});
const readEvents = pageReader({
  table: events,
  keys: [events.height, events.index],
  record: eventRecord,
  conditions: { account: (account) => sql`${events.accounts} @> array[${account}]::text[]` },
});

const wholeBlock = {
  ...fieldsOf(blocks),
  transactionItems: rowsOf(
    select(transactionRecord)
      .from(transactions)
      .where(eq(transactions.height, blocks.height))
      .orderBy(asc(transactions.index)),
  ),
  eventItems: rowsOf(
    select(eventRecord)
      .from(events)
      .where(eq(events.height, blocks.height))
      .orderBy(asc(events.index)),
  ),
};
const readBlockAt = recordsReader(["height"], ({ height }) =>
  select(wholeBlock).from(blocks).where(eq(blocks.height, height)),
);
const readBlockByHash = recordsReader(["hash"], ({ hash }) =>
  select(wholeBlock).from(blocks).where(eq(blocks.hash, hash)),
);

const readTransaction = recordsReader(["hash"], ({ hash }) =>
  select({
    ...fieldsOf(transactions),
    timeMs: transactionRecord.timeMs,
    eventItems: rowsOf(
      select(eventRecord)
        .from(events)
        .where(
          and(eq(events.height, transactions.height), eq(events.transaction, transactions.hash)),
        )
        .orderBy(asc(events.index)),
    ),
  })
    .from(transactions)
    .where(eq(transactions.hash, hash)),
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

export function addLedgerRoutes(server: ApiServer, { database }: ExplorerDeps): void {
  const { sql: reader } = database;

  addRead(
    server,
    "/blocks",
    {
      summary: "Blocks, the newest first",
      query: pageQuery,
      reply: pageOf(block, "BlockPage"),
    },
    ({ query }) => readBlocks(reader, query),
  );

  addRead(
    server,
    "/blocks/:id",
    {
      summary: "A block by its height or hash, with what is in it",
      params: z.object({ id: z.string().max(64) }),
      reply: blockDetail,
    },
    async ({ params: { id } }) => {
      const isHeight = /^\d{1,15}$/.test(id);
      const records = isHeight
        ? await readBlockAt(reader, { height: Number(id) })
        : await readBlockByHash(reader, { hash: id });
      return theOne(records, { code: "BLOCK_NOT_FOUND", id });
    },
  );

  addRead(
    server,
    "/transactions",
    {
      summary: "Transactions, the newest first; of one account, if one is named",
      query: pageQuery.extend({ account: z.string().max(64).optional() }),
      reply: pageOf(transaction, "TransactionPage"),
    },
    ({ query }) =>
      query.account === undefined
        ? readTransactions(reader, query)
        : readTransactionsOfAccount(reader, query),
  );

  addRead(
    server,
    "/transactions/:hash",
    {
      summary: "A transaction with its messages and what it caused",
      params: z.object({ hash: z.string().max(64) }),
      reply: transactionDetail,
    },
    async ({ params }) => {
      const hash = params.hash.toLowerCase();
      const records = await readTransaction(reader, { hash });
      return theOne(records, { code: "TRANSACTION_NOT_FOUND", id: hash });
    },
  );

  addRead(
    server,
    "/events",
    {
      summary: "Events of the module, the newest first",
      query: pageQuery.extend(eventFilter.shape),
      reply: pageOf(event, "NetworkEventPage"),
    },
    ({ query }) => readEvents(reader, query),
  );
}
