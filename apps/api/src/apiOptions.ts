/** What limits every request, whoever sends it. */
export interface ApiOptions {
  /** Origins of pages that may read replies, as `https://example.org`; a browser refuses all others. */
  readonly origins: readonly string[];
  /** Proxies whose word about a client's address is taken: addresses, or ranges as 10.0.0.0/8. */
  readonly trustedProxies: readonly string[];
  /** A larger body is refused before it is read to its end. */
  readonly bodyBytesMax: number;
  /** How long a client may take to send the head of a request, and the whole of it. */
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly connectionsMax: number;
  /** Of one address, but for this machine's own and for trusted proxies. */
  readonly connectionsMaxOfAddress: number;
}

export const defaultApiOptions: ApiOptions = {
  origins: [],
  trustedProxies: [],
  bodyBytesMax: 1 << 20,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  connectionsMax: 1_024,
  connectionsMaxOfAddress: 128,
};
