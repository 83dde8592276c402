/** A block becomes rows: what it holds itself, then what each of its events changes, in their order. */
import { chain } from "@r3mes/database";
import type { DecodedBlock, DecodedEvent } from "../decode/decodeBlock.ts";
import { plainAny } from "../decode/transactionTypes.ts";
import type { RowStore } from "../write/createRowStore.ts";
import { adapterHandlers } from "./adapters.ts";
import { addressesIn } from "./addressesIn.ts";
import { auditHandlers } from "./audits.ts";
import { disputeHandlers } from "./disputes.ts";
import { participantHandlers } from "./participants.ts";
import { change, type Handler } from "./place.ts";
import { poolHandlers } from "./pools.ts";
import type { Records } from "./records.ts";
import { registryHandlers } from "./registries.ts";
import { rewardHandlers } from "./rewards.ts";
import { workHandlers } from "./work.ts";

const handlers: ReadonlyMap<string, Handler> = new Map(
  [
    ...participantHandlers,
    ...registryHandlers,
    ...poolHandlers,
    ...workHandlers,
    ...auditHandlers,
    ...adapterHandlers,
    ...disputeHandlers,
    ...rewardHandlers,
  ].map((handler) => [handler.schema.typeName, handler]),
);

/** What the cursor counts, before the first block; handlers add to it. */
const nothingCounted = {
  ...{ blocks: 0, transactions: 0, accounts: 0 },
  ...{ minted: 0n, credited: 0n, withdrawn: 0n, taken: 0n, burned: 0n },
  ...{ revealed: 0, chunks: {}, audits: {}, verdicts: {}, cases: {}, accepted: {} },
};

const maxSafe = BigInt(Number.MAX_SAFE_INTEGER);

export async function applyBlock(
  chainId: string,
  block: DecodedBlock,
  rows: RowStore,
  records: Records,
): Promise<void> {
  const { height, hash, timeMs } = block;
  const before = (await rows.get(chain.cursor, { id: 1 })) ?? nothingCounted;
  rows.put(chain.cursor, {
    ...before,
    ...{ id: 1, chainId, height, hash, timeMs, version: chain.tablesVersion },
    blocks: before.blocks + 1,
    transactions: before.transactions + block.transactions.length,
  });
  putBlock(block, rows);
  for (const transaction of block.transactions) await putTransaction(block, transaction, rows);
  const seen = new Set<unknown>();
  for (const event of block.events) {
    await putEvent(block, event, rows);
    const { index, transaction, cause, data } = event;
    const place = { rows, records, height, seen, index, transaction, cause, data };
    await handlers.get(event.schema.typeName)?.apply(event.message as never, place);
  }
}

function putBlock({ height, hash, timeMs, proposer, ...block }: DecodedBlock, rows: RowStore) {
  const gasUsed = block.transactions.reduce((all, { result }) => all + result.gasUsed, 0n);
  rows.put(chain.blocks, {
    ...{ height, hash, timeMs, proposer },
    transactions: block.transactions.length,
    events: block.events.length,
    gasUsed: safeCount(gasUsed),
  });
}

async function putTransaction(
  { height }: DecodedBlock,
  transaction: DecodedBlock["transactions"][number],
  rows: RowStore,
): Promise<void> {
  const { hash, index, fee, payer, memo, bytes, result } = transaction;
  const messages = transaction.messages.map(plainAny);
  rows.put(chain.transactions, {
    ...{ hash, height, index, fee, payer, memo, messages, bytes },
    code: result.code,
    codespace: result.codespace,
    log: result.log,
    gasWanted: safeCount(result.gasWanted),
    gasUsed: safeCount(result.gasUsed),
    messageTypes: messages.map(({ type }) => type),
  });
  for (const address of addressesIn([payer, messages])) {
    rows.put(chain.transactionAccounts, { address, height, index, hash });
    await meet(address, height, rows);
  }
}

async function putEvent(
  { height, timeMs }: DecodedBlock,
  { index, kind, name, data, transaction }: DecodedEvent,
  rows: RowStore,
): Promise<void> {
  const accounts = addressesIn(data);
  const id = (field: string) => (typeof data[field] === "number" ? data[field] : null);
  rows.put(chain.events, {
    ...{ height, index, timeMs, kind, transaction, data, accounts },
    type: name,
    poolId: id("poolId"),
    round: id("round"),
    submissionId: id("submissionId") ?? id("leaseId"),
    adapterId: id("adapterId"),
    caseId: id("caseId") || null,
  });
  for (const address of accounts) await meet(address, height, rows);
}

/** Whoever signs may ask for any gas; what no block could ever use is all one. */
function safeCount(value: bigint): number {
  return Number(value > maxSafe ? maxSafe : value);
}

async function meet(address: string, height: number, rows: RowStore): Promise<void> {
  if ((await rows.get(chain.accounts, { address })) !== undefined) return;
  rows.put(chain.accounts, { address, firstHeight: height });
  await change({ rows, height }, chain.cursor, { id: 1 }, ({ accounts }) => ({
    accounts: accounts + 1,
  }));
}
