import { createMetrics } from "@r3mes/service";
import { expect, test } from "vitest";
import { createComputeCount } from "./createComputeCount.ts";

test("audits are counted by the processor, apart from what else is trained again and the sample of the held-out loss", async () => {
  const metrics = createMetrics({ process: "verifier" });
  const count = createComputeCount(metrics);
  expect(count.audited()).toEqual({ steps: 0, seconds: 0 });
  count.onAudit({ ms: 60_000, ranMs: 250 });
  count.onEvaluation({ ms: 60_000, ranMs: 8_000 });
  count.onReplay({ ms: 60_000, ranMs: 1_500 });
  count.onUpdateMade();
  count.onAudit({ ms: 60_000, ranMs: 500 });
  expect(count.audited()).toEqual({ steps: 2, seconds: 0.75 });
  const text = await metrics.render();
  expect(text).toMatch(/^r3mes_verifier_replay_seconds_total\S* 1\.5$/m);
  expect(text).toMatch(/^r3mes_verifier_updates_made_total\S* 1$/m);
});
