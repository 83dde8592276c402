import { expect, test } from "vitest";
import { createMetrics } from "./createMetrics.ts";

test("what was counted and measured is scraped with the process as a label", async () => {
  const metrics = createMetrics({ process: "miner" });
  const help = "A test.";
  const labels = ["verdict"] as const;
  metrics.counter({ name: "r3mes_verdicts_total", help, labels }).inc({ verdict: "valid" }, 3);
  metrics.gauge({ name: "r3mes_chain_height", help }).set(7);
  const buckets = [0.1, 1];
  metrics.histogram({ name: "r3mes_step_seconds", help, buckets }).observe(0.5);

  const scraped = await metrics.render();
  expect(metrics.contentType).toContain("text/plain");
  expect(scraped).toContain('r3mes_verdicts_total{verdict="valid",process="miner"} 3');
  expect(scraped).toContain('r3mes_chain_height{process="miner"} 7');
  expect(scraped).toContain('r3mes_step_seconds_bucket{le="0.1",process="miner"} 0');
  expect(scraped).toContain('r3mes_step_seconds_bucket{le="1",process="miner"} 1');
  expect(scraped).toContain("r3mes_process_resident_memory_bytes");
});

test("two registries in one process do not share a metric", async () => {
  const first = createMetrics({ process: "a" });
  const second = createMetrics({ process: "b" });
  first.counter({ name: "r3mes_chunks_total", help: "A test." }).inc();
  expect(await second.render()).not.toContain("r3mes_chunks_total");
});

test.each([
  ["counter", "r3mes_chunks"],
  ["counter", "chunks_total"],
  ["gauge", "r3mes_Height"],
  ["histogram", "r3mes_step_ms"],
] as const)("a %s named %s is refused", (kind, name) => {
  const metrics = createMetrics({ process: "miner" });
  expect(() => metrics[kind]({ name, help: "A test.", buckets: [1] })).toThrow(name);
});
