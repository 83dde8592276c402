/**
 * What the open cases of a challenger ask of its device. Whoever files more than it can compute for loses by the clock, however right it
 * is: so a case is opened only where it can be played in time beside those that are open, and nothing else is begun that these cannot wait for.
 */
import type { Client } from "@connectrpc/connect";
import { type ChainMessage, listAll } from "@r3mes/chain-client";
import { type Case, CaseKind, type Clock, type Query } from "@r3mes/protocol/messages";
import type { Logger } from "@r3mes/service";
import { type CheckJournal, checkMsIn } from "./checkRecord.ts";

export interface CaseLoadDeps {
  readonly query: Pick<Client<typeof Query>, "cases" | "params">;
  /** What it has found, and what that took. */
  readonly journal: Pick<CheckJournal, "records">;
  readonly submit: (messages: readonly ChainMessage[]) => Promise<unknown>;
  /** Of late, from one block to the next, in milliseconds. */
  readonly blockMs: () => number;
  readonly log: Pick<Logger, "warn">;
}

/** A challenge that is to be filed. */
export interface FoundFraud {
  readonly submission: bigint;
  readonly pool: bigint;
  readonly message: ChainMessage;
}

export interface CaseLoad {
  /**
   * Files a challenge, one at a time, so that each sees the case before it. False if its case could not be played in time. Where nothing was
   * measured yet, one is tried alone, as a miner tries a lease.
   */
  open(fraud: FoundFraud, height: bigint): Promise<boolean>;
  /** Whether the open cases can wait until a chunk of a pool is trained. What a device has begun is not interrupted. */
  bearsCheck(pool: bigint, height: bigint): Promise<boolean>;
}

/** What a case still asks of a device, and until when. */
interface Load {
  readonly workMs: number;
  readonly leftMs: number;
}

/** The chunk again, up to the disputed step, and that step with everything in it hashed; and a machine that is busy is slower than it was. */
const timesItsCheck = 2;
/** What of a clock is left for computing: the moves themselves wait for blocks. */
const computingPercent = 75;

export function createCaseLoad(
  address: string,
  { query, journal, submit, blockMs, log }: CaseLoadDeps,
): CaseLoad {
  /** What has to wait is told of once. */
  const told = new Set<bigint>();
  return {
    async open({ submission, pool, message }, height) {
      const loads = await openLoads(height);
      const { params } = await query.params({});
      const { clockBlocks = 0 } = params?.params?.dispute ?? {};
      const leftMs = computingMs(clockBlocks);
      const ms = checkMsIn(journal.records, pool);
      const isCarried =
        ms === undefined
          ? loads.every(needsNoTraining)
          : areCarried([...loads, { workMs: timesItsCheck * ms, leftMs }], 0);
      if (isCarried) await submit([message]);
      else if (!told.has(submission)) {
        const facts = { submission: String(submission), ms };
        log.warn(facts, "not challenged: its case could not be played in time");
        told.add(submission);
      }
      return isCarried;
    },
    async bearsCheck(pool, height) {
      const loads = await openLoads(height);
      const ms = checkMsIn(journal.records, pool);
      return ms === undefined ? loads.every(needsNoTraining) : areCarried(loads, ms);
    },
  };

  function computingMs(clockBlocks: number): number {
    return (clockBlocks * blockMs() * computingPercent) / 100;
  }

  /** A case about a sum trains nothing. One about a submission of which it is not known how long that takes has no end. */
  async function openLoads(height: bigint): Promise<Load[]> {
    const cases = await listAll(query, "cases", { party: address });
    return cases.map((one) => {
      const known = checkMsIn(journal.records, one.poolId) ?? Number.POSITIVE_INFINITY;
      const ms = one.kind === CaseKind.AGGREGATE ? 0 : known;
      const leftMs = computingMs(blocksLeft(clockOf(one, address), height));
      return { workMs: timesItsCheck * ms, leftMs };
    });
  }
}

function needsNoTraining({ workMs }: Load): boolean {
  return workMs === 0;
}

/** They take their turns as their clocks end, behind what holds the device up for so long. */
function areCarried(loads: readonly Load[], heldUpMs: number): boolean {
  let ms = heldUpMs;
  return loads
    .toSorted((a, b) => a.leftMs - b.leftMs)
    .every(({ workMs, leftMs }) => {
      ms += workMs;
      return ms <= leftMs;
    });
}

function clockOf({ challenger, challengerClock, defenderClock }: Case, address: string) {
  return challenger === address ? challengerClock : defenderClock;
}

/** It runs from where it was started; one that stands keeps what it has. */
function blocksLeft(clock: Clock | undefined, height: bigint): number {
  const { blocksLeft: left = 0, startedHeight = 0n } = clock ?? {};
  return startedHeight === 0n ? left : left - Number(height - startedHeight);
}
