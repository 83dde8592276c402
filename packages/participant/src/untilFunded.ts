/** Waits until an account can pay for what is to be done with it: on a development network the faucet may come a moment later. */
import { R3mesError } from "@r3mes/protocol";
import type { Clock, Logger, Shutdown } from "@r3mes/service";

export interface UntilFundedDeps {
  readonly address: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly shutdown: Pick<Shutdown, "signal">;
}

const retryMs = 1_000;

/** Tries `run` until it is not refused for want of funds. It says so once, with the address that needs them. */
export async function untilFunded<T>(
  { address, clock, log, shutdown }: UntilFundedDeps,
  run: () => Promise<T>,
): Promise<T> {
  for (let isTold = false; ; isTold = true) {
    shutdown.signal.throwIfAborted();
    try {
      return await run();
    } catch (error) {
      if (!isWantOfFunds(error)) throw error;
      if (!isTold) log.warn({ address, error }, "waiting for funds");
      await clock.sleep(retryMs, shutdown.signal);
    }
  }
}

/** The SDK refuses in its own words, by simulation in words alone. */
function isWantOfFunds(error: unknown): boolean {
  if (!(error instanceof R3mesError)) return false;
  if (error.code === "ACCOUNT_UNKNOWN" || error.code === "FUNDS_INSUFFICIENT") return true;
  return error.code === "CHAIN_REFUSED" && /insufficient f/.test(String(error.facts.log));
}
