/**
 * A miner: it asks the chain what it must do, and does it, most urgent first; when it has room for another chunk, it leases the
 * next chunk. What it has promised is in its journal, what it must do is on the chain: it may be killed at any moment.
 */
import { queryAdapterCid } from "@r3mes/chain-client";
import { createDutyQueue, createTaskQueue, trying } from "@r3mes/participant";
import { type Duty, DutyKind, type Round } from "@r3mes/protocol/messages";
import { type OpenedPool, shardsOfChunk } from "@r3mes/training";
import { createObstacles } from "./createObstacles.ts";
import { createDefence } from "./duties/answerCase.ts";
import { claimChunk } from "./duties/claimChunk.ts";
import { commitChunk } from "./duties/commitChunk.ts";
import { openDrawnStep } from "./duties/openDrawnStep.ts";
import { revealSubmission } from "./duties/revealSubmission.ts";
import { trainLease } from "./duties/trainLease.ts";
import { findWork, workOf } from "./findWork.ts";
import type { MinerDeps, MinerOptions } from "./minerDeps.ts";

export interface Miner {
  /** Does everything that is due at this height. Returns what it did, for whoever shows it. */
  tick(height: bigint): Promise<readonly Done[]>;
}

export type Done =
  | { readonly kind: "committed" | "revealed" | "opened"; readonly lease: bigint }
  | { readonly kind: "claimed"; readonly lease: bigint; readonly chunk: bigint };

export function createMiner(options: MinerOptions, deps: MinerDeps): Miner {
  // A device computes one thing after the other, and a reveal that is due must not wait for it.
  const queue = createDutyQueue(deps);
  // What a chunk needs comes while the one before it is trained.
  const fetching = createTaskQueue();
  const defence = createDefence(options, deps);
  const opened = new Set<bigint>();
  /** Leases whose chunks are being trained. */
  const inHand = new Set<bigint>();
  const obstacles = createObstacles(deps);
  let reached = 0n;
  const train = ({ id, endHeight }: Duty) =>
    queue.begin({ name: `chunk of lease ${id}`, endHeight }, async (letGo) => {
      inHand.add(id);
      const isOver = () => reached >= endHeight;
      await trainLease(deps, id, { letGo, isOver }).finally(() => inHand.delete(id));
    });
  const isOpen = (pool: bigint): boolean => {
    if (opened.has(pool)) return true;
    queue.begin({ name: `open pool ${pool}` }, async () => {
      await deps.openPool(pool);
      opened.add(pool);
    });
    return false;
  };
  const fetch = (name: string, pool: bigint, ask: (opened: OpenedPool) => Promise<unknown>) =>
    fetching.begin(`${name} of ${pool}`, () =>
      trying(deps, { duty: "fetch ahead", pool: String(pool), content: name }, async () =>
        ask((await deps.openPool(pool)).opened),
      ),
    );
  const fetchAdapter = ({ poolId, number, adapterId }: Round) =>
    fetch(`adapter of round ${number}`, poolId, async (opened) =>
      opened.adapter(await queryAdapterCid(deps.query, poolId, adapterId)),
    );
  const fetchShards = (pool: bigint, chunk: bigint) =>
    fetch(`shards of chunk ${chunk}`, pool, ({ plan, shards }) =>
      shards("train", shardsOfChunk(plan, Number(chunk))),
    );
  const defend = ({ id, endHeight }: Duty) =>
    queue.beginWith(
      { name: `case ${id}`, endHeight },
      () => defence.prepare(id),
      async (move) => move?.(),
      () => reached < endHeight,
    );
  return {
    async tick(height) {
      const done: Done[] = [];
      reached = height;
      const { duties } = await deps.query.duties({ operator: options.operator });
      // What is sent now is in the next block at the earliest.
      const due = duties.filter((duty) => duty.fromHeight <= height && height < duty.endHeight);
      // All at once: none of them waits for the block that takes another.
      await Promise.all(
        due.map(async (duty) => {
          const did = await trying(deps, fieldsOf(duty), () =>
            act(options, deps, duty, { train, defend }),
          );
          if (did !== null) done.push(did);
        }),
      );
      const collection = deps.collect?.(height);
      if (collection !== undefined) queue.beginAlone("collect", collection);
      const committing = duties.filter(({ kind }) => kind === DutyKind.COMMIT).map(({ id }) => id);
      // What is trained still, though its lease is over, holds up the device as well.
      const leased = new Set([...committing, ...inHand]).size;
      if (leased < options.leases && obstacles.at(height).pausedUntil === null) {
        const claimed = await trying(deps, { duty: "claim" }, () =>
          claimChunk(
            options,
            deps,
            { height, leased },
            { isOpen, fetchAdapter, fetchShards, obstacles },
          ),
        );
        if (claimed !== null) done.push({ kind: "claimed", ...claimed });
      }
      deps.onLook?.({ duties, ...obstacles.at(height) });
      return done;
    },
  };
}

interface Hands {
  readonly train: (duty: Duty) => void;
  readonly defend: (duty: Duty) => void;
}

async function act(
  options: MinerOptions,
  deps: MinerDeps,
  duty: Duty,
  { train, defend }: Hands,
): Promise<Done | null> {
  switch (duty.kind) {
    case DutyKind.COMMIT: {
      const work = findWork(deps, duty.id);
      if (work === undefined) {
        train(duty);
        return null;
      }
      await commitChunk(options, deps, duty.id, work);
      return { kind: "committed", lease: duty.id };
    }
    case DutyKind.REVEAL:
      await revealSubmission(options, deps, workOf(deps, duty.id));
      return { kind: "revealed", lease: duty.id };
    case DutyKind.OPEN_STEP:
      await openDrawnStep(options, deps, workOf(deps, duty.id));
      return { kind: "opened", lease: duty.id };
    case DutyKind.POST_TRACE:
    case DutyKind.PINPOINT:
    case DutyKind.EXECUTE_TILE:
      defend(duty);
      return null;
    default:
      return null;
  }
}

function fieldsOf({ kind, id, endHeight }: Duty): Readonly<Record<string, string | number>> {
  return { duty: kind, id: String(id), endHeight: String(endHeight) };
}
