/**
 * A verifier of a ring that opens its secret after everybody else. It knows then which two values the beacon may have, with its secret and
 * without; it takes the one whose draws leave more of the ring's own work to the ring alone, and pays for a missed reveal where that is the
 * other. Beside that it lies as a colluder does.
 */
import { type ChainRpc, decodeEvent, listAll, messagesOf } from "@r3mes/chain-client";
import { auditSeed, auditVerifiers, beaconValue, decodeAddress } from "@r3mes/protocol";
import {
  DutyKind,
  type Epoch,
  EventBeaconCommittedSchema,
  MsgRevealBeaconSchema,
  type Submission,
  SubmissionStatus,
} from "@r3mes/protocol/messages";
import type { VerifierDeps } from "../../apps/verifier/src/verifierDeps.ts";
import { colludingVerifier } from "./colludingVerifier.ts";

/** What it reads beside a verifier's own ports. */
export interface Sight {
  readonly chainId: string;
  readonly address: string;
  readonly rpc: Pick<ChainRpc, "status" | "block" | "blockResults">;
}

type Queries = VerifierDeps["query"];

/** Sent at the first of them, a reveal is in one of the next blocks still. */
const sendBlocks = 2n;

/** `ring` are the addresses of its miners and of its verifiers. */
export function choosingVerifier(ring: ReadonlySet<string>) {
  return (honest: VerifierDeps, sight: Sight): VerifierDeps => {
    const deps = colludingVerifier(ring)(honest);
    const isDue = createChoice(ring, honest, sight);
    return {
      ...deps,
      query: {
        ...deps.query,
        async duties(request) {
          const answer = await deps.query.duties(request);
          const kept = await Promise.all(
            answer.duties.map(({ kind, id }) => kind !== DutyKind.REVEAL_BEACON || isDue(id)),
          );
          return { ...answer, duties: answer.duties.filter((_, i) => kept[i]) };
        },
      },
    };
  };
}

/** Whether it opens its secret of an epoch now. */
function createChoice(
  ring: ReadonlySet<string>,
  { query, journal }: Pick<VerifierDeps, "query" | "journal">,
  sight: Sight,
): (epoch: bigint) => Promise<boolean> {
  const { chainId: chain, address, rpc } = sight;
  return async (number) => {
    const { current, final } = await query.beacon({});
    const waiting = current === undefined ? [] : await waitingWork(ring, query, current);
    if (current?.number !== number || final?.number !== number - 1n) return true;
    if (waiting.length === 0) return true;
    const { latestHeight } = await rpc.status();
    const others = await contributions(sight, current, latestHeight);
    // Of a ring one chooses, and knows what all others do.
    if ([...others.keys()].some((other) => ring.has(other) && other > address)) return true;
    const areAllOpen = [...others.values()].every((secret) => secret !== undefined);
    if (!areAllOpen && latestHeight + sendBlocks < current.revealEndHeight) return false;
    const beaconOf = (secrets: ReadonlyMap<string, Uint8Array | undefined>) =>
      beaconValue({
        ...{ chain, epoch: number, previous: final.value, firstBlock: current.firstBlockHash },
        reveals: inOrder(
          [...secrets].flatMap(([verifier, secret]) => (secret ? [{ verifier, secret }] : [])),
        ),
      });
    const own = journal.records.findLast(
      (record) => record.kind === "secret" && record.epoch === String(number),
    );
    const secret = own?.kind === "secret" ? Buffer.from(own.secret, "hex") : undefined;
    const gain = (beacon: Uint8Array) => ofTheRing(ring, { query, chain }, waiting, beacon);
    const opened = await gain(beaconOf(new Map([...others, [address, secret]])));
    return opened >= (await gain(beaconOf(others)));
  };
}

/** Work of the ring that is drawn by the beacon of this epoch. */
async function waitingWork(
  ring: ReadonlySet<string>,
  query: Queries,
  { startHeight }: Epoch,
): Promise<Submission[]> {
  const pools = await listAll(query, "pools");
  const lists = await Promise.all(
    pools.map(({ id, round }) => listAll(query, "submissions", { poolId: id, round })),
  );
  return lists
    .flat()
    .filter(
      ({ miner, status, drawAfterHeight }) =>
        ring.has(miner) && status === SubmissionStatus.REVEALED && drawAfterHeight < startHeight,
    );
}

/** Of everybody else who has promised a secret to this epoch, with the secret where it is open. */
async function contributions(
  { address, rpc }: Sight,
  epoch: Epoch,
  latest: bigint,
): Promise<ReadonlyMap<string, Uint8Array | undefined>> {
  const found = new Map<string, Uint8Array | undefined>();
  const length = epoch.endHeight - epoch.startHeight + 1n;
  for (let at = epoch.startHeight - length; at <= latest; at += 1n) {
    if (at < 1n) continue;
    const [{ transactions }, results] = await Promise.all([rpc.block(at), rpc.blockResults(at)]);
    for (const [i, { code, events }] of results.transactions.entries()) {
      if (code !== 0) continue;
      for (const event of events) {
        const promised = decodeEvent(EventBeaconCommittedSchema, event);
        if (promised?.epoch === epoch.number) found.set(promised.verifier, undefined);
      }
      for (const { operator, epoch: of, secret } of messagesOf(
        MsgRevealBeaconSchema,
        transactions[i]!,
      )) {
        if (of === epoch.number) found.set(operator, secret);
      }
    }
  }
  found.delete(address);
  return found;
}

/** How much of the work would be judged by the ring alone. */
async function ofTheRing(
  ring: ReadonlySet<string>,
  { query, chain }: { readonly query: Queries; readonly chain: string },
  work: readonly Submission[],
  beacon: Uint8Array,
): Promise<number> {
  const [verifiers, { params }] = await Promise.all([
    listAll(query, "verifiers"),
    query.params({}),
  ]);
  const names = inOrder(verifiers.map(({ owner }) => ({ verifier: owner })));
  const wanted = params!.params!.round!.verifiersPerSubmission;
  return work.filter(({ poolId: pool, round, chunk, draws, miner }) => {
    const seed = auditSeed({ chain, beacon, pool, round: BigInt(round), chunk, draw: draws });
    const eligible = names.filter(({ name }) => name !== miner);
    const seats = auditVerifiers(seed, eligible.length, Math.min(wanted, eligible.length));
    return seats.every((place) => ring.has(eligible[place]!.name));
  }).length;
}

/** Ascending by the bytes of their addresses. */
function inOrder<One extends { readonly verifier: string }>(all: readonly One[]) {
  return all
    .map((one) => ({ ...one, name: one.verifier, verifier: decodeAddress(one.verifier) }))
    .sort((a, b) => Buffer.compare(a.verifier, b.verifier));
}
