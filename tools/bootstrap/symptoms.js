/**
 * Reads the end of a failed stage's log for a cause that the catalogue knows. A cause that is not
 * recognised stays a failed stage: naming the wrong one would send the reader the wrong way.
 */

/** @type {readonly { readonly code: string, readonly pattern: RegExp }[]} */
const symptoms = [
  {
    code: "BOOTSTRAP_DISK_FULL",
    pattern: /\bENOSPC\b|\bEDQUOT\b|no space left on device|disk quota exceeded/i,
  },
  {
    code: "BOOTSTRAP_NO_NETWORK",
    pattern: new RegExp(
      [
        // npm, by Node's names for what the system said.
        /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT)\b/,
        // Go: "dial tcp: lookup …: no such host", "proxyconnect tcp: …", "i/o timeout".
        /dial tcp|proxyconnect tcp|no such host|i\/o timeout|TLS handshake timeout/,
      ]
        .map(({ source }) => source)
        .join("|"),
    ),
  },
  {
    code: "BOOTSTRAP_NOT_WRITABLE",
    pattern: /\bEROFS\b|read-only file system|\bEACCES\b|permission denied/i,
  },
];

/**
 * The code that explains a failure, or null when nothing in the log is recognised.
 * @param {readonly string[]} lines  The end of the log.
 */
export function recogniseFailure(lines) {
  const found = symptoms.find(({ pattern }) => lines.some((line) => pattern.test(line)));
  return found?.code ?? null;
}
