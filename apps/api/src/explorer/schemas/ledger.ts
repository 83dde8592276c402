/** Blocks, transactions, events. */
import { z } from "zod";
import { address, amount, hash, height, number, text, timeMs } from "./primitives.ts";

export const block = z
  .object({
    height,
    hash,
    timeMs,
    proposer: hash.describe("Consensus address of the validator that proposed it."),
    transactions: number,
    events: number.describe("Events of the R3MES module."),
    gasUsed: number,
  })
  .meta({ id: "Block" });

export const transaction = z
  .object({
    hash,
    height,
    index: number,
    timeMs,
    code: number.describe("0 when it was executed."),
    codespace: z.string(),
    log: text,
    gasWanted: number,
    gasUsed: number,
    fee: amount,
    payer: address,
    memo: text,
    messageTypes: z.array(z.string()),
  })
  .meta({ id: "Transaction" });

export const event = z
  .object({
    id: z.string().describe("Resume token: height and index, such as `1204-3`."),
    kind: z
      .enum([
        "block",
        "round",
        "chunk",
        "audit",
        "case",
        "adapter",
        "reward",
        "participant",
        "registry",
        "beacon",
      ])
      .describe("What it is about; also the name of the SSE event."),
    type: z.string().describe("Name of the chain's event, such as `ChunkLeased`, or `Block`."),
    height,
    index: number.describe("Place among the events of its block."),
    timeMs,
    transaction: hash.nullable().describe("Null for what the block itself did."),
    data: z
      .record(z.string(), z.unknown())
      .describe("Its fields: bytes in hexadecimal, addresses of content in base32."),
    poolId: number.nullable(),
    round: number.nullable(),
    submissionId: number.nullable(),
    adapterId: number.nullable(),
    caseId: number.nullable(),
    accounts: z.array(address),
  })
  .meta({ id: "NetworkEvent" });

export const transactionDetail = transaction
  .extend({
    messages: z.array(
      z.object({
        type: z.string(),
        value: z.unknown().describe("Its fields, or its bytes in hexadecimal when unknown."),
      }),
    ),
    bytes: hash.describe("The transaction as it stands in the block, in hexadecimal."),
    eventItems: z.array(event),
  })
  .meta({ id: "TransactionDetail" });

export const blockDetail = block
  .extend({ transactionItems: z.array(transaction), eventItems: z.array(event) })
  .meta({ id: "BlockDetail" });
