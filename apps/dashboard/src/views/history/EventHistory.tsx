/** What happened, oldest first, each with its block and its transaction. Fields are text, whatever they hold. */

import type { NetworkEvent } from "../../api/records.ts";
import { TextLink } from "../../components/Hash.tsx";
import { Height } from "../../components/Height.tsx";
import { Moment } from "../../components/Moment.tsx";
import { groupDigits } from "../../format/groupDigits.ts";
import { remesText } from "../../format/remesText.ts";
import { shorten } from "../../format/shorten.ts";
import { wordsOf } from "../../format/wordsOf.ts";
import { hrefs } from "../../frame/hrefs.ts";

export function EventHistory({ events }: { readonly events: readonly NetworkEvent[] }) {
  return (
    <ol className="divide-y divide-line">
      {events.map((event) => (
        <li
          key={event.id}
          className="grid gap-x-4 gap-y-1 px-4 py-2 sm:grid-cols-[6rem_10rem_minmax(0,1fr)_7rem]"
        >
          <span className="text-ink-soft">
            <Height value={event.height} />
          </span>
          <span className="font-medium first-letter:uppercase">{wordsOf(event.type)}</span>
          <FieldsLine data={event.data} />
          <span className="text-xs text-ink-soft sm:text-right">
            <Moment at={event.timeMs} />
            <br />
            {event.transaction === null ? (
              "by the block"
            ) : (
              <TextLink href={hrefs.transaction(event.transaction)}>transaction</TextLink>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** Fields that the page says anyway. */
const said = new Set(["poolId", "round", "submissionId", "leaseId", "caseId"]);

function FieldsLine({ data }: { readonly data: NetworkEvent["data"] }) {
  const fields = Object.entries(data).filter(([name]) => !said.has(name));
  return (
    <span className="flex min-w-0 flex-wrap gap-x-3 text-xs text-ink-soft">
      {fields.map(([name, value]) => (
        <span key={name} className="max-w-full truncate" title={fieldText(value, name)}>
          {wordsOf(name)}{" "}
          <span className="font-mono text-ink">
            {Array.isArray(value) ? fieldText(value, name) : shorten(fieldText(value, name), 14)}
          </span>
        </span>
      ))}
    </span>
  );
}

/** Sums of money, which the chain counts in millionths of a REMES. */
const amounts = new Set([
  ...["amount", "taken", "burned", "awarded", "insured", "returned", "minted", "bond", "locked"],
]);

/** Losses, which the chain sums in bits with 16 fraction bits. */
const losses = new Set(["lossSum", "heldOutLoss"]);

function fieldText(value: unknown, name: string): string {
  if (amounts.has(name) && typeof value === "string" && /^\d+$/.test(value)) {
    return remesText(value);
  }
  if (losses.has(name) && typeof value === "string" && /^\d+$/.test(value)) {
    return `${groupDigits(BigInt(value) >> 16n)} bits`;
  }
  if (Array.isArray(value)) return value.map((item) => shorten(String(item), 14)).join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}
