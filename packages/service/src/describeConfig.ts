/** A configuration as rows to show: key, value, origin. Secrets are never among the values. */
import { redacted } from "./createSecret.ts";
import type { Config } from "./loadConfig.ts";

export type ConfigRow = {
  readonly key: string;
  /** The value as JSON would hold it, "[redacted]" for a secret, null when there is none. */
  readonly value: unknown;
  readonly origin: string;
  readonly description: string;
};

export function describeConfig(config: Config<object>): readonly ConfigRow[] {
  return config.settings.map(({ key, secret, description }) => {
    const value = valueAt(config.values, key.split("."));
    const shown = secret && value !== undefined ? redacted : (value ?? null);
    return { key, value: shown, origin: config.originOf(key), description };
  });
}

function valueAt(values: unknown, path: readonly string[]): unknown {
  return path.reduce(
    (table, name) => (table as { readonly [name: string]: unknown } | undefined)?.[name],
    values,
  );
}
