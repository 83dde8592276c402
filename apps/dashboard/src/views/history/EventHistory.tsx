/** What happened, oldest first, each with its block and its transaction. Fields are text, whatever they hold. */
import type { NetworkEvent } from "../../api/records.ts";
import { cn } from "../../components/cn.ts";
import { TextLink } from "../../components/Hash.tsx";
import { Height } from "../../components/Height.tsx";
import { Moment } from "../../components/Moment.tsx";
import { wordsOf } from "../../format/wordsOf.ts";
import { hrefs } from "../../frame/hrefs.ts";
import { type EventField, eventFields } from "./eventFields.ts";

export type EventHistoryProps = {
  readonly events: readonly NetworkEvent[];
  /** Fields that the page says anyway. */
  readonly said?: readonly string[];
  /** All of one block, or of one transaction, which the page names. */
  readonly within?: "block" | "transaction";
};

export function EventHistory({ events, said = [], within }: EventHistoryProps) {
  return (
    <ol className="divide-y divide-line">
      {events.map((event) => (
        <li
          key={event.id}
          className={cn(
            "grid gap-x-4 gap-y-1 px-4 py-2",
            within === undefined
              ? "grid-cols-[auto_minmax(0,1fr)] sm:grid-cols-[6rem_10rem_minmax(0,1fr)_7rem]"
              : "sm:grid-cols-[10rem_minmax(0,1fr)_7rem]",
          )}
        >
          {within === undefined && (
            <span className="text-ink-soft">
              <Height value={event.height} />
            </span>
          )}
          <span className="font-medium first-letter:uppercase">{typeText(event.type)}</span>
          <FieldsLine fields={eventFields(event.data, said)} />
          {within !== "transaction" && <Origin event={event} within={within} />}
        </li>
      ))}
    </ol>
  );
}

/** `CaseMoved` is `dispute moved`: a case is called a dispute everywhere here. */
function typeText(type: string): string {
  return wordsOf(type.replace(/^Case(?=[A-Z])/, "Dispute"));
}

function Origin({
  event: { timeMs, transaction },
  within,
}: {
  readonly event: NetworkEvent;
  readonly within: EventHistoryProps["within"];
}) {
  return (
    <span className="col-span-full flex flex-wrap gap-x-3 text-xs text-ink-soft sm:col-span-1 sm:flex-col sm:items-end">
      {within === undefined && <Moment at={timeMs} />}
      {transaction === null ? (
        "by the block"
      ) : (
        <TextLink href={hrefs.transaction(transaction)}>transaction</TextLink>
      )}
    </span>
  );
}

function FieldsLine({ fields }: { readonly fields: readonly EventField[] }) {
  return (
    <span className="col-span-full flex min-w-0 flex-wrap gap-x-3 text-xs text-ink-soft sm:col-span-1">
      {fields.map(({ name, values }) => (
        <span key={name} className="max-w-full truncate">
          {name}
          {values.map(({ text, whole, href }, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a list are their places
            <span key={place}>
              {place === 0 ? " " : ", "}
              <span className={whole === undefined ? "text-ink" : "font-mono text-ink"}>
                {href === undefined ? (
                  <span title={whole}>{text}</span>
                ) : (
                  <TextLink href={href} {...(whole === undefined ? {} : { title: whole })}>
                    {text}
                  </TextLink>
                )}
              </span>
            </span>
          ))}
        </span>
      ))}
    </span>
  );
}
