"use client";
/** Disputes in a table. */
import type { Case } from "../../api/records.ts";
import { Account } from "../../components/Account.tsx";
import { Chip } from "../../components/Chip.tsx";
import { TextLink } from "../../components/Hash.tsx";
import { Height } from "../../components/Height.tsx";
import { hrefs } from "../../frame/hrefs.ts";
import { type Column, DataTable } from "../../tables/DataTable.tsx";
import { DisputeSubject } from "./DisputeSubject.tsx";
import { placeText } from "./placeText.ts";

export const disputeColumns: readonly Column<Case>[] = [
  {
    name: "Dispute",
    width: "4rem",
    cell: ({ id }) => <TextLink href={hrefs.case(id)}>{id}</TextLink>,
  },
  { name: "State", width: "8rem", cell: ({ outcome }) => <Chip word={outcome ?? "open"} /> },
  {
    name: "About",
    width: "10.5rem",
    grows: true,
    cell: (dispute) => <DisputeSubject dispute={dispute} />,
  },
  { name: "Accused", width: "9rem", cell: ({ defender }) => <Account address={defender} /> },
  {
    name: "Challenger",
    width: "9rem",
    cell: ({ challenger }) => <Account address={challenger} />,
  },
  {
    name: "They differ in",
    width: "12.5rem",
    cell: (dispute) =>
      placeText(dispute) ?? <span className="text-ink-soft">not narrowed down yet</span>,
  },
  {
    name: "Opened",
    width: "4rem",
    right: true,
    cell: ({ openHeight }) => <Height value={openHeight} />,
  },
];

export function DisputeList({ cases }: { readonly cases: readonly Case[] }) {
  return (
    <DataTable label="Disputes" rows={cases} columns={disputeColumns} keyOf={({ id }) => id} />
  );
}
