/**
 * The metrics of a process in one registry of its own. Names are `r3mes_` and end in their unit:
 * counters in `_total`, distributions in `_seconds` or `_bytes`.
 */
import { R3mesError } from "@r3mes/protocol";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

export type MetricOptions<Label extends string> = {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly Label[];
};

export type HistogramOptions<Label extends string> = MetricOptions<Label> & {
  /** Upper bounds in the metric's unit, ascending. */
  readonly buckets: readonly number[];
};

export type Metrics = {
  readonly counter: <Label extends string>(options: MetricOptions<Label>) => Counter<Label>;
  readonly gauge: <Label extends string>(options: MetricOptions<Label>) => Gauge<Label>;
  readonly histogram: <Label extends string>(options: HistogramOptions<Label>) => Histogram<Label>;
  /** The text that a scrape of `/metrics` gets. */
  readonly render: () => Promise<string>;
  readonly contentType: string;
};

const stem = "r3mes(_[a-z][a-z0-9]*)+";
const counterName = new RegExp(`^${stem}_total$`);
const histogramName = new RegExp(`^${stem}_(seconds|bytes)$`);
const gaugeName = new RegExp(`^${stem}$`);

/** `process` becomes a label of every metric, as in `miner`. */
export function createMetrics(options: { readonly process: string }): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ process: options.process });
  collectDefaultMetrics({ register: registry, prefix: "r3mes_" });
  const registers = [registry];

  return {
    counter: ({ name, help, labels = [] }) => {
      requireName(counterName, name);
      return new Counter({ name, help, labelNames: [...labels], registers });
    },
    gauge: ({ name, help, labels = [] }) => {
      requireName(gaugeName, name);
      return new Gauge({ name, help, labelNames: [...labels], registers });
    },
    histogram: ({ name, help, labels = [], buckets }) => {
      requireName(histogramName, name);
      const labelNames = [...labels];
      return new Histogram({ name, help, labelNames, buckets: [...buckets], registers });
    },
    render: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function requireName(pattern: RegExp, name: string): void {
  if (pattern.test(name)) return;
  throw new R3mesError({ code: "ASSERTION_FAILED", condition: `metric ${name} fits ${pattern}` });
}
