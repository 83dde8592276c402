/** A verifier on what its process has opened: it proves its device, bonds, and works at every height. */
import type { Session } from "@r3mes/engine";
import { createReferee, nodeSha256 } from "@r3mes/engine/node";
import {
  atEachHeight,
  caseWaitMs,
  contentOf,
  createBeside,
  createBlockPace,
  createPaySum,
  createPoolOpener,
  createPrefetch,
  createStoreKeeper,
  createWithdrawal,
  describeDuties,
  holdBond,
  idsOfOpenPools,
  type Participant,
  patienceMs,
  proveDevice,
  type RunTime,
  type StatusBoard,
  type TrainingPool,
  timedSession,
  untilAnswered,
} from "@r3mes/participant";
import { Role } from "@r3mes/protocol/messages";
import { type Journal, systemRandomness } from "@r3mes/service";
import type { z } from "zod";
import { createComputeCount } from "./createComputeCount.ts";
import { createSumWindow, type SumWindow } from "./createSumWindow.ts";
import { createVerifier } from "./createVerifier.ts";
import { isFoundRight } from "./duties/findFault.ts";
import { createOwnContent } from "./ownContent.ts";
import type { VerifierDeps, VerifierPool } from "./verifierDeps.ts";
import type { VerifierRecord } from "./verifierRecord.ts";
import type { verifierSettings } from "./verifierSettings.ts";

/** How often it is looked whether a fine has to be made up for, and whether a sum has the time that it may need. */
const bondEveryBlocks = 50n;
const windowEveryBlocks = 50n;

/** Steps that are run again come before the training of a miner beside it, and after everything that answers. */
const niceness = 5;

/** An audit runs steps of the training program, and a sum is evaluated by its forward part. */
const verifiedParts = ["training", "evaluation"] as const;

type Settings = z.output<z.ZodObject<typeof verifierSettings>>;

/** `adapt` lets whoever embeds a verifier pass other ports than the process's own. */
export async function verify(
  participant: Participant,
  { verify: own }: Settings,
  board: StatusBoard,
  adapt: (deps: VerifierDeps) => VerifierDeps = (deps) => deps,
): Promise<void> {
  const { query, journal, store, log, address, metrics, clock } = participant;
  const { threads, memoryMib } = own;
  const device = { backend: own.backend, threads, bytesMax: memoryMib * 2 ** 20, niceness };
  const { params } = await untilAnswered(participant, () => query.params({}));
  const least = params?.params?.bond?.verifier ?? 0n;
  const stake = { role: Role.VERIFIER, least };
  const backend = await proveDevice(device, stake, participant);
  const ending = participant.shutdown.signal;
  const content = contentOf(store, { ending });
  const openPool = createPoolOpener({ parts: verifiedParts }, { query, content, backend });
  const count = createComputeCount(metrics);
  const pace = createBlockPace(clock);
  const window = createSumWindow({ patienceMs }, { query, log, pace });
  // A fine must not end the role: what answers for it is twice what the chain asks for, and is filled up again.
  const bond = own.bondUremes === 0 ? 2n * least : BigInt(own.bondUremes);
  const fillBond = await holdBond({ address, ...stake, bond }, participant);
  const ownContent = createOwnContent({ query, journal: journal as Journal<VerifierRecord> });
  const verifier = createVerifier(
    { chainId: participant.chainId, operator: address, owner: address },
    adapt({
      query,
      submit: participant.submit,
      prepare: participant.prepare,
      offer: participant.offer,
      store,
      fetch: content.get,
      bring: content.bring,
      bringSoon: contentOf(store, { ending, waitMs: caseWaitMs }).bring,
      referee: createReferee(),
      journal: journal as Journal<VerifierRecord>,
      salt: () => systemRandomness.bytes(32),
      hash: nodeSha256,
      collect: createStoreKeeper({ query, log, store, own: ownContent }),
      log,
      onUpdateMade: count.onUpdateMade,
      openPool: async (id) => countedPool(await openPool(id), { clock, count, window }),
    }),
  );
  const prefetch = createPrefetch({ pools: () => idsOfOpenPools(query), openPool, log });
  participant.begin();
  const beside = createBeside(participant);
  const work = async (height: bigint) => {
    for (const done of await verifier.tick(height)) {
      log.info({ height: String(height) }, done);
    }
  };
  const paidSoFar = createPaySum(journal);
  const withdraw = createWithdrawal(address, BigInt(own.withdrawUremes), participant);
  const report = async (height: bigint) => {
    const matured = await withdraw(height);
    const { duties } = await query.duties({ operator: address });
    const earned = { matured, paid: paidSoFar() };
    board.current = {
      role: "verifier",
      address,
      height,
      computed: count.audited(),
      duties: describeDuties(
        duties.filter((duty) => !isFoundRight(journal.records, duty)),
        height,
      ),
      earned,
    };
  };
  await atEachHeight(participant, async (height) => {
    pace.note(height);
    beside.begin(`height ${height}`, () => work(height));
    beside.begin("report", () => report(height));
    if (height % bondEveryBlocks === 0n) beside.begin("bond", fillBond);
    if (height % windowEveryBlocks === 0n) beside.begin("window of sums", window.check);
    await prefetch();
  });
}

/** A pool whose sessions tell what they compute, and what for. */
function countedPool(pool: TrainingPool, { clock, count, window }: Counting): VerifierPool {
  const counted = async (session: Promise<Session>, onRun: (time: RunTime) => void) =>
    timedSession(await session, clock.monotonicMs, onRun);
  const onAudit = (time: RunTime) => {
    count.onAudit(time);
    window.noteChunk(time.ms * pool.opened.plan.localSteps);
  };
  return {
    opened: pool.opened,
    training: () => counted(pool.session(), onAudit),
    replay: () => counted(pool.session(), count.onReplay),
    evaluation: () => counted(pool.evaluation(), count.onEvaluation),
  };
}

interface Counting extends Pick<Participant, "clock"> {
  readonly count: ReturnType<typeof createComputeCount>;
  readonly window: SumWindow;
}
