/** Miners and verifiers of one pool as they run in their own processes, each with sessions of its own: none computes for another. */
import type { Session } from "@r3mes/engine";
import { createReferee, nodeSha256 } from "@r3mes/engine/node";
import { type CasePlayer, contentOf, createCasePlayer } from "@r3mes/participant";
import { type Journal, systemClock, systemRandomness } from "@r3mes/service";
import type { ContentStore } from "@r3mes/storage";
import { createMiner, type Miner } from "../apps/miner/src/createMiner.ts";
import type { MinerRecord } from "../apps/miner/src/minerRecord.ts";
import { createSpeed } from "../apps/miner/src/speed.ts";
import { createVerifier, type Verifier } from "../apps/verifier/src/createVerifier.ts";
import type { VerifierRecord } from "../apps/verifier/src/verifierRecord.ts";
import { noCheck } from "./actors/noCheck.ts";
import type { VerifierCheat } from "./actors/verifierCheats.ts";
import type { Actor } from "./createActor.ts";
import { chainId } from "./startChain.ts";
import { openSessions } from "./trainingPool.ts";

export interface Workplace {
  readonly store: ContentStore;
  readonly pool: bigint;
}

/** What a cheat does to its device. */
export type Cheat = (session: Session) => Session;

const honest: Cheat = (session) => session;

function portsOf(actor: Actor, { store, pool }: Workplace, cheat: Cheat) {
  const opened = openSessions(actor, store, pool);
  const content = contentOf(store);
  return {
    ...actor,
    store,
    fetch: content.get,
    bring: content.bring,
    bringSoon: content.bring,
    referee: createReferee(),
    salt: () => systemRandomness.bytes(32),
    hash: nodeSha256,
    async openPool() {
      const own = await opened;
      const session = cheat(own.session);
      return { ...own, session, training: async () => session };
    },
  };
}

export function createWorkingMiner(actor: Actor, place: Workplace, cheat: Cheat = honest): Miner {
  return createMiner(
    { chainId, operator: actor.address, owner: actor.address, leases: 1 },
    {
      ...portsOf(actor, place, cheat),
      pools: async () => [place.pool],
      journal: actor.journal as Journal<MinerRecord>,
      speed: createSpeed(systemClock.monotonicMs),
      monotonicMs: systemClock.monotonicMs,
      blockMs: () => 1_000,
      ...(cheat === honest ? {} : { selfCheck: noCheck }),
    },
  );
}

export function createWorkingVerifier(
  actor: Actor,
  place: Workplace,
  cheat: VerifierCheat = (deps) => deps,
): Verifier {
  return createVerifier(
    { chainId, operator: actor.address, owner: actor.address, pools: [place.pool] },
    cheat({ ...portsOf(actor, place, honest), journal: actor.journal as Journal<VerifierRecord> }),
  );
}

/** Plays cases for somebody who is neither miner nor verifier. */
export function createChallenger(actor: Actor, place: Workplace, cheat: Cheat): CasePlayer {
  const ports = portsOf(actor, place, cheat);
  return createCasePlayer(
    { operator: actor.address, owner: actor.address },
    {
      ...ports,
      async openPool() {
        const { opened, training } = await ports.openPool();
        return { opened, session: training };
      },
    },
  );
}
