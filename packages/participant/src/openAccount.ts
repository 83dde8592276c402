/**
 * What a process needs to keep its word: its key, its journal under a lock, a node of its chain, its log, its numbers. It decides
 * nothing; what it opens it closes, in order and in time, when the process is asked to end. Nothing here takes long to load.
 */
import { flushCompileCache } from "node:module";
import { isAbsolute, join } from "node:path";
import { type Client, createClient } from "@connectrpc/connect";
import {
  type ChainMessage,
  type ChainRpc,
  connectRpc,
  createDurableSubmitter,
  type DurableSubmitter,
  type Inclusion,
  queryTransport,
  type SignedTransaction,
} from "@r3mes/chain-client";
import { R3mesError } from "@r3mes/protocol";
import { Query } from "@r3mes/protocol/messages";
import {
  acquireLock,
  type Clock,
  createHealth,
  createLogger,
  createMetrics,
  fileFailure,
  type Health,
  type Journal,
  type JournalRecord,
  type Keep,
  type Logger,
  type Metrics,
  openJournal,
  type Shutdown,
  serveOperations,
  systemClock,
} from "@r3mes/service";
import type { WatchedBoard } from "./createStatusBoard.ts";
import { recordPay } from "./earnings.ts";
import { keepOpenBusiness } from "./keepOpenBusiness.ts";
import { keepToChain, lookForKnownBlock } from "./keepToChain.ts";
import { isOpenToOthers, type Key, openKeyFile } from "./keyFile.ts";
import type { ParticipantSettings } from "./participantSettings.ts";
import { statusToken } from "./statusToken.ts";
import { untilAnswered } from "./untilAnswered.ts";
import { untilCaughtUp } from "./untilCaughtUp.ts";

export interface AccountOptions {
  /** The process, as in `miner`. */
  readonly name: string;
  /** Holds key and journal; relative paths of the settings begin here. */
  readonly folder: string;
  readonly settings: ParticipantSettings;
  /** What its role has promised and may be asked for again, beside what every participant has. */
  readonly keep: readonly Keep[];
  /** What `/status` answers and `/events` streams. */
  readonly board: WatchedBoard;
}

export interface Account extends Key {
  readonly folder: string;
  readonly chainId: string;
  readonly rpc: ChainRpc;
  readonly query: Client<typeof Query>;
  readonly journal: Journal<JournalRecord>;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly shutdown: Shutdown;
  readonly clock: Clock;
  /** Whether the node is of the chain that the journal is about. */
  lookForKnownBlock(): Promise<unknown>;
  /** All messages in one transaction, signed once whatever happens. */
  submit(messages: readonly ChainMessage[]): Promise<Inclusion>;
  /** Signs for later, and offers what was signed. */
  readonly prepare: DurableSubmitter["prepare"];
  offer(signed: SignedTransaction): Promise<Inclusion>;
  /** Ends when the work begins: what is done until then in its place is done by it from then on. */
  readonly untilBegun: AbortSignal;
  /** From now on `/readyz` says yes, as long as the node answers. */
  begin(): void;
}

/** A transaction that no block took in this time is dead, and what it was for is decided anew. */
const lifetimeMs = 30_000;
const closeWithinMs = 1_500;
const clock = systemClock;

/** @throws PARTICIPANT_RUNNING, FILE_UNREADABLE, KEYSTORE_PASSWORD_WRONG, JOURNAL_CORRUPT, JOURNAL_OF_OTHER_CHAIN; what is open then is closed by the shutdown. */
export async function openAccount(options: AccountOptions, shutdown: Shutdown): Promise<Account> {
  const { name, folder, settings } = options;
  const at = (path: string) => pathIn(folder, path);
  const log = createLogger(
    { name, level: settings.log.level, format: "json", secrets: [settings.key.password] },
    { stream: process.stdout, clock },
  );
  const closing = (what: string, run: () => Promise<void> | void) =>
    shutdown.add({ name: what, deadlineMs: closeWithinMs, run });
  closing("lock", lockFolder(folder));
  const metrics = createMetrics({ process: name });
  let rpc: ChainRpc | undefined;
  const beginning = new AbortController();
  const health = createNodeHealth(async () => {
    if (rpc === undefined || !beginning.signal.aborted) throw new Error("still starting");
    return `height ${(await rpc.status()).latestHeight}`;
  });
  const keyFile = at(settings.key.file);
  const key = await openKeyFile(keyFile, settings.key.password.reveal());
  if (await isOpenToOthers(keyFile)) {
    log.warn({ file: keyFile, next: "chmod 600" }, "others on this machine may read the key");
  }
  const journal = await openJournal<JournalRecord>(at("journal"), {
    keep: keepOpenBusiness(options.keep),
    onNotRewritten: (error) => log.warn({ error }, "journal not written anew"),
  });
  closing("journal", journal.close);
  // Whoever answers has its key and its promises in hand, and waits for its node.
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
  rpc = await untilAnswered({ clock, log, shutdown }, () => connectRpc(settings.chain.rpc));
  closing("node", rpc.close);
  const node = rpc;
  await untilCaughtUp({ clock, log, shutdown }, () =>
    untilAnswered({ clock, log, shutdown }, () =>
      keepToChain(settings.chain, { rpc: node, journal }),
    ),
  );
  const submitter = createSubmitter(settings.chain.id, key, { rpc, journal });
  const { signal } = shutdown;
  await untilAnswered({ clock, log, shutdown }, () => submitter.recover(signal));
  log.info({ address: key.address, http: server.port }, "account opened");
  return {
    ...key,
    folder,
    chainId: settings.chain.id,
    rpc,
    query: createClient(Query, queryTransport(rpc)),
    journal,
    log,
    metrics,
    shutdown,
    clock,
    lookForKnownBlock: () => lookForKnownBlock(settings.chain, { rpc: node, journal }),
    submit: (messages) => submitter.submit(messages, signal),
    prepare: submitter.prepare,
    offer: (signed) => submitter.offer(signed, signal),
    untilBegun: beginning.signal,
    begin() {
      beginning.abort();
      // Whatever kills this process leaves no time for it: the next life loads in half the time with what this one has compiled.
      flushCompileCache();
    },
  };
}

function createSubmitter(
  chainId: string,
  { address, signer }: Key,
  { rpc, journal }: Pick<Account, "rpc" | "journal">,
): DurableSubmitter {
  const onIncluded = (inclusion: Inclusion) => recordPay(journal, address, inclusion);
  return createDurableSubmitter(
    { chainId, address, lifetimeMs, pollMs: 200, gasMarginPercent: 50 },
    { rpc, signer, sleep: clock.sleep, journal, onIncluded },
  );
}

/** Relative paths of the settings begin at the folder of the process. */
export function pathIn(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}

function createNodeHealth(check: () => Promise<string>): Health {
  return createHealth(
    { checks: [{ name: "node", required: true, check }], timeoutMs: 2_000 },
    { clock },
  );
}

/** @throws PARTICIPANT_RUNNING, DISK_FULL, FOLDER_NOT_WRITABLE, FILE_UNWRITABLE */
function lockFolder(folder: string): () => void {
  const path = pathIn(folder, "process.lock");
  const refusal = (pid: number) => new R3mesError({ code: "PARTICIPANT_RUNNING", folder, pid });
  try {
    return acquireLock(path, refusal);
  } catch (error) {
    const failure = fileFailure(error, folder);
    if (failure instanceof R3mesError) throw failure;
    const reason = error instanceof Error ? error.message : String(error);
    throw new R3mesError({ code: "FILE_UNWRITABLE", path, reason }, { cause: error });
  }
}
