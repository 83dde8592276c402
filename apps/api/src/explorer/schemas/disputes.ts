/** Disputes, from the challenge to the tile. */
import { z } from "zod";
import { event } from "./ledger.ts";
import { offence } from "./participants.ts";
import { address, hash, height, number, timeMs } from "./primitives.ts";

export const dispute = z
  .object({
    id: number,
    kind: z.string().describe("What is disputed, such as `step`."),
    submissionId: number.nullable(),
    poolId: number.nullable(),
    round: number.nullable(),
    step: number.nullable(),
    defender: address,
    challenger: address,
    stage: z.string().nullable().describe("Which tree is bisected."),
    toMove: address.nullable(),
    blocksLeft: number.nullable(),
    found: z
      .record(z.string(), number)
      .describe("What the stages that are closed have found, such as `{steps: 12}`."),
    executedHash: hash.nullable().describe("Of the tile that consensus computed."),
    outcome: z.string().nullable().describe("Null while it is open."),
    openHeight: height,
    closeHeight: height.nullable(),
    openTransaction: hash.nullable(),
    closeTransaction: hash.nullable(),
  })
  .meta({ id: "Case" });

export const move = z
  .object({
    height,
    timeMs,
    index: number,
    type: z.string().describe("Name of the message, such as `PostTrace`."),
    signer: address,
    data: z.record(z.string(), z.unknown()).describe("The message, bytes in hexadecimal."),
    transaction: hash,
  })
  .meta({ id: "CaseMove" });

export const disputeDetail = dispute
  .extend({
    moves: z.array(move),
    offences: z.array(offence).describe("What it cost, and whom."),
    history: z.array(event),
  })
  .meta({ id: "CaseDetail" });
