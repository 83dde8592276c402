/**
 * A participant as its process would be: the product's own loops on simulated ports. Its disk outlives its lives; whatever kills it, the
 * next life opens the same journal, store and device.
 */
import { type Client, createClient } from "@connectrpc/connect";
import {
  type ChainMessage,
  createDurableSubmitter,
  type DecodeAnswer,
  queryTransport,
  type SignedTransaction,
  type Signer,
} from "@r3mes/chain-client";
import type { Session } from "@r3mes/engine";
import { createReferee } from "@r3mes/engine/node";
import { keepChecks, keepOpenBusiness, keepSumChecks } from "@r3mes/participant";
import { encodeAddress, R3mesError, toHex } from "@r3mes/protocol";
import { Query } from "@r3mes/protocol/messages";
import type { Clock, Journal, JournalRecord, Logger, Shutdown } from "@r3mes/service";
import { type ContentStore, contentIdFromBytes, contentIdToBytes } from "@r3mes/storage";
import type { MemoryPeer } from "@r3mes/storage/testing";
import type { ContentSource, OpenedPool } from "@r3mes/training";
import { keepWork } from "../../apps/miner/src/minerRecord.ts";
import { keepNewestPromises } from "../../apps/verifier/src/verifierRecord.ts";
import { beginLife, type Life } from "./life.ts";
import type { Device } from "./prepareDevices.ts";
import { type Dice, seededDice } from "./seededDice.ts";
import { sha256OnThread } from "./sha256OnThread.ts";
import type { SharedPool } from "./sharedPool.ts";
import type { SimulatedNode } from "./simulatedNode.ts";
import type { SimulatedSwarm } from "./simulatedSwarm.ts";

export interface Place {
  readonly chainId: string;
  readonly seed: number;
  readonly node: SimulatedNode;
  readonly swarm: SimulatedSwarm;
  readonly openPool: SharedPool["open"];
  readonly clock: Clock;
  /** Of all participants. */
  readonly decode: DecodeAnswer;
  readonly log: (name: string) => Logger;
  /** Told of each accepted update that nobody offered and that was made again. */
  readonly onUpdateMade: () => void;
  /** Told of an error that no life may end with. */
  readonly onCrash: (name: string, error: unknown) => void;
}

export interface ParticipantOptions {
  readonly name: string;
  readonly device: Device;
  /** How long a step takes here, in milliseconds. */
  readonly stepMs: number;
  readonly givesNothing?: boolean;
  /** What it does while it lives. */
  readonly live: (ports: Ports) => Promise<unknown>;
}

/** What ails a participant until a time, in milliseconds. */
export interface Ailments {
  cutUntilMs: number;
  slowUntilMs: number;
  fullUntilMs: number;
  wrongUntilMs: number;
  /** Nothing of it moves. */
  stillUntilMs: number;
  /** Peers wait long for its blocks. */
  lateUntilMs: number;
}

export interface SimulatedParticipant {
  readonly name: string;
  readonly address: string;
  readonly store: MemoryPeer;
  readonly ailments: Ailments;
  /** Everything that it has ever promised. */
  records(): readonly JournalRecord[];
  isAlive(): boolean;
  /** Begins a life, unless one lasts. */
  begin(): void;
  /** Kills it after so many more of its calls to the world. */
  killAfter(calls: number): void;
}

/** The address that a participant of this name has in the simulation of this seed. */
export function addressOf(seed: number, name: string): string {
  return createSigner(seededDice(seed, name)).address;
}

/** The ports of one life. They have everything that the product's loops take. */
export type Ports = ReturnType<typeof openPorts>;

interface Body {
  readonly options: ParticipantOptions;
  readonly place: Place;
  readonly signer: Signer;
  readonly address: string;
  readonly store: MemoryPeer;
  /** What a next life finds. */
  readonly disk: string[];
  /** What was ever on the disk. */
  readonly written: string[];
  readonly ailments: Ailments;
  readonly dice: Dice;
  readonly pools: Map<bigint, OpenedPool>;
  /** Of the present life. */
  content?: ContentSource;
}

export function createSimulatedParticipant(
  options: ParticipantOptions,
  place: Place,
): SimulatedParticipant {
  const { name } = options;
  const { clock } = place;
  const dice = seededDice(place.seed, name);
  const ailments: Ailments = {
    ...{ cutUntilMs: 0, slowUntilMs: 0, fullUntilMs: 0, wrongUntilMs: 0 },
    ...{ stillUntilMs: 0, lateUntilMs: 0 },
  };
  const { signer, address } = createSigner(dice);
  const store = place.swarm.join({
    isCut: () =>
      clock.nowMs() < Math.max(ailments.cutUntilMs, ailments.stillUntilMs) ||
      life === undefined ||
      life.isOver(),
    sendsWrong: () => clock.nowMs() < ailments.wrongUntilMs,
    sendsAfterMs: () => (clock.nowMs() < ailments.lateUntilMs ? lateByMs : 0),
    givesNothing: options.givesNothing ?? false,
  });
  const standStill = async () => {
    while (clock.nowMs() < ailments.stillUntilMs) {
      await clock.sleep(ailments.stillUntilMs - clock.nowMs());
    }
  };
  const written: string[] = [];
  let life: Life | undefined;
  const body: Body = {
    ...{ options, place, signer, address, store },
    disk: [],
    written,
    ailments,
    dice,
    pools: new Map(),
  };
  return {
    name,
    address,
    store,
    ailments,
    records: () => written.map((line) => JSON.parse(line) as JournalRecord),
    isAlive: () => life !== undefined && !life.isOver(),
    begin() {
      if (life !== undefined && !life.isOver()) return;
      life = beginLife(() => place.log(name).info("killed"), standStill);
      const born = life;
      live(body, born).catch((error: unknown) => {
        if (!isPassing(error)) return place.onCrash(name, error);
        // It ends, and whoever keeps it up starts it again.
        place.log(name).warn({ error }, "ended");
        born.end();
      });
    },
    killAfter: (calls) => life?.endAfter(calls),
  };
}

/** What ends a process that has not begun to work, and nothing else: its node is away, or its disk full. */
function isPassing(error: unknown): boolean {
  return (
    error instanceof R3mesError &&
    (error.code === "NODE_UNREACHABLE" || error.code === "JOURNAL_NOT_WRITTEN")
  );
}

async function live(body: Body, life: Life): Promise<void> {
  const ports = openPorts(body, life);
  await ports.recover();
  await body.options.live(ports);
}

function openPorts(body: Body, life: Life) {
  const { options, place, address, ailments, dice } = body;
  const { chainId, clock: time } = place;
  // Nobody is asked to end here: a life ends by itself.
  const clock: Clock = { ...time, sleep: life.guard((ms: number) => time.sleep(ms)) };
  const rpc = life.guardAll(
    place.node.rpcOver({
      isCut: () => time.nowMs() < ailments.cutUntilMs,
      delayMs: () => 1 + dice.below(time.nowMs() < ailments.slowUntilMs ? 4_000 : 150),
    }),
  );
  const query = createClient(Query, queryTransport(rpc, 0n, place.decode));
  const journal = openDisk(body, life);
  const store = storeOn(body, life);
  const log = place.log(options.name);
  const shutdown: Pick<Shutdown, "signal"> = { signal: new AbortController().signal };
  const submitter = createDurableSubmitter(
    {
      chainId,
      address,
      lifetimeMs: 30_000,
      pollMs: 500,
      gasMarginPercent: 50,
    },
    { rpc, signer: body.signer, sleep: clock.sleep, journal },
  );
  const content = contentIn(store);
  body.content = content;
  return {
    chainId,
    address,
    operator: address,
    owner: address,
    rpc,
    query,
    journal,
    store,
    clock,
    log,
    shutdown,
    fetch: content.get,
    bring: async (cid: Uint8Array, bytesMax: number) => {
      const bytes = await content.get(cid, bytesMax);
      return async () => bytes;
    },
    /** The same, for a case: what can be computed again peers are asked for no longer than this. */
    bringSoon: async (cid: Uint8Array, bytesMax: number) => {
      const late = clock.sleep(caseWaitMs).then(() => {
        throw new R3mesError({ code: "CONTENT_UNAVAILABLE", cid: toHex(cid) });
      });
      const bytes = await Promise.race([content.get(cid, bytesMax), late]);
      return async () => bytes;
    },
    referee: createReferee(),
    salt: () => dice.bytes(32),
    draw: dice.below,
    hash: sha256OnThread,
    onUpdateMade: place.onUpdateMade,
    submit: (messages: readonly ChainMessage[]) => submitter.submit(messages),
    prepare: submitter.prepare,
    offer: (signed: SignedTransaction) => submitter.offer(signed),
    recover: () => submitter.recover(),
    async openPool(id: bigint) {
      const opened = await openPoolOnce(body, query, id);
      const training = slow(options.device.training, options.stepMs, clock);
      const evaluation = slow(options.device.evaluation, options.stepMs, clock);
      return {
        opened,
        session: training,
        training: async () => training,
        replay: async () => training,
        evaluation: async () => evaluation,
      };
    },
  };
}

/** What was opened and checked stays open from one life to the next, as the bytes that it came from do. */
async function openPoolOnce(body: Body, query: Client<typeof Query>, id: bigint) {
  const found = body.pools.get(id);
  if (found !== undefined) return found;
  const { pool } = await query.pool({ id });
  if (pool === undefined) throw new R3mesError({ code: "POOL_NOT_FOUND", pool: id });
  const { model } = await query.model({ id: pool.modelId });
  const { dataset } = await query.dataset({ id: pool.datasetId });
  const content: ContentSource = {
    get: (cid, bytesMax) => body.content!.get(cid, bytesMax),
    openFolder: (cid) => body.content!.openFolder(cid),
  };
  const records = { pool, model: model!, dataset: dataset! };
  const opened = await body.place.openPool(records, content);
  body.pools.set(id, opened);
  return opened;
}

/** A quarter of what content is waited for otherwise, as in the product. */
const caseWaitMs = 3_000;
/** For each block; a reader waits for a content that has a few of them, and not for ever. */
const lateByMs = 4_000;

/** A journal is written anew far sooner here than on a disk, so that lives begin with what is left of one. */
const rewriteRecordsMin = 32;
/** Of every role: a rule is about the records of one kind. */
const keep = keepOpenBusiness([keepWork, keepNewestPromises, keepChecks, keepSumChecks]);

/** What a full disk refuses is neither promised nor kept, and whoever wrote it goes on. */
function openDisk({ disk, written, ailments, place }: Body, life: Life): Journal<JournalRecord> {
  let records = disk.map((line) => JSON.parse(line) as JournalRecord);
  let rewriteFrom = rewriteRecordsMin;
  const rewrite = () => {
    const kept = [...keep(records)];
    rewriteFrom = Math.max(rewriteRecordsMin, 2 * kept.length);
    if (records.length < rewriteFrom) return;
    disk.splice(0, disk.length, ...kept.map((record) => JSON.stringify(record)));
    records = kept;
  };
  return {
    get records() {
      return records;
    },
    append: life.guard(async (record: JournalRecord) => {
      if (place.clock.nowMs() < ailments.fullUntilMs) {
        throw new R3mesError({ code: "JOURNAL_NOT_WRITTEN", path: "simulated", reason: "full" });
      }
      const line = JSON.stringify(record);
      disk.push(line);
      written.push(line);
      records.push(record);
      if (records.length >= rewriteFrom) rewrite();
    }),
    close: async () => {},
  };
}

function storeOn({ store, ailments, place }: Body, life: Life): ContentStore {
  const { blocks: _blocks, ...port } = store;
  return {
    ...life.guardAll<ContentStore>(port),
    put: life.guard(async (content: Parameters<ContentStore["put"]>[0]) => {
      if (place.clock.nowMs() < ailments.fullUntilMs) {
        throw new R3mesError({ code: "CONTENT_NOT_STORED", reason: "full" });
      }
      return store.put(content);
    }),
  };
}

/** The wait for a block ends in the swarm, by its clock. */
function contentIn(store: ContentStore): ContentSource {
  return {
    get: (cid, bytesMax) => store.get(contentIdFromBytes(cid), { bytesMax }),
    async openFolder(cid) {
      const folder = await store.openFolder(contentIdFromBytes(cid));
      return new Map([...folder].map(([name, id]) => [name, contentIdToBytes(id)]));
    },
  };
}

/** A device on which every step takes its time. */
function slow(session: Session, stepMs: number, clock: Clock): Session {
  return {
    ...session,
    async run(observe, only) {
      await clock.sleep(stepMs);
      await session.run(observe, only);
    },
  };
}

/** An address and a key that nobody has: signatures are not looked at here. */
function createSigner(dice: Dice): { readonly signer: Signer; readonly address: string } {
  const address = encodeAddress(dice.bytes(20));
  const pubkey = Uint8Array.of(2, ...dice.bytes(32));
  const pub_key = {
    type: "tendermint/PubKeySecp256k1",
    value: Buffer.from(pubkey).toString("base64"),
  };
  const signature = { pub_key, signature: zeros };
  return {
    address,
    signer: {
      getAccounts: async () => [{ address, algo: "secp256k1", pubkey }],
      signDirect: async (_address, signed) => ({ signed, signature }),
    },
  };
}

/** 64 bytes in base64. */
const zeros = Buffer.alloc(64).toString("base64");
