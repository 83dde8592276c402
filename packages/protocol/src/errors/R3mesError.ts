/**
 * The one error class of the project: a code of the catalogue and the facts of the case.
 * It must not hold text of its own; every sentence lives in `spec/errors.json`.
 */
import { toHex } from "../encoding/toHex.ts";
import { ERRORS, type ErrorCode } from "../gen/errors.ts";

/** What a fact may be. Bytes are shown as hex, amounts as decimal digits. */
export type Fact = string | number | bigint | boolean | null | Uint8Array | readonly Fact[];

export type Facts = { readonly [name: string]: Fact | undefined };

/** The form in which every program prints an error. */
export type ErrorReport = {
  readonly code: ErrorCode;
  readonly message: string;
  readonly facts: { readonly [name: string]: ReportedFact };
  readonly next: string;
};

export type ReportedFact = string | number | boolean | null | readonly ReportedFact[];

// A message is a sentence for people: longer byte strings are cut there, never in the facts.
const messageBytesMax = 32;

/** `new R3mesError({ code: "LEASE_EXPIRED", lease: 7n })`; a fact given as undefined is left out. */
export class R3mesError<Code extends ErrorCode = ErrorCode> extends Error {
  readonly code: Code;
  readonly facts: { readonly [name: string]: Fact };
  /** What the reader can do about it. */
  readonly next: string;

  constructor(failure: { readonly code: Code } & Facts, options?: { readonly cause?: unknown }) {
    const { code, ...given } = failure;
    const facts = Object.fromEntries(
      Object.entries(given).filter((fact): fact is [string, Fact] => fact[1] !== undefined),
    );
    super(fill(ERRORS[code].title, facts), options);
    this.name = "R3mesError";
    this.code = code;
    this.facts = facts;
    this.next = fill(ERRORS[code].remedy, facts);
  }

  toJSON(): ErrorReport {
    const facts = Object.entries(this.facts).map(([name, fact]) => [name, reportFact(fact)]);
    return {
      code: this.code,
      message: this.message,
      facts: Object.fromEntries(facts),
      next: this.next,
    };
  }
}

function fill(sentence: string, facts: { readonly [name: string]: Fact }): string {
  return sentence.replace(/\{(\w+)\}/g, (placeholder, name: string) =>
    Object.hasOwn(facts, name) ? describeFact(facts[name]!) : placeholder,
  );
}

function describeFact(fact: Fact): string {
  if (fact instanceof Uint8Array) {
    const shown = toHex(fact.subarray(0, messageBytesMax));
    return fact.length > messageBytesMax ? `${shown}…` : shown;
  }
  if (Array.isArray(fact)) return fact.map(describeFact).join(", ");
  return String(fact);
}

function reportFact(fact: Fact): ReportedFact {
  if (fact instanceof Uint8Array) return toHex(fact);
  if (typeof fact === "bigint") return fact.toString();
  // JSON has no NaN and no infinity, and would print null for both.
  if (typeof fact === "number" && !Number.isFinite(fact)) return String(fact);
  if (typeof fact === "object" && fact !== null) return fact.map(reportFact);
  return fact;
}
