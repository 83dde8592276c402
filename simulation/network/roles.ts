/** What participants do while they live: the product's miner and verifier, composed as their processes compose them. */
import {
  atEachHeight,
  checkedWorkOf,
  checkSum,
  createBlockPace,
  createCaseLoad,
  createCasePlayer,
  createStoreKeeper,
  createSumWatcher,
  createWatcher,
  holdBond,
  idsOfOpenPools,
  openCheck,
  withdrawMatured,
} from "@r3mes/participant";
import { Role } from "@r3mes/protocol/messages";
import type { Journal } from "@r3mes/service";
import { createMiner } from "../../apps/miner/src/createMiner.ts";
import type { MinerDeps } from "../../apps/miner/src/minerDeps.ts";
import type { MinerRecord } from "../../apps/miner/src/minerRecord.ts";
import { ownContent } from "../../apps/miner/src/ownContent.ts";
import { createSpeed } from "../../apps/miner/src/speed.ts";
import { createVerifier } from "../../apps/verifier/src/createVerifier.ts";
import { createOwnContent } from "../../apps/verifier/src/ownContent.ts";
import type { VerifierDeps } from "../../apps/verifier/src/verifierDeps.ts";
import type { VerifierRecord } from "../../apps/verifier/src/verifierRecord.ts";
import { createAccuser } from "../actors/accuseAccomplice.ts";
import { createGriefer } from "../actors/griefer.ts";
import type { Ports } from "./simulatedParticipant.ts";

/** Lets a cheat bend a port. */
export type Adapt<Deps> = (deps: Deps, ports: Ports) => Deps;

const withdrawFrom = 1_000_000n;
const slots = 4n;
const withdrawEveryBlocks = 20n;
const bondEveryBlocks = 50n;
/** A round takes about 40 blocks here: what may be forgotten too soon is, in some seed. */
const collectEveryBlocks = 15n;

export function liveAsMiner(adapt: Adapt<MinerDeps> = (deps) => deps) {
  return async (ports: Ports): Promise<void> => {
    const { address, query } = ports;
    const { params } = await query.params({});
    const slot = params!.params!.bond!.minerSlot;
    await holdBond({ address, role: Role.MINER, least: slot, bond: slots * slot }, ports);
    const pace = createBlockPace(ports.clock);
    const journal = ports.journal as Journal<MinerRecord>;
    const miner = createMiner(
      { ...ports, leases: 1 },
      adapt(
        {
          ...ports,
          bring: ports.bringSoon,
          pools: () => idsOfOpenPools(query),
          journal,
          speed: createSpeed(ports.clock.monotonicMs),
          monotonicMs: ports.clock.monotonicMs,
          blockMs: pace.blockMs,
          collect: createStoreKeeper({
            ...ports,
            own: () => ownContent({ query, journal }),
            everyBlocks: collectEveryBlocks,
          }),
        },
        ports,
      ),
    );
    await atEachHeight(ports, async (height) => {
      pace.note(height);
      await miner.tick(height);
      if (height % withdrawEveryBlocks === 0n) await withdrawMatured(address, withdrawFrom, ports);
    });
  };
}

export function liveAsVerifier(adapt: Adapt<VerifierDeps> = (deps) => deps) {
  return async (ports: Ports): Promise<void> => {
    const { address, query } = ports;
    const { params } = await query.params({});
    const least = params!.params!.bond!.verifier;
    const bond = 2n * least;
    const fillBond = await holdBond({ address, role: Role.VERIFIER, least, bond }, ports);
    const journal = ports.journal as Journal<VerifierRecord>;
    const own = createOwnContent({ query, journal });
    const verifier = createVerifier(
      { chainId: ports.chainId, operator: address, owner: address },
      adapt(
        {
          ...ports,
          journal,
          collect: createStoreKeeper({ ...ports, own, everyBlocks: collectEveryBlocks }),
        },
        ports,
      ),
    );
    await atEachHeight(ports, async (height) => {
      if (height % bondEveryBlocks === 0n) await fillBond();
      await verifier.tick(height);
      if (height % withdrawEveryBlocks === 0n) await withdrawMatured(address, withdrawFrom, ports);
    });
  };
}

/** Trains again what others have handed in, makes their sums again, and challenges what differs. */
export async function liveAsWatcher(ports: Ports): Promise<void> {
  const { address } = ports;
  const reading = readingOf(ports);
  const pace = createBlockPace(ports.clock);
  const workOf = (id: bigint) => checkedWorkOf(ports.journal, id);
  const watcher = createWatcher(
    { address },
    {
      ...ports,
      openCheck: (id) => openCheck(reading, id),
      cases: createCasePlayer(ports, { ...reading, bring: ports.bringSoon, workOf }),
      load: createCaseLoad(address, { ...ports, blockMs: pace.blockMs }),
      monotonicMs: ports.clock.monotonicMs,
    },
  );
  const watchSums = createSumWatcher(address, {
    ...ports,
    check: (round) => checkSum(reading, round),
  });
  await atEachHeight(ports, async (height) => {
    pace.note(height);
    await watcher.tick(height);
    await watchSums(height);
  });
}

export async function liveAsGriefer(ports: Ports): Promise<void> {
  const grieve = createGriefer(ports.address, ports);
  await atEachHeight(ports, grieve);
}

/** The second name of a miner, which accuses it. */
export function liveAsAccuser(accused: string) {
  return async (ports: Ports): Promise<void> => {
    const cases = createCasePlayer(ports, { ...readingOf(ports), bring: ports.bringSoon });
    const accuse = createAccuser({ address: ports.address, accused }, { ...ports, cases });
    await atEachHeight(ports, accuse);
  };
}

/** Ports with which a chunk is trained again. */
function readingOf(ports: Ports) {
  return {
    ...ports,
    async openPool(id: bigint) {
      const { opened, training } = await ports.openPool(id);
      return { opened, session: training };
    },
  };
}
