/** Keeps a store in touch with the peers that were named to it: whoever goes away is dialled again. */
import type { Clock, Logger } from "@r3mes/service";
import type { IpfsStore } from "@r3mes/storage";

export interface KeepConnectedDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

const everyMs = 3_000;
const dialMs = 5_000;

/** Ends with the signal. A peer that does not answer is an everyday thing and is logged at debug. */
export async function keepConnected(
  store: Pick<IpfsStore, "connect">,
  peers: readonly string[],
  { clock, log, signal }: KeepConnectedDeps,
): Promise<void> {
  while (!signal.aborted) {
    await Promise.all(
      peers.map(async (peer) => {
        try {
          await store.connect(peer, AbortSignal.any([signal, AbortSignal.timeout(dialMs)]));
        } catch (error) {
          log.debug({ peer, error }, "peer not reached");
        }
      }),
    );
    await clock.sleep(everyMs, signal);
  }
}
