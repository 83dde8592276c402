/** A participant of the network in this process: a key, a journal, a store and a submitter, as its own process would have them. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, createClient } from "@connectrpc/connect";
import type { SignedTransaction, Signer } from "@r3mes/chain-client";
import {
  accountOf,
  type ChainMessage,
  type ChainRpc,
  createDurableSubmitter,
  createMnemonic,
  type DurableSubmitter,
  type Inclusion,
  queryTransport,
  signerOf,
} from "@r3mes/chain-client";
import { Query } from "@r3mes/protocol/messages";
import {
  createLogger,
  type Journal,
  type JournalRecord,
  type Logger,
  openJournal,
  systemClock,
} from "@r3mes/service";
import { chainId } from "./startChain.ts";

export interface Key {
  readonly signer: Signer;
  readonly address: string;
}

export async function createKey(): Promise<Key> {
  const signer = await signerOf(createMnemonic());
  return { signer, address: (await accountOf(signer))!.address };
}

export interface Actor extends Key {
  readonly query: Client<typeof Query>;
  readonly journal: Journal<JournalRecord>;
  readonly log: Logger;
  submit(messages: readonly ChainMessage[]): Promise<Inclusion>;
  readonly prepare: DurableSubmitter["prepare"];
  offer(signed: SignedTransaction): Promise<Inclusion>;
  close(): Promise<void>;
}

export async function createActor(name: string, key: Key, rpc: ChainRpc): Promise<Actor> {
  const folder = await mkdtemp(join(tmpdir(), `r3mes-${name}-`));
  const journal = await openJournal<JournalRecord>(join(folder, "journal"));
  const submitter = createDurableSubmitter(
    {
      chainId,
      address: key.address,
      lifetimeMs: 60_000,
      pollMs: 150,
      gasMarginPercent: 50,
    },
    { rpc, signer: key.signer, sleep: systemClock.sleep, journal },
  );
  return {
    ...key,
    query: createClient(Query, queryTransport(rpc)),
    journal,
    log: createLogger(
      { name, level: "info", format: "json" },
      { stream: process.stdout, clock: systemClock },
    ),
    submit: (messages) => submitter.submit(messages),
    prepare: submitter.prepare,
    offer: (signed) => submitter.offer(signed),
    async close() {
      await journal.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
