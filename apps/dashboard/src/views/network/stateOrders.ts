/** States in the order in which the protocol passes through them. */

export const chunkOrder = [
  "leased",
  "expired",
  "committed",
  "revealed",
  "drawn",
  "audited",
  "disputed",
  "accepted",
  "mature",
  "uncounted",
  "faulty",
] as const;

export const auditOrder = ["opening", "commit", "reveal", "settled"] as const;

export const verdictOrder = ["valid", "invalid", "update_invalid", "cannot_check"] as const;

export const outcomeOrder = [
  "open",
  "convicted",
  "acquitted",
  "defender_silent",
  "challenger_silent",
  "moot",
] as const;
