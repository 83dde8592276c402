/** Accounts, bonds, pay and fines. */
import { z } from "zod";
import {
  address,
  amount,
  hash,
  height,
  number,
  payRole,
  role,
  sum64,
  timeMs,
} from "./primitives.ts";

export const participant = z
  .object({ owner: address, operator: address, height })
  .meta({ id: "Participant" });

export const bond = z
  .object({ owner: address, role, amount, locked: amount, height })
  .meta({ id: "Bond" });

export const unbonding = z
  .object({
    id: number,
    owner: address,
    role,
    amount,
    height,
    releaseHeight: height,
    paidHeight: height.nullable(),
    paid: amount.nullable(),
  })
  .meta({ id: "Unbonding" });

export const credit = z
  .object({
    height,
    index: number,
    timeMs,
    owner: address,
    role: payRole,
    submissionId: number,
    amount,
  })
  .meta({ id: "RewardCredit", description: "One line of somebody's pay." });

export const withdrawal = z
  .object({ height, index: number, owner: address, amount, transaction: hash.nullable() })
  .meta({ id: "Withdrawal" });

export const earning = z
  .object({ owner: address, role: payRole, credited: amount, credits: number })
  .meta({ id: "Earning" });

export const rewardEpoch = z
  .object({
    epoch: number,
    work: sum64.describe("Verified work, in multiply-adds times the pools' emission weights."),
    minted: amount,
    height,
  })
  .meta({ id: "RewardEpoch" });

export const offence = z
  .object({
    height,
    index: number,
    timeMs,
    fault: z.string().describe("What was done, such as `wrong_step`."),
    subject: number.describe("Submission, case or epoch that it concerns."),
    offender: address,
    taken: amount,
    burned: amount,
    awarded: amount,
    insured: amount,
    caseId: number.nullable().describe("The dispute that proved it."),
    transaction: hash.nullable(),
  })
  .meta({ id: "Offence" });

export const account = z
  .object({ address, firstHeight: height.describe("Where the index met it first.") })
  .meta({ id: "Account" });

export const knownAccount = account
  .extend({ roles: z.array(role).describe("Those that it has a bond for.") })
  .meta({ id: "KnownAccount" });

export const accountDetail = account
  .extend({
    participant: participant.nullable(),
    operatorOf: z.array(address).describe("Owners whose operator key it is."),
    bonds: z.array(bond),
    unbondings: z.array(unbonding),
    earnings: z.array(earning),
    credited: amount,
    withdrawn: amount,
    withdrawable: amount,
    openLeases: number,
    submissionsByStatus: z.record(z.string(), number),
    offences: number,
    taken: amount.describe("By fines, in all."),
  })
  .meta({ id: "AccountDetail" });
