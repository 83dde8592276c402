/**
 * Everything that a process needs to take part: its key, its journal under a lock, a node of its chain, its content store, its log,
 * its numbers. It decides nothing; what it opens it closes, in order and in time, when the process is asked to end.
 */

import { isAbsolute, join } from "node:path";
import { type Client, createClient } from "@connectrpc/connect";
import {
  type ChainMessage,
  type ChainRpc,
  connectRpc,
  createDurableSubmitter,
  type Inclusion,
  queryTransport,
} from "@r3mes/chain-client";
import { R3mesError } from "@r3mes/protocol";
import { Query } from "@r3mes/protocol/messages";
import {
  acquireLock,
  type Clock,
  createHealth,
  createLogger,
  createMetrics,
  createShutdown,
  type Health,
  type Journal,
  type JournalRecord,
  type Logger,
  type Metrics,
  openJournal,
  type Shutdown,
  serveOperations,
  systemClock,
} from "@r3mes/service";
import type { IpfsStore } from "@r3mes/storage";
import type { WatchedBoard } from "./createStatusBoard.ts";
import { recordPay } from "./earnings.ts";
import { keepConnected } from "./keepConnected.ts";
import { type Key, openKeyFile } from "./keyFile.ts";
import { openStore } from "./openStore.ts";
import type { ParticipantSettings } from "./participantSettings.ts";
import { statusToken } from "./statusToken.ts";
import { untilAnswered } from "./untilAnswered.ts";

export interface ParticipantOptions {
  /** The process, as in `miner`. */
  readonly name: string;
  /** Holds key, journal and blocks; relative paths of the settings begin here. */
  readonly folder: string;
  readonly settings: ParticipantSettings;
  /** What `/status` answers and `/events` streams. */
  readonly board: WatchedBoard;
}

export interface Participant extends Key {
  readonly folder: string;
  readonly chainId: string;
  readonly rpc: ChainRpc;
  readonly query: Client<typeof Query>;
  readonly journal: Journal<JournalRecord>;
  readonly store: IpfsStore;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly shutdown: Shutdown;
  readonly clock: Clock;
  /** All messages in one transaction, signed once whatever happens. */
  submit(messages: readonly ChainMessage[]): Promise<Inclusion>;
  /** From now on `/ready` says yes, as long as the node answers. */
  begin(): void;
}

/** Fee for each million units of gas, in uremes; the chain's minimum. */
const gasPricePerMillion = 1_000n;
/** A transaction that no block took in this time is dead, and what it was for is decided anew. */
const lifetimeMs = 30_000;
const closeWithinMs = 1_500;
const clock = systemClock;

/** What cannot be opened closes what is open. Throws PARTICIPANT_RUNNING, FILE_UNREADABLE, KEYSTORE_PASSWORD_WRONG, JOURNAL_CORRUPT. */
export async function openParticipant(options: ParticipantOptions): Promise<Participant> {
  const shutdown = createShutdown({ clock, signals: process, forceExit: process.exit });
  try {
    return await openParts(options, shutdown);
  } catch (error) {
    await shutdown.begin("not opened");
    throw error;
  }
}

async function openParts(options: ParticipantOptions, shutdown: Shutdown): Promise<Participant> {
  const { name, folder, settings } = options;
  const at = (path: string) => (isAbsolute(path) ? path : join(folder, path));
  const log = createLogger(
    { name, level: settings.log.level, format: "json", secrets: [settings.key.password] },
    { stream: process.stdout, clock },
  );
  const closing = (what: string, run: () => Promise<void> | void) =>
    shutdown.add({ name: what, deadlineMs: closeWithinMs, run });
  const release = acquireLock(
    at("process.lock"),
    (pid) => new R3mesError({ code: "PARTICIPANT_RUNNING", folder, pid }),
  );
  closing("lock", release);
  const metrics = createMetrics({ process: name });
  let rpc: ChainRpc | undefined;
  let hasBegun = false;
  const health = createNodeHealth(async () => {
    if (rpc === undefined || !hasBegun) throw new Error("still starting");
    return `height ${(await rpc.status()).latestHeight}`;
  });
  const server = await serveOperations(
    { port: settings.http.port },
    {
      health,
      metrics,
      status: () => options.board.current,
      stream: { token: statusToken(folder), subscribe: options.board.subscribe },
    },
  );
  closing("server", server.close);
  const key = await openKeyFile(at(settings.key.file), settings.key.password.reveal());
  const journal = await openJournal<JournalRecord>(at("journal"));
  closing("journal", journal.close);
  const { listen, kubo, swarmKey } = settings.store;
  const plan = {
    ...{ folder: at("store"), listen, kubo, swarmKey: at(swarmKey) },
    owner: key.address,
  };
  const store = await untilAnswered({ clock, log, shutdown }, () => openStore(plan));
  closing("store", store.close);
  void keepConnected(store, settings.store.peers, { clock, log, signal: shutdown.signal });
  rpc = await untilAnswered({ clock, log, shutdown }, () => connectRpc(settings.chain.rpc));
  closing("node", rpc.close);
  const submitter = createDurableSubmitter(
    {
      chainId: settings.chain.id,
      address: key.address,
      gasPricePerMillion,
      lifetimeMs,
      pollMs: 200,
      gasMarginPercent: 50,
    },
    {
      rpc,
      signer: key.signer,
      sleep: clock.sleep,
      journal,
      onIncluded: (inclusion) => recordPay(journal, key.address, inclusion),
    },
  );
  const { signal } = shutdown;
  await untilAnswered({ clock, log, shutdown }, () => submitter.recover(signal));
  log.info({ address: key.address, addresses: store.addresses, http: server.port }, "opened");
  return {
    ...key,
    folder,
    chainId: settings.chain.id,
    rpc,
    query: createClient(Query, queryTransport(rpc)),
    journal,
    store,
    log,
    metrics,
    shutdown,
    clock,
    submit: (messages) => submitter.submit(messages, signal),
    begin() {
      hasBegun = true;
    },
  };
}

function createNodeHealth(check: () => Promise<string>): Health {
  return createHealth(
    { checks: [{ name: "node", required: true, check }], timeoutMs: 2_000 },
    { clock },
  );
}
