/**
 * Answers two questions of an operator. Live: should this process be restarted? Ready: may it get
 * work? A dependency that is down makes a process unready, never dead.
 */
import type { Clock } from "./clock.ts";

export type HealthCheck = {
  readonly name: string;
  /** Without a required one the process is not ready; without another it is only degraded. */
  readonly required: boolean;
  /** Resolves with a short description of what was found; rejects when the thing is unusable. */
  readonly check: (signal: AbortSignal) => Promise<string>;
};

export type HealthReport = {
  readonly status: "ok" | "degraded" | "failed";
  readonly checks: readonly HealthCheckReport[];
};

export type HealthCheckReport = {
  readonly name: string;
  readonly status: "ok" | "failed";
  readonly required: boolean;
  readonly detail: string;
};

export type Health = {
  /** Asks nothing but whether the event loop turns. */
  readonly live: () => HealthReport;
  /** Runs every check, all at once. */
  readonly ready: () => Promise<HealthReport>;
  /** From now on the process is not ready, so that no new work comes while it shuts down. */
  readonly drain: () => void;
};

export function createHealth(
  options: { readonly checks: readonly HealthCheck[]; readonly timeoutMs: number },
  deps: { readonly clock: Clock },
): Health {
  let draining = false;
  return {
    live: () => ({ status: "ok", checks: [] }),
    ready: async () => {
      const checks = await Promise.all(
        options.checks.map((check) => runCheck(check, options.timeoutMs, deps.clock)),
      );
      return draining ? summarise([...checks, drained]) : summarise(checks);
    },
    drain: () => {
      draining = true;
    },
  };
}

const drained: HealthCheckReport = {
  name: "shutdown",
  status: "failed",
  required: true,
  detail: "the process is shutting down",
};

async function runCheck(
  { name, required, check }: HealthCheck,
  timeoutMs: number,
  clock: Clock,
): Promise<HealthCheckReport> {
  const controller = new AbortController();
  const overdue = clock.sleep(timeoutMs, controller.signal).then(() => {
    throw new Error(`no answer within ${timeoutMs} ms`);
  });
  try {
    const detail = await Promise.race([check(controller.signal), overdue]);
    return { name, status: "ok", required, detail };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { name, status: "failed", required, detail };
  } finally {
    // Ends the timer, and the check itself when it is the one that is late.
    overdue.catch(() => {});
    controller.abort();
  }
}

function summarise(checks: readonly HealthCheckReport[]): HealthReport {
  const failed = checks.filter((check) => check.status === "failed");
  if (failed.some((check) => check.required)) return { status: "failed", checks };
  return { status: failed.length > 0 ? "degraded" : "ok", checks };
}
