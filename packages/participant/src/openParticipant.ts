/**
 * A participant: an account, with the content store through which it gives and takes what is trained. The store is the longest to
 * load and to open; whatever is owed before that needs the account alone.
 */
import type { IpfsStore } from "@r3mes/storage";
import { keepConnected } from "./keepConnected.ts";
import { type Account, pathIn } from "./openAccount.ts";
import { openStore } from "./openStore.ts";
import type { ParticipantSettings } from "./participantSettings.ts";
import { untilAnswered } from "./untilAnswered.ts";

export interface Participant extends Account {
  readonly store: IpfsStore;
}

const closeWithinMs = 1_500;

/** @throws FILE_UNREADABLE, STORE_REFUSED, KUBO_TOO_OLD */
export async function openParticipant(
  account: Account,
  { store: own }: ParticipantSettings,
): Promise<Participant> {
  const { folder, address, clock, log, shutdown } = account;
  const { listen, kubo } = own;
  const at = (path: string) => pathIn(folder, path);
  const plan = { folder: at("store"), listen, kubo, swarmKey: at(own.swarmKey), owner: address };
  const store = await untilAnswered(account, () => openStore(plan));
  shutdown.add({ name: "store", deadlineMs: closeWithinMs, run: store.close });
  void keepConnected(store, own.peers, { clock, log, signal: shutdown.signal });
  log.info({ address, addresses: store.addresses }, "opened");
  return { ...account, store };
}
