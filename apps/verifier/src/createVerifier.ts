/**
 * A verifier: it feeds the beacon, audits the steps that it is drawn for, attests the sum of a round, challenges another that was adopted,
 * and looks again at work whose miner lost a case. It never signs a verdict, a sum or a finding that it did not compute; what it cannot have
 * it calls "cannot check", with the reason.
 */
import {
  type CasePlayer,
  createDutyQueue,
  createLivePools,
  type DutyQueue,
  trainAgain,
  trying,
} from "@r3mes/participant";
import { type Duty, DutyKind, PoolStatus, type Submission } from "@r3mes/protocol/messages";
import { createHeights, type Heights } from "./createHeights.ts";
import { createPunctuality } from "./createPunctuality.ts";
import { attestRound } from "./duties/attestRound.ts";
import { type Beacon, createBeacon } from "./duties/beacon.ts";
import { commitVerdict } from "./duties/commitVerdict.ts";
import { createSumWatch } from "./duties/createSumWatch.ts";
import { createUpdateTrainer } from "./duties/createUpdateTrainer.ts";
import { findFault } from "./duties/findFault.ts";
import { createCases } from "./duties/playCase.ts";
import { revealVerdict } from "./duties/revealVerdict.ts";
import { replaysOf } from "./replaysOf.ts";
import type { VerifierDeps, VerifierOptions } from "./verifierDeps.ts";

export interface Verifier {
  /**
   * Does everything that is due at this height; returns what it did. It may be called for the next height before it is done: what is under
   * way is left alone, and a reveal waits for no block that takes something else.
   */
  tick(height: bigint): Promise<readonly string[]>;
}

export function createVerifier(options: VerifierOptions, deps: VerifierDeps): Verifier {
  const queue = createDutyQueue(deps);
  const cases = createCases(options, deps);
  const train = (submission: Submission) => trainAgain(replaysOf(deps), submission);
  const sums = { queue, trainUpdate: createUpdateTrainer(options, { ...deps, train }, queue) };
  const disputeSum = createSumWatch(options, deps, sums);
  const livePools = createLivePools(deps.query);
  const beacon = createBeacon(options, deps);
  const beginOf = ({ kind, id, fromHeight }: Duty) =>
    (kind === DutyKind.REVEAL_BEACON ? beacon.openAfter(id) : undefined) ?? fromHeight;
  const punctuality = createPunctuality(deps.journal.records.some(({ kind }) => kind === "secret"));
  const underWay = new Set<string>();
  const heights = createHeights();
  return {
    async tick(height) {
      heights.note(height);
      const isPunctual = punctuality.isPunctual(height);
      const done: string[] = [];
      const attempt = async (name: string, id: bigint, run: () => Promise<boolean>) => {
        const key = `${name} ${id}`;
        if (underWay.has(key)) return;
        underWay.add(key);
        const isDone = await trying(deps, { duty: name }, run).finally(() => underWay.delete(key));
        if (isDone === true) done.push(name);
      };
      const { duties } = await deps.query.duties({ operator: options.operator });
      // What is sent now is in the next block at the earliest.
      const due = duties.filter((duty) => beginOf(duty) <= height && height < duty.endHeight);
      // All at once: none of them waits for the block that takes another.
      await Promise.all([
        ...due.map((duty) =>
          attempt(nameOf(duty), duty.id, () =>
            act(options, deps, { queue, cases, beacon, heights }, duty),
          ),
        ),
        attempt("beacon committed", 0n, async () => (isPunctual ? beacon.commit(height) : false)),
      ]);
      for (const { id, status } of await livePools()) {
        if (options.pools !== undefined && !options.pools.includes(id)) continue;
        // The last round of a pool that has closed is over.
        if (status !== PoolStatus.CLOSED) {
          await attempt("round attested", id, () => attestRound(options, deps, sums, id));
        }
        await attempt("sum challenged", id, () => disputeSum(id, height));
      }
      const collection = deps.collect?.(height);
      if (collection !== undefined) queue.begin({ name: "collect" }, collection);
      return done;
    },
  };
}

function nameOf(duty: Duty): string {
  const names: Partial<Record<DutyKind, string>> = {
    [DutyKind.COMMIT_VERDICT]: "verdict committed",
    [DutyKind.REVEAL_VERDICT]: "verdict revealed",
    [DutyKind.REVEAL_BEACON]: "beacon revealed",
    [DutyKind.FIND_FAULT]: "fault found",
  };
  return names[duty.kind] ?? "duty of another role";
}

interface Work {
  readonly queue: DutyQueue;
  readonly cases: CasePlayer;
  readonly beacon: Beacon;
  readonly heights: Heights;
}

async function act(
  options: VerifierOptions,
  deps: VerifierDeps,
  { queue, cases, beacon, heights }: Work,
  duty: Duty,
): Promise<boolean> {
  switch (duty.kind) {
    case DutyKind.COMMIT_VERDICT:
      return commitVerdict(options, deps, { queue, heights }, duty);
    case DutyKind.REVEAL_VERDICT:
      return revealVerdict(options, deps, duty.id);
    case DutyKind.REVEAL_BEACON:
      return beacon.reveal(duty.id);
    case DutyKind.FIND_FAULT:
      return findFault(options, deps, { queue, heights }, duty);
    case DutyKind.POST_TRACE:
    case DutyKind.PINPOINT:
    case DutyKind.EXECUTE_TILE:
      queue.beginWith(
        { name: `case ${duty.id}`, endHeight: duty.endHeight },
        () => cases.prepare(duty.id),
        async (move) => move?.(),
        () => heights.newest() < duty.endHeight,
      );
      return false;
    default:
      return false;
  }
}
