/**
 * Turns `spec/errors.json`, the one catalogue of error codes, into the TypeScript table, the Go
 * registrations and `docs/errors.md`. A catalogue that breaks a rule of its own is refused here.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Outputs, repositoryRoot, runGenerator } from "./outputs.ts";

export type ErrorEntry = {
  readonly code: string;
  readonly title: string;
  readonly cause: string;
  readonly remedy: string;
  /** Number under which the chain registers the code; consensus, never reused. */
  readonly chain?: number;
};

const nodeQuery = /chain\/bin\/remesd query remes [a-z]/g;
const fields = ["code", "title", "cause", "remedy"] as const;

/** Every rule that the catalogue breaks, as sentences; empty when it is sound. */
export function catalogueFaults(entries: readonly ErrorEntry[]): readonly string[] {
  const faults: string[] = [];
  const numbers = new Map<number, string>();
  let previous = "";
  for (const entry of entries) {
    faults.push(...entryFaults(entry));
    if (entry.code === previous) faults.push(`${entry.code} is listed twice`);
    if (entry.code < previous) faults.push(`${entry.code} must stand before ${previous}`);
    previous = entry.code;
    if (entry.chain === undefined) continue;
    const holder = numbers.get(entry.chain);
    if (holder !== undefined)
      faults.push(`${entry.code} and ${holder} share number ${entry.chain}`);
    numbers.set(entry.chain, entry.code);
  }
  return faults;
}

function entryFaults(entry: ErrorEntry): readonly string[] {
  const faults: string[] = [];
  if (!/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(entry.code))
    faults.push(`${entry.code} is not UPPER_SNAKE_CASE`);
  for (const field of fields) {
    if (typeof entry[field] !== "string" || entry[field].trim() === "") {
      faults.push(`${entry.code} has no ${field}`);
    }
  }
  for (const field of ["cause", "remedy"] as const) {
    if (typeof entry[field] === "string" && !/[.!?]$/.test(entry[field])) {
      faults.push(`${entry.code}: ${field} is not a sentence`);
    }
  }
  // "Query the round" is nothing that anybody can type.
  if (typeof entry.remedy === "string" && /\bquery\b/i.test(entry.remedy.replace(nodeQuery, ""))) {
    faults.push(`${entry.code}: a remedy that asks the chain names the command that does`);
  }
  const unknown = Object.keys(entry).filter(
    (key) => key !== "chain" && !fields.includes(key as "code"),
  );
  if (unknown.length > 0) faults.push(`${entry.code} has unknown fields ${unknown.join(", ")}`);
  if (entry.chain === undefined) return faults;
  if (!Number.isInteger(entry.chain) || entry.chain < 2) {
    faults.push(`${entry.code}: chain numbers are whole and at least 2`);
  }
  // The Go side registers the title as it stands and wraps the facts behind it.
  if (/[{}]/.test(entry.title)) faults.push(`${entry.code}: a chain title takes no placeholders`);
  return faults;
}

export function generateErrors(entries: readonly ErrorEntry[]): Outputs {
  const faults = catalogueFaults(entries);
  if (faults.length > 0) throw new Error(`spec/errors.json:\n  ${faults.join("\n  ")}`);
  return {
    "packages/protocol/src/gen/errors.ts": typescriptTable(entries),
    "chain/x/remes/types/errors_gen.go": goRegistrations(entries),
    "docs/errors.md": documentation(entries),
  };
}

function typescriptTable(entries: readonly ErrorEntry[]): string {
  const rows = entries.map((entry) => {
    const { code, title, cause, remedy, chain } = entry;
    const number = chain === undefined ? "" : `, chain: ${chain}`;
    const text = [title, cause, remedy].map((sentence) => JSON.stringify(sentence));
    return `  ${code}: { title: ${text[0]}, cause: ${text[1]}, remedy: ${text[2]}${number} },`;
  });
  return [
    "// Generated from spec/errors.json by tools/gen/errors.ts. Do not edit.",
    "",
    "export type ErrorEntry = {",
    "  readonly title: string;",
    "  readonly cause: string;",
    "  readonly remedy: string;",
    "  readonly chain?: number;",
    "};",
    "",
    "const table = {",
    ...rows,
    "} as const;",
    "",
    "export type ErrorCode = keyof typeof table;",
    "",
    "export const ERRORS: { readonly [Code in ErrorCode]: ErrorEntry } = table;",
    "",
  ].join("\n");
}

function goRegistrations(entries: readonly ErrorEntry[]): string {
  const registered = entries
    .filter((entry) => entry.chain !== undefined)
    .sort((left, right) => left.chain! - right.chain!)
    .map((entry) => ({ entry, name: goName(entry.code) }));
  const nameWidth = Math.max(...registered.map(({ name }) => name.length));
  const rows = registered.map(
    ({ entry, name }) =>
      `\t${name.padEnd(nameWidth)} = errorsmod.Register(ModuleName, ${entry.chain}, ${JSON.stringify(entry.title)})`,
  );
  const keyWidth = Math.max(...registered.map(({ entry }) => String(entry.chain).length));
  const codes = registered.map(({ entry }) => {
    const gap = " ".repeat(keyWidth - String(entry.chain).length);
    return `\t${entry.chain}:${gap} ${JSON.stringify(entry.code)},`;
  });
  return [
    "// Code generated from spec/errors.json by tools/gen/errors.ts. DO NOT EDIT.",
    "",
    "package types",
    "",
    'import errorsmod "cosmossdk.io/errors"',
    "",
    "// Errors that the module returns. Numbers are consensus and are never reused.",
    "var (",
    ...rows,
    ")",
    "",
    "// ErrorCodes maps a registered number to the code of the catalogue.",
    "var ErrorCodes = map[uint32]string{",
    ...codes,
    "}",
    "",
  ].join("\n");
}

/** LEASE_NOT_FOUND becomes ErrLeaseNotFound. */
function goName(code: string): string {
  const words = code.split("_").map((word) => word[0] + word.slice(1).toLowerCase());
  return `Err${words.join("")}`;
}

/** A fact that a program fills in, as a reader of the page sees it. */
function emphasise(sentence: string): string {
  return sentence.replaceAll("{", "*").replaceAll("}", "*");
}

function documentation(entries: readonly ErrorEntry[]): string {
  const sections = entries.map((entry) =>
    [
      `## ${entry.code}`,
      "",
      `${emphasise(entry.title)}.`,
      "",
      `Why: ${emphasise(entry.cause)}`,
      "",
      `What to do: ${emphasise(entry.remedy)}`,
      ...(entry.chain === undefined
        ? []
        : ["", `On the chain: code ${entry.chain} of module \`remes\`.`]),
    ].join("\n"),
  );
  return [
    "# Errors",
    "",
    "Every error of R3MES has one of these codes. Programs print it as `{code, message, facts, next}`;",
    "the message is the first line below and `next` what to do, both with their facts filled in.",
    "This page is generated from `spec/errors.json`.",
    "",
    sections.join("\n\n"),
    "",
  ].join("\n");
}

export function readErrors(): readonly ErrorEntry[] {
  return JSON.parse(readFileSync(join(repositoryRoot, "spec/errors.json"), "utf8"));
}

if (import.meta.main) runGenerator("errors", () => generateErrors(readErrors()));
