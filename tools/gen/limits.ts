/**
 * Turns `spec/limits.json`, the one table of sizes and counts, into constants for TypeScript and Go
 * and into `docs/limits.md`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Outputs, repositoryRoot, runGenerator } from "./outputs.ts";

export type LimitEntry = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly reason: string;
};

/** Every rule that the table breaks, as sentences; empty when it is sound. */
export function limitFaults(entries: readonly LimitEntry[]): readonly string[] {
  const faults: string[] = [];
  let previous = "";
  for (const { name, value, unit, reason, ...rest } of entries) {
    if (!/^[a-z][A-Za-z0-9]*$/.test(name)) faults.push(`${name} is not camelCase`);
    if (name === previous) faults.push(`${name} is listed twice`);
    if (name < previous) faults.push(`${name} must stand before ${previous}`);
    if (!Number.isSafeInteger(value) || value < 0)
      faults.push(`${name}: ${value} is no whole number`);
    if (typeof unit !== "string" || unit === "") faults.push(`${name} has no unit`);
    if (typeof reason !== "string" || !reason.endsWith(".")) faults.push(`${name} has no reason`);
    const unknown = Object.keys(rest);
    if (unknown.length > 0) faults.push(`${name} has unknown fields ${unknown.join(", ")}`);
    previous = name;
  }
  return faults;
}

export function generateLimits(entries: readonly LimitEntry[]): Outputs {
  const faults = limitFaults(entries);
  if (faults.length > 0) throw new Error(`spec/limits.json:\n  ${faults.join("\n  ")}`);
  return {
    "packages/protocol/src/gen/limits.ts": typescriptTable(entries),
    "chain/x/remes/types/limits_gen.go": goConstants(entries),
    "docs/limits.md": documentation(entries),
  };
}

function typescriptTable(entries: readonly LimitEntry[]): string {
  return [
    "// Generated from spec/limits.json by tools/gen/limits.ts. Do not edit.",
    "",
    "export const LIMITS = {",
    ...entries.flatMap(({ name, value, unit, reason }) => [
      `  /** In ${unit}. ${reason} */`,
      `  ${name}: ${value},`,
    ]),
    "} as const;",
    "",
    "export type LimitName = keyof typeof LIMITS;",
    "",
    "export const LIMIT_UNITS: { readonly [Name in LimitName]: string } = {",
    ...entries.map(({ name, unit }) => `  ${name}: ${JSON.stringify(unit)},`),
    "};",
    "",
  ].join("\n");
}

function goConstants(entries: readonly LimitEntry[]): string {
  return [
    "// Code generated from spec/limits.json by tools/gen/limits.ts. DO NOT EDIT.",
    "",
    "package types",
    "",
    "// Limits of sizes and counts, each with its unit and reason.",
    "const (",
    entries
      .map(
        ({ name, value, unit, reason }) =>
          `\t// ${goName(name)} is in ${unit}. ${reason}\n\t${goName(name)} = ${value}`,
      )
      .join("\n\n"),
    ")",
    "",
    "// Limits maps the name of each limit in the table to its value.",
    "var Limits = map[string]uint64{",
    ...aligned(entries.map(({ name }) => [`${JSON.stringify(name)}:`, `${goName(name)},`])),
    "}",
    "",
  ].join("\n");
}

/** Rows of two columns, the second aligned as gofmt does it. */
function aligned(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `\t${left.padEnd(width)} ${right}`);
}

/** treeDepthMax becomes LimitTreeDepthMax. */
function goName(name: string): string {
  return `Limit${name[0]!.toUpperCase()}${name.slice(1)}`;
}

function documentation(entries: readonly LimitEntry[]): string {
  return [
    "# Limits",
    "",
    "Every size and count that the protocol bounds. This page is generated from `spec/limits.json`.",
    "",
    "| limit | value | unit | reason |",
    "| --- | --- | --- | --- |",
    ...entries.map(
      ({ name, value, unit, reason }) =>
        `| \`${name}\` | ${grouped(value)} | ${unit} | ${reason} |`,
    ),
    "",
  ].join("\n");
}

function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

export function readLimits(): readonly LimitEntry[] {
  return JSON.parse(readFileSync(join(repositoryRoot, "spec/limits.json"), "utf8"));
}

if (import.meta.main) runGenerator("limits", () => generateLimits(readLimits()));
