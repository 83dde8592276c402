/** The fields of an event as people read them: flags that are not set, empty lists and names of nothing say nothing; words of the API become words. */
import { groupDigits } from "../../format/groupDigits.ts";
import { remesText } from "../../format/remesText.ts";
import { shorten } from "../../format/shorten.ts";
import { wordsOf } from "../../format/wordsOf.ts";
import { hrefs } from "../../frame/hrefs.ts";

export type EventField = {
  readonly name: string;
  /** Each a part of a list; none where the name says it all. */
  readonly values: readonly FieldValue[];
};

export type FieldValue = {
  readonly text: string;
  /** Where the text is short for something. */
  readonly whole?: string;
  readonly href?: string;
};

/** `said` are fields that the page says anyway. */
export function eventFields(
  data: Readonly<Record<string, unknown>>,
  said: readonly string[],
): readonly EventField[] {
  return Object.entries(data)
    .filter(([name, value]) => !said.includes(name) && !saysNothing(name, value))
    .sort(([one], [other]) => rankOf(one) - rankOf(other))
    .map(([name, value]) => ({
      name: names[name] ?? wordsOf(name.replace(/Id$/, "")),
      values: value === true ? [] : [value].flat().map((one) => fieldValue(name, one, data)),
    }));
}

/** What an event is about comes first. */
const subjects = ["poolId", "round", "chunk", "leaseId", "submissionId", "caseId", "adapterId"];

function rankOf(name: string): number {
  const rank = subjects.indexOf(name);
  return rank === -1 ? subjects.length : rank;
}

function saysNothing(name: string, value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === false || (/(Id|Height)$/.test(name) && Number(value) === 0);
}

const names: Readonly<Record<string, string>> = {
  blocksLeft: "blocks on its clock",
  caseId: "dispute",
  cid: "content",
  emissionWeightPpm: "weight in the emission",
  endHeight: "until",
  found: "place",
  fullReplay: "every step is run again",
  heldOutLoss: "held-out loss",
  lossSum: "loss of its training",
  missed: "not revealed",
  releaseHeight: "free at",
  revealEndHeight: "reveals until",
  toMove: "next to move",
  updateCid: "update",
  weak: "with too few reveals",
};

/** Sums of money, which the chain counts in millionths of a REMES. */
const amounts = new Set([
  ...["amount", "taken", "burned", "awarded", "insured", "returned", "minted", "bond", "locked"],
  "budget",
]);

/** Losses, which the chain sums in bits with 16 fraction bits. */
const losses = new Set(["lossSum", "heldOutLoss"]);

const words = new Set([
  ...["fault", "kind", "outcome", "phase", "role", "stage", "status", "verdict"],
]);

function fieldValue(
  name: string,
  value: unknown,
  data: Readonly<Record<string, unknown>>,
): FieldValue {
  if (typeof value !== "string" && typeof value !== "number") {
    const whole = JSON.stringify(value);
    return { text: shorten(whole, 14), whole };
  }
  const whole = String(value);
  if (/^\d+$/.test(whole)) return { text: countedText(name, whole), ...linkOf(name, whole, data) };
  if (words.has(name)) return { text: whole === "aggregate" ? "sum" : wordsOf(whole) };
  const href = whole.startsWith("remes1") ? { href: hrefs.account(whole) } : {};
  return { text: shorten(whole), whole, ...href };
}

function countedText(name: string, digits: string): string {
  if (amounts.has(name)) return remesText(digits);
  if (losses.has(name)) return `${groupDigits(BigInt(digits) >> 16n)} bits`;
  if (name === "emissionWeightPpm") return `${Number(digits) / 10_000} %`;
  return name.endsWith("Height") ? `#${groupDigits(digits)}` : groupDigits(digits);
}

function linkOf(
  name: string,
  id: string,
  { poolId }: Readonly<Record<string, unknown>>,
): { readonly href?: string } {
  if (name === "submissionId" || name === "leftOut") return { href: hrefs.submission(id) };
  if (name === "caseId") return { href: hrefs.case(id) };
  if (name === "adapterId" || name === "parentId") return { href: hrefs.adapter(id) };
  if (name === "round" && typeof poolId === "number") {
    return { href: hrefs.round(poolId, Number(id)) };
  }
  return {};
}
