/** How far the index is and how fast it goes, as metrics. */
import type { Clock, Metrics } from "@r3mes/service";
import type { IndexedBlock } from "./createIndexer.ts";

/** Returns what an indexer's `onBlock` is given. */
export function measureIndex(metrics: Metrics, clock: Pick<Clock, "nowMs">) {
  const height = metrics.gauge({
    name: "r3mes_indexer_height",
    help: "Height of the last block in the tables.",
  });
  const lag = metrics.gauge({
    name: "r3mes_indexer_lag_seconds",
    help: "Age of the last block in the tables when it was written.",
  });
  const blockSeconds = metrics.histogram({
    name: "r3mes_indexer_block_seconds",
    help: "Time to decode and write one block.",
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2],
  });
  return (block: IndexedBlock): void => {
    height.set(block.height);
    lag.set(Math.max(0, clock.nowMs() - block.timeMs) / 1_000);
    blockSeconds.observe(block.seconds);
  };
}
