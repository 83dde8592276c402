/**
 * Errors of the bootstrap. It fails before any package is installed, so it reads the catalogue
 * `spec/errors.json` itself. It must hold no sentence that the catalogue could hold.
 */
import { readFileSync } from "node:fs";

const catalogueUrl = new URL("../../spec/errors.json", import.meta.url);

/**
 * A code of the catalogue with the facts of the case, in the shape every program of R3MES prints.
 * `details` are lines for people that belong to this case alone, such as the end of a log.
 */
export class BootstrapError extends Error {
  /**
   * @param {{ readonly code: string, readonly [fact: string]: string | number }} failure
   * @param {readonly string[]} details
   */
  constructor(failure, details = []) {
    const { code, ...facts } = failure;
    const entry = readEntry(code);
    super(entry.title.replace(/\{(\w+)\}/g, (whole, name) => String(facts[name] ?? whole)));
    this.name = "BootstrapError";
    this.code = code;
    this.facts = facts;
    this.details = details;
    this.next = entry.remedy;
  }

  toJSON() {
    return { code: this.code, message: this.message, facts: this.facts, next: this.next };
  }
}

/**
 * What a person reads: the code and its sentence, the details, and what to do.
 * @param {BootstrapError} failure
 */
export function describeFailure({ code, message, details, next }) {
  const indented = details.map((line) => `    ${line}\n`).join("");
  return `\n${code}: ${message}.\n${indented}  What to do: ${next}\n`;
}

/**
 * @param {string} code
 * @returns {{ readonly title: string, readonly remedy: string }}
 */
function readEntry(code) {
  const entries = JSON.parse(readFileSync(catalogueUrl, "utf8"));
  const entry = entries.find(
    (/** @type {{ code: string }} */ candidate) => candidate.code === code,
  );
  if (entry === undefined) throw new Error(`spec/errors.json has no entry ${code}`);
  return entry;
}
