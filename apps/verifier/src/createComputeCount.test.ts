import { createMetrics } from "@r3mes/service";
import { expect, test } from "vitest";
import { createComputeCount } from "./createComputeCount.ts";

test("audits are counted by the processor, apart from the sample of the held-out loss", () => {
  const metrics = createMetrics({ process: "verifier" });
  const count = createComputeCount(metrics);
  expect(count.audited()).toEqual({ steps: 0, seconds: 0 });
  count.onAudit({ ms: 60_000, ranMs: 250 });
  count.onEvaluation({ ms: 60_000, ranMs: 8_000 });
  count.onAudit({ ms: 60_000, ranMs: 500 });
  expect(count.audited()).toEqual({ steps: 2, seconds: 0.75 });
});
