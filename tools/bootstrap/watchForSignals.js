/**
 * Turns a request to end into an aborted signal, whose reason is the name of the request. One Ctrl-C
 * arrives several times: from the terminal, from npm, and from whoever handed over. So requests are
 * taken until watching stops, and those after the first change nothing.
 */

const names = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

/** @returns {{ readonly signal: AbortSignal, readonly stop: () => void }} */
export function watchForSignals() {
  const controller = new AbortController();
  const abort = (/** @type {NodeJS.Signals} */ name) => controller.abort(name);
  for (const name of names) process.on(name, abort);
  if (process.env.R3MES_LAUNCHED === "1" && process.channel) {
    // Who handed over was killed outright.
    process.on("disconnect", () => abort("SIGHUP"));
    process.channel.unref();
  }
  // What this process starts was not handed over to by who handed over to this one.
  delete process.env.R3MES_LAUNCHED;
  const stop = () => {
    for (const name of names) process.off(name, abort);
  };
  return { signal: controller.signal, stop };
}
