/** A miner on what its process has opened: it proves its device, bonds, and works at every height. */
import { createReferee, nodeSha256 } from "@r3mes/engine/node";
import {
  atEachHeight,
  caseWaitMs,
  contentOf,
  createBlockPace,
  createPoolOpener,
  createPrefetch,
  createStoreKeeper,
  holdBond,
  idsOfOpenPools,
  type Participant,
  proveDevice,
  type StatusBoard,
  untilAnswered,
} from "@r3mes/participant";
import { Role } from "@r3mes/protocol/messages";
import { type Journal, systemRandomness } from "@r3mes/service";
import type { z } from "zod";
import { createMiner } from "./createMiner.ts";
import type { MinerDeps } from "./minerDeps.ts";
import type { MinerRecord } from "./minerRecord.ts";
import type { minerSettings } from "./minerSettings.ts";
import { createMinerStatus } from "./minerStatus.ts";
import { ownContent } from "./ownContent.ts";
import { createSpeed } from "./speed.ts";

/** Training takes what is left: a node or a verifier on the same machine has deadlines, a step has none so near. */
const niceness = 10;

type Settings = z.output<z.ZodObject<typeof minerSettings>>;

/** `adapt` lets whoever embeds a miner pass other ports than the process's own. */
export async function mine(
  participant: Participant,
  { mine: own }: Settings,
  board: StatusBoard,
  adapt: (deps: MinerDeps) => MinerDeps = (deps) => deps,
): Promise<void> {
  const { query, journal, store, log, clock, address } = participant;
  const { threads, memoryMib } = own;
  const device = { backend: own.backend, threads, bytesMax: memoryMib * 2 ** 20, niceness };
  const { params } = await untilAnswered(participant, () => query.params({}));
  const least = params?.params?.bond?.minerSlot ?? 0n;
  const stake = { role: Role.MINER, least };
  const backend = await proveDevice(device, stake, participant);
  const ending = participant.shutdown.signal;
  const content = contentOf(store, { ending });
  const openPool = createPoolOpener({ parts: ["training"] }, { query, content, backend });
  const pace = createBlockPace(clock);
  const status = createMinerStatus(participant, own.withdrawUremes, board);
  const bond = least * BigInt(own.slots);
  await holdBond({ address, ...stake, bond }, participant);
  /** Asked for once at each height, by whoever is first. */
  let open: Promise<readonly bigint[]> | undefined;
  const chosen = own.pool === undefined ? undefined : [BigInt(own.pool)];
  const pools = async () => {
    if (chosen !== undefined) return chosen;
    open ??= idsOfOpenPools(query);
    return open;
  };
  const miner = createMiner(
    {
      chainId: participant.chainId,
      operator: address,
      owner: address,
      leases: own.leases,
    },
    adapt({
      query,
      pools,
      submit: participant.submit,
      store,
      ...(store.disk === undefined ? {} : { disk: store.disk }),
      bring: contentOf(store, { ending, waitMs: caseWaitMs }).bring,
      referee: createReferee(),
      journal: journal as Journal<MinerRecord>,
      log,
      salt: () => systemRandomness.bytes(32),
      hash: nodeSha256,
      speed: createSpeed(clock.monotonicMs),
      monotonicMs: clock.monotonicMs,
      blockMs: pace.blockMs,
      onLook: status.looked,
      onStep: status.step,
      onChunk: status.trained,
      collect: createStoreKeeper({
        query,
        log,
        store,
        own: () => ownContent({ query, journal: journal as Journal<MinerRecord> }),
      }),
      async openPool(id) {
        const pool = await openPool(id);
        return { opened: pool.opened, session: await pool.session() };
      },
    }),
  );
  const prefetch = createPrefetch({ pools, openPool, log });
  participant.begin();
  await atEachHeight(participant, async (height) => {
    open = undefined;
    await prefetch();
    pace.note(height);
    for (const done of await miner.tick(height)) {
      log.info({ ...done, height: String(height) }, done.kind);
    }
    await status.refresh(height);
  });
}
