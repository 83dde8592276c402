/**
 * Three disputes on one real chain, played to their ends by the product's own loops: a miner that is wrong in one tile, a challenger of
 * honest work that is wrong in the same one, and a verifier whose bond is large enough to have its wrong sum adopted.
 */
import { chainMessage } from "@r3mes/chain-client";
import { type CasePlayer, challengeMessage } from "@r3mes/participant";
import {
  CaseKind,
  CaseOutcome,
  MsgBondSchema,
  type QueryCaseResponse,
  Role,
  SubmissionStatus,
} from "@r3mes/protocol/messages";
import { memoryStore } from "@r3mes/storage";
import { wrongSum } from "./actors/verifierCheats.ts";
import { wrongTile } from "./actors/wrongTile.ts";
import { type Actor, createActor, createKey } from "./createActor.ts";
import {
  createChallenger,
  createWorkingMiner,
  createWorkingVerifier,
  type Workplace,
} from "./createWorkers.ts";
import { foundNetwork, remes } from "./foundNetwork.ts";
import { type RunningChain, startChain } from "./startChain.ts";
import { runActors } from "./trainingPool.ts";

const names = [
  ...["sponsor", "miner", "liar", "griefer"],
  ...["verifier-1", "verifier-2", "verifier-3"],
] as const;

/** Where the devices of the liar and the griefer are wrong. */
export const WRONG_TENSOR = "layers.0.q.y";

/** Beside it the two honest verifiers, of 10,000 REMES each, are no quorum. */
const bondOfMajority = 60_000n * remes;

export interface PlayedDisputes {
  readonly chain: RunningChain;
  readonly place: Workplace;
  readonly actors: Readonly<Record<string, Actor>>;
  /** Against a miner with a wrong tile. */
  readonly ofLiar: QueryCaseResponse;
  /** Of a challenger with one. */
  readonly ofGriefer: QueryCaseResponse;
  /** Against the verifier whose wrong sum was adopted. */
  readonly ofSum: QueryCaseResponse;
  close(): Promise<void>;
}

export async function playDisputes(): Promise<PlayedDisputes> {
  const cleanups: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  };
  try {
    const keys = await Promise.all(names.map(createKey));
    const accounts = new Map(keys.map(({ address }) => [address, 20_000n * remes]));
    const majority = keys[names.indexOf("verifier-3")]!;
    accounts.set(majority.address, bondOfMajority + 10_000n * remes);
    const chain = await startChain({ accounts, blockMs: 1_000 });
    cleanups.push(() => chain.stop());
    const opened = await Promise.all(
      names.map(async (name, i) => [name, await createActor(name, keys[i]!, chain.rpc)] as const),
    );
    for (const [, actor] of opened) cleanups.push(() => actor.close());
    const actors = Object.fromEntries(opened);
    const place = await openPlace(chain, actors);
    return { chain, place, actors, ...(await play(chain, place, actors)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Actors = PlayedDisputes["actors"];

async function openPlace(chain: RunningChain, actors: Actors): Promise<Workplace> {
  const { sponsor, miner, liar } = actors;
  const verifiers = ["verifier-1", "verifier-2", "verifier-3"].map((name) => actors[name]!);
  const store = memoryStore();
  const founders = { sponsor: sponsor!, miners: [miner!, liar!], verifiers };
  const pool = await foundNetwork(chain, founders, store);
  const { address: owner, submit } = verifiers[2]!;
  const amount = bondOfMajority - 10_000n * remes;
  await submit([chainMessage(MsgBondSchema, { owner, role: Role.VERIFIER, amount })]);
  return { store, pool };
}

async function play(chain: RunningChain, place: Workplace, actors: Actors) {
  const [sponsor, miner, liar, griefer] = names.slice(0, 4).map((name) => actors[name]!);
  const { query } = sponsor!;
  const lie = (session: Parameters<typeof wrongTile>[0]) => wrongTile(session, WRONG_TENSOR);
  const player = createChallenger(griefer!, place, lie);
  const workers = [
    createWorkingMiner(miner!, place),
    createWorkingMiner(liar!, place, lie),
    createWorkingVerifier(actors["verifier-1"]!, place),
    createWorkingVerifier(actors["verifier-2"]!, place),
    createWorkingVerifier(actors["verifier-3"]!, place, wrongSum),
    { tick: () => playCases(griefer!, player) },
  ];
  let closed: readonly (bigint | undefined)[] = [];
  await runActors(chain, workers, async () => {
    const { cases } = await query.cases({});
    const over = cases.filter(({ outcome }) => outcome !== CaseOutcome.UNSPECIFIED);
    const griefed = cases.some(({ challenger }) => challenger === griefer!.address);
    if (!griefed) await challengeHonestWork(griefer!, miner!, place);
    closed = [
      over.find(({ defender }) => defender === liar!.address)?.id,
      over.find(({ challenger }) => challenger === griefer!.address)?.id,
      // Both honest verifiers dispute the sum; whoever is first ends the other's case too.
      over.find((one) => one.kind === CaseKind.AGGREGATE && one.outcome !== CaseOutcome.MOOT)?.id,
    ];
    return !closed.includes(undefined);
  });
  const [ofLiar, ofGriefer, ofSum] = await Promise.all(closed.map((id) => query.case({ id: id! })));
  return { ofLiar: ofLiar!, ofGriefer: ofGriefer!, ofSum: ofSum! };
}

/** Moves in every open case of the actor in which it is to move. */
async function playCases(actor: Actor, player: CasePlayer): Promise<void> {
  const { cases } = await actor.query.cases({ party: actor.address });
  for (const { id } of cases) await (await player.prepare(id))?.();
}

async function challengeHonestWork(
  griefer: Actor,
  miner: Actor,
  { pool: poolId }: Workplace,
): Promise<void> {
  const { submissions } = await griefer.query.submissions({ poolId, round: 1 });
  const accepted = submissions.find(
    (one) => one.miner === miner.address && one.status === SubmissionStatus.ACCEPTED,
  );
  if (accepted !== undefined) {
    await griefer.submit([challengeMessage(griefer.address, accepted.id)]);
  }
}
