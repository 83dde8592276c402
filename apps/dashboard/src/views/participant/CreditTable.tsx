"use client";
/** Each line of somebody's pay, with the work that earned it. */
import type { Credit } from "../../api/records.ts";
import { useList } from "../../api/useList.ts";
import { Amount } from "../../components/Amount.tsx";
import { Chip } from "../../components/Chip.tsx";
import { Empty } from "../../components/Empty.tsx";
import { TextLink } from "../../components/Hash.tsx";
import { Height } from "../../components/Height.tsx";
import { Moment } from "../../components/Moment.tsx";
import { hrefs } from "../../frame/hrefs.ts";
import type { Column } from "../../tables/DataTable.tsx";
import { ListTable } from "../../tables/ListTable.tsx";

const columns: readonly Column<Credit>[] = [
  {
    name: "For",
    width: "10rem",
    grows: true,
    cell: ({ submissionId }) => (
      <TextLink href={hrefs.submission(submissionId)}>submission {submissionId}</TextLink>
    ),
  },
  { name: "As", width: "9rem", cell: ({ role }) => <Chip word={role} /> },
  {
    name: "Amount, REMES",
    width: "9rem",
    right: true,
    cell: ({ amount }) => <Amount uremes={amount} />,
  },
  { name: "Height", width: "6rem", right: true, cell: ({ height }) => <Height value={height} /> },
  { name: "When", width: "8rem", right: true, cell: ({ timeMs }) => <Moment at={timeMs} /> },
];

export function CreditTable({ owner }: { readonly owner: string }) {
  const list = useList<Credit>(`/rewards/credits?owner=${encodeURIComponent(owner)}`, ["reward"]);
  return (
    <ListTable
      list={list}
      label="Pay"
      columns={columns}
      keyOf={({ height, index }) => `${height} ${index}`}
      empty={
        <Empty title="No pay yet">
          A chunk is paid when it matures: after its audit and the time in which it may be
          challenged.
        </Empty>
      }
    />
  );
}
