/** Every table of the chain's history. */
export * from "./adapters.ts";
export * from "./chainSchema.ts";
export * from "./disputes.ts";
export * from "./ledger.ts";
export * from "./participants.ts";
export * from "./pools.ts";
export * from "./registries.ts";
export * from "./rewards.ts";
export * from "./submissions.ts";
