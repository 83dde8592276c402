"use client";
/** Transactions in a table. */
import type { Transaction } from "../../api/records.ts";
import { Account } from "../../components/Account.tsx";
import { Amount } from "../../components/Amount.tsx";
import { Chip } from "../../components/Chip.tsx";
import { Hash } from "../../components/Hash.tsx";
import { Height } from "../../components/Height.tsx";
import { Moment } from "../../components/Moment.tsx";
import { wordsOf } from "../../format/wordsOf.ts";
import { hrefs } from "../../frame/hrefs.ts";
import type { Column } from "../../tables/DataTable.tsx";

export const transactionColumns: readonly Column<Transaction>[] = [
  {
    name: "Hash",
    width: "9.5rem",
    cell: ({ hash }) => <Hash value={hash} href={hrefs.transaction(hash)} what="hash" />,
  },
  {
    name: "Does",
    width: "12rem",
    grows: true,
    cell: ({ messageTypes }) => (
      <span title={messageTypes.join(", ")}>{messageTypes.map(messageName).join(", ")}</span>
    ),
  },
  {
    name: "Result",
    width: "5.5rem",
    cell: ({ code }) => (code === 0 ? <Chip word="ok" /> : <Chip word="failed" />),
  },
  { name: "By", width: "9rem", cell: ({ payer }) => <Account address={payer} /> },
  { name: "Fee, REMES", width: "6rem", right: true, cell: ({ fee }) => <Amount uremes={fee} /> },
  { name: "Height", width: "5rem", right: true, cell: ({ height }) => <Height value={height} /> },
  { name: "When", width: "8rem", right: true, cell: ({ timeMs }) => <Moment at={timeMs} /> },
];

/** `/remes.v1.MsgClaimChunk` is `claim chunk`. */
export function messageName(type: string): string {
  const name = type.split(".").at(-1) ?? type;
  return wordsOf(name.replace(/^Msg(?=[A-Z])/, ""));
}
