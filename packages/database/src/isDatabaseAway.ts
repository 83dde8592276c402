/** Whether a database failed for want of something that may come back by itself: space, memory, a connection, a server that restarts. */
export function isDatabaseAway(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as { readonly code?: unknown };
    if (typeof code === "string" && passing.test(code)) return true;
    if (connectionEnded.test(cause.message)) return true;
  }
  return false;
}

/** Classes of PostgreSQL's states: connection, resources, shutdown, system; and what the system says of a connection. */
const passing = /^(08|53|58)[0-9A-Z]{3}$|^57P0[1-3]$|^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/;

/** What node-postgres says, without a state, of a connection that ended while it was asked. */
const connectionEnded = /^Connection terminated/;
