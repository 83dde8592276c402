"use client";
/** Fines: what was done, in the words of the rule, what it cost, and where the money went. */
import type { Offence } from "../../api/records.ts";
import { Account } from "../../components/Account.tsx";
import { Amount } from "../../components/Amount.tsx";
import { TextLink } from "../../components/Hash.tsx";
import { Height } from "../../components/Height.tsx";
import { remesNumber } from "../../format/remesText.ts";
import { hrefs } from "../../frame/hrefs.ts";
import { type Column, DataTable } from "../../tables/DataTable.tsx";
import { faultOf } from "./faults.ts";

export const offenceColumns: readonly Column<Offence>[] = [
  {
    name: "What was done",
    width: "15.5rem",
    grows: true,
    cell: ({ fault }) => <span title={faultOf(fault).avoid}>{faultOf(fault).done}</span>,
  },
  { name: "Concerns", width: "6.5rem", cell: (offence) => <Subject offence={offence} /> },
  { name: "Who", width: "8.5rem", cell: ({ offender }) => <Account address={offender} /> },
  {
    name: "Taken, REMES",
    width: "6.5rem",
    right: true,
    cell: ({ taken }) => <Amount uremes={taken} />,
  },
  {
    name: "Where it went, REMES",
    width: "18.5rem",
    right: true,
    cell: ({ burned, awarded, insured }) =>
      `${remesNumber(burned)} burned, ${remesNumber(awarded)} awarded, ${remesNumber(insured)} insured`,
  },
  {
    name: "Height",
    width: "4rem",
    right: true,
    cell: ({ height }) => <Height value={height} />,
  },
];

export function offenceKey({ height, index }: Offence): string {
  return `${height} ${index}`;
}

export function OffenceTable({ offences }: { readonly offences: readonly Offence[] }) {
  return <DataTable label="Fines" rows={offences} keyOf={offenceKey} columns={offenceColumns} />;
}

function Subject({ offence: { fault, subject } }: { readonly offence: Offence }) {
  switch (faultOf(fault).subject) {
    case "submission":
      return <TextLink href={hrefs.submission(subject)}>submission {subject}</TextLink>;
    case "case":
      return <TextLink href={hrefs.case(subject)}>dispute {subject}</TextLink>;
    case "epoch":
      return `beacon epoch ${subject}`;
    default:
      return `number ${subject}`;
  }
}
