/**
 * The log of a process: a constant message and fields, one JSON object a line, or aligned text on a
 * terminal. Fields whose names speak of secrets are hidden, and so is every known secret's text.
 */
import { createRequire } from "node:module";
import type { Writable } from "node:stream";
import { R3mesError } from "@r3mes/protocol";
import { type Logger, pino } from "pino";
import type pretty from "pino-pretty";
import type { Clock } from "./clock.ts";
import { redacted, type Secret } from "./createSecret.ts";

export type { Logger } from "pino";

export const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

export type LoggerOptions = {
  /** The process, as in `miner`. */
  readonly name: string;
  readonly level: LogLevel;
  /** `auto` is text on a terminal and JSON elsewhere. */
  readonly format: "auto" | "pretty" | "json";
  /** Secrets whose text is struck out wherever it would appear. */
  readonly secrets?: readonly Secret[];
};

export type LoggerDeps = {
  readonly stream: Writable & { readonly isTTY?: boolean };
  readonly clock: Clock;
};

const secretFields = [
  "apiKey",
  "authorization",
  "cookie",
  "mnemonic",
  "passphrase",
  "password",
  "privateKey",
  "secret",
  "seedPhrase",
  "token",
];
const depths = ["", "*.", "*.*.", "*.*.*."];

export function createLogger(options: LoggerOptions, deps: LoggerDeps): Logger {
  const { name, level, format } = options;
  const isPretty = format === "pretty" || (format === "auto" && deps.stream.isTTY === true);
  const strike = strikeOut(options.secrets ?? []);
  return pino(
    {
      name,
      level,
      base: { name },
      timestamp: () => `,"time":"${new Date(deps.clock.nowMs()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: serializeError },
      errorKey: "error",
      redact: { paths: secretPaths(), censor: redacted },
      hooks: { streamWrite: strike },
    },
    isPretty ? prettyStream(deps.stream) : deps.stream,
  );
}

function secretPaths(): string[] {
  return depths.flatMap((depth) => secretFields.map((field) => `${depth}${field}`));
}

// A line holds JSON, so a secret with quotes or line breaks appears in its escaped form.
function strikeOut(secrets: readonly Secret[]): (line: string) => string {
  const texts = secrets.map((secret) => JSON.stringify(secret.reveal()).slice(1, -1));
  return (line) => texts.reduce((struck, text) => struck.replaceAll(text, redacted), line);
}

function serializeError(error: unknown): unknown {
  if (error instanceof R3mesError) return { ...error.toJSON(), stack: error.stack };
  return error instanceof Error ? pino.stdSerializers.err(error) : error;
}

const require = createRequire(import.meta.url);

/** Loaded by whoever prints for people: it is a quarter of all that a process loads to log. */
function prettyStream(destination: LoggerDeps["stream"]): Writable {
  const prettyPrinter: typeof pretty = require("pino-pretty");
  return prettyPrinter({
    destination,
    sync: true,
    colorize: destination.isTTY === true && !process.env.NO_COLOR,
    translateTime: "SYS:HH:MM:ss",
    ignore: "name",
    errorLikeObjectKeys: ["error"],
    singleLine: true,
  });
}
