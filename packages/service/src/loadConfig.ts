/**
 * Puts a configuration together from its default values, one TOML file, the environment and flags,
 * each stronger than the one before, and remembers where every value came from.
 * It must not let an unknown key pass, nor a secret come from a place that others can see.
 */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { R3mesError } from "@r3mes/protocol";
import type { z } from "zod";
import { listSettings, type Setting } from "./listSettings.ts";
import { nearestName } from "./nearestName.ts";
import { readConfigFile } from "./readConfigFile.ts";
import { readSettingText } from "./readSettingText.ts";

export type ConfigSources = {
  /** Path of the TOML file; a missing file counts as an empty one unless `fileRequired`. */
  readonly file: string;
  readonly fileRequired?: boolean;
  readonly env: { readonly [name: string]: string | undefined };
  /** Variables that begin with `R3MES_` and are no settings. */
  readonly envIgnored?: readonly string[];
  /** By dotted key; a flag that was not given is left out or undefined. */
  readonly flags?: { readonly [key: string]: Flag | undefined };
};

export type Flag = { readonly flag: string; readonly value: unknown };

export type Config<Values> = {
  readonly values: Values;
  readonly settings: readonly Setting[];
  /** Where the value of a key came from: `default`, a path, a variable or a flag. */
  readonly originOf: (key: string) => string;
};

type Given = { readonly value: unknown; readonly origin: string };

const prefix = "R3MES_";
const fileSuffix = "File";
const envFileSuffix = "_FILE";

export function loadConfig<Schema extends z.ZodObject>(
  schema: Schema,
  sources: ConfigSources,
): Config<z.output<Schema>> {
  const settings = listSettings(schema);
  const given = new Map<string, Given>([
    ...fromFile(settings, sources),
    ...fromEnvironment(settings, sources),
    ...fromFlags(settings, sources),
  ]);
  const originOf = (key: string): string => given.get(key)?.origin ?? "default";
  const parsed = schema.safeParse(nest(settings, given));
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const key = keyOfIssue(settings, issue.path);
    throw new R3mesError({
      code: "CONFIG_INVALID",
      key,
      origin: originOf(key),
      reason: issue.message,
    });
  }
  return { values: parsed.data, settings, originOf };
}

function fromFile(settings: readonly Setting[], sources: ConfigSources): [string, Given][] {
  const path = sources.file;
  const file = readConfigFile(path);
  if (file === null) {
    if (!sources.fileRequired) return [];
    throw new R3mesError({ code: "FILE_UNREADABLE", path, reason: "it does not exist" });
  }
  return [...file].map(([key, value]) => {
    const setting = settings.find((candidate) => candidate.key === key);
    if (setting?.secret) throw new R3mesError({ code: "CONFIG_SECRET_EXPOSED", key, origin: path });
    if (setting !== undefined) return [key, { value, origin: path }];

    const secret = settings.find((other) => other.secret && `${other.key}${fileSuffix}` === key);
    if (secret !== undefined)
      return [secret.key, readSecretFile(resolve(dirname(path), String(value)))];
    throw unknownKey(key, path, knownFileKeys(settings));
  });
}

function fromEnvironment(settings: readonly Setting[], sources: ConfigSources): [string, Given][] {
  const ignored = new Set(sources.envIgnored);
  return Object.entries(sources.env).flatMap(([name, text]): [string, Given][] => {
    // An empty variable counts as absent: compose files and shells cannot remove one.
    if (!name.startsWith(prefix) || ignored.has(name) || text === undefined || text === "") {
      return [];
    }
    const setting = settings.find((candidate) => candidate.env === name);
    const origin = `environment ${name}`;
    if (setting !== undefined) {
      return [[setting.key, { value: readSettingText(setting.kind, text), origin }]];
    }
    const secret = settings.find((other) => other.secret && other.env + envFileSuffix === name);
    if (secret === undefined) throw unknownKey(name, "environment", knownVariables(settings));
    if (sources.env[secret.env]) {
      const reason = `${secret.env} and ${name} are both set`;
      throw new R3mesError({ code: "CONFIG_INVALID", key: secret.key, origin, reason });
    }
    return [[secret.key, readSecretFile(text)]];
  });
}

function fromFlags(settings: readonly Setting[], sources: ConfigSources): [string, Given][] {
  return Object.entries(sources.flags ?? {}).flatMap(([key, given]): [string, Given][] => {
    if (given === undefined || given.value === undefined) return [];
    const setting = settings.find((candidate) => candidate.key === key);
    if (setting === undefined) throw unknownKey(key, given.flag, knownFileKeys(settings));
    if (setting.secret) {
      throw new R3mesError({ code: "CONFIG_SECRET_EXPOSED", key, origin: given.flag });
    }
    const { value } = given;
    const read = typeof value === "string" ? readSettingText(setting.kind, value) : value;
    return [[key, { value: read, origin: given.flag }]];
  });
}

function readSecretFile(path: string): Given {
  try {
    return { value: readFileSync(path, "utf8").replace(/\r?\n$/, ""), origin: path };
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new R3mesError({ code: "FILE_UNREADABLE", path, reason });
  }
}

function unknownKey(key: string, origin: string, known: readonly string[]): R3mesError {
  const nearest = nearestName(key, known);
  return new R3mesError({ code: "CONFIG_KEY_UNKNOWN", key, origin, nearest });
}

function knownFileKeys(settings: readonly Setting[]): readonly string[] {
  return settings.map((setting) => (setting.secret ? setting.key + fileSuffix : setting.key));
}

function knownVariables(settings: readonly Setting[]): readonly string[] {
  return settings.flatMap(({ env, secret }) => (secret ? [env, env + envFileSuffix] : [env]));
}

// Every table is present, so that the default values of the settings inside it apply.
function nest(settings: readonly Setting[], given: ReadonlyMap<string, Given>): object {
  const root: Record<string, unknown> = {};
  for (const { key } of settings) {
    const path = key.split(".");
    const name = path.pop()!;
    let table = root;
    for (const part of path) {
      table[part] ??= {};
      table = table[part] as Record<string, unknown>;
    }
    const found = given.get(key);
    if (found !== undefined) table[name] = found.value;
  }
  return root;
}

// An issue may lie inside a setting's value, as in the third entry of a list.
function keyOfIssue(settings: readonly Setting[], path: readonly PropertyKey[]): string {
  const dotted = path.join(".");
  const holds = (key: string): boolean => dotted === key || dotted.startsWith(`${key}.`);
  return settings.find((setting) => holds(setting.key))?.key ?? dotted;
}
