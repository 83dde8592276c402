/**
 * Says what is being done: one line a stage, with the time it took. While a stage runs, a
 * terminal sees a line that changes every second; anything else, such as the log of a CI, sees a
 * new line often enough not to be taken for a standstill.
 */

/**
 * @typedef {object} Report
 * @property {(name: string, what: string, lastLine: () => string) => (outcome: string) => void} begin
 *   Starts showing a stage; the returned function ends it with a word on how it went.
 * @property {(name: string, text: string) => void} say
 *
 * @param {{ write: (text: string) => unknown, isTTY?: boolean, columns?: number }} stream
 * @param {{ heartbeatMs?: number, nameWidth?: number }} options
 * @returns {Report}
 */
export function createReport(stream, { heartbeatMs = 15_000, nameWidth = 9 } = {}) {
  const isTerminal = stream.isTTY === true;
  const row = (/** @type {string} */ name, /** @type {string} */ text) =>
    `  ${name.padEnd(nameWidth)} ${text}`;
  const line = (/** @type {string} */ text) =>
    stream.write(isTerminal ? `\r\x1b[2K${text}\n` : `${text}\n`);

  return {
    say: (name, text) => line(row(name, text)),
    begin(name, what, lastLine) {
      const startedAt = performance.now();
      const elapsed = () => formatSeconds(performance.now() - startedAt);
      if (!isTerminal) line(row(name, `${what} …`));
      const show = () => {
        const said = lastLine().trim();
        const text = row(name, `${what}, ${elapsed()}${said === "" ? "" : `: ${said}`}`);
        if (!isTerminal) return line(text);
        stream.write(`\r\x1b[2K${text.slice(0, (stream.columns ?? 80) - 1)}`);
      };
      const timer = setInterval(show, isTerminal ? 1000 : heartbeatMs);
      return (outcome) => {
        clearInterval(timer);
        line(row(name, `${what}, ${outcome} after ${elapsed()}`));
      };
    },
  };
}

/**
 * `0.4 s`, `41.2 s`, `3 min 5 s`.
 * @param {number} milliseconds
 */
export function formatSeconds(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}
