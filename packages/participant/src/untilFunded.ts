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

/**
 * Tries `run` until it is not refused for want of funds. It says so once, with the address that needs them: of an account that nobody has
 * paid into yet, which is how each begins, without alarm.
 */
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
      if (!isTold)
        log[isYetUnknown(error) ? "info" : "warn"]({ address, error }, "waiting for funds");
      await clock.sleep(retryMs, shutdown.signal);
    }
  }
}

function isYetUnknown(error: unknown): boolean {
  return error instanceof R3mesError && error.code === "ACCOUNT_UNKNOWN";
}

/** The SDK refuses in its own words, by simulation in words alone. */
function isWantOfFunds(error: unknown): boolean {
  if (!(error instanceof R3mesError)) return false;
  if (isYetUnknown(error) || error.code === "FUNDS_INSUFFICIENT") return true;
  return error.code === "CHAIN_REFUSED" && /insufficient f/.test(String(error.facts.log));
}
