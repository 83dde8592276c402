"use client";
/** Disputes in a table. */
import type { Case } from "../../api/records.ts";
import { Account } from "../../components/Account.tsx";
import { Chip } from "../../components/Chip.tsx";
import { TextLink } from "../../components/Hash.tsx";
import { Height } from "../../components/Height.tsx";
import { wordsOf } from "../../format/wordsOf.ts";
import { hrefs } from "../../frame/hrefs.ts";
import { type Column, DataTable } from "../../tables/DataTable.tsx";
import { DisputeSubject } from "./DisputeSubject.tsx";

export const disputeColumns: readonly Column<Case>[] = [
  {
    name: "Dispute",
    width: "5.5rem",
    cell: ({ id }) => <TextLink href={hrefs.case(id)}>{id}</TextLink>,
  },
  { name: "State", width: "9rem", cell: ({ outcome }) => <Chip word={outcome ?? "open"} /> },
  {
    name: "About",
    width: "11rem",
    grows: true,
    cell: (dispute) => <DisputeSubject dispute={dispute} />,
  },
  { name: "Accused", width: "12rem", cell: ({ defender }) => <Account address={defender} /> },
  {
    name: "Challenger",
    width: "12rem",
    cell: ({ challenger }) => <Account address={challenger} />,
  },
  {
    name: "Narrowed to",
    width: "8rem",
    cell: ({ stage }) => (stage === null ? "nothing yet" : wordsOf(stage)),
  },
  {
    name: "Opened",
    width: "6rem",
    right: true,
    cell: ({ openHeight }) => <Height value={openHeight} />,
  },
];

export function DisputeList({ cases }: { readonly cases: readonly Case[] }) {
  return (
    <DataTable label="Disputes" rows={cases} columns={disputeColumns} keyOf={({ id }) => id} />
  );
}
