/** What a device has computed in the life of its process, as `/status` says it: a miner's training, or a verifier's audits. */
export interface Computed {
  readonly steps: number;
  /** Processor time of its threads. */
  readonly seconds: number;
}
