"use client";
/** What became of the credit: gifts, and what each key spent. */
import type { ApiKey, OwnAccount } from "../../api/records.ts";
import { Chip } from "../../components/Chip.tsx";
import { Empty } from "../../components/Empty.tsx";
import { Moment } from "../../components/Moment.tsx";
import { groupDigits } from "../../format/groupDigits.ts";
import { DataTable } from "../../tables/DataTable.tsx";

export function EntryTable({
  entries,
  keys,
}: {
  readonly entries: OwnAccount["entries"];
  readonly keys: readonly ApiKey[];
}) {
  const nameOf = (id: string | null) => {
    const key = keys.find((one) => one.id === id);
    return key === undefined ? "" : `${key.label} ${key.prefix}…`;
  };
  if (entries.length === 0) {
    return (
      <Empty title="Nothing was given or spent yet">
        An answer takes one credit for each token that was read or written.
      </Empty>
    );
  }
  return (
    <DataTable
      label="Changes of the credit"
      rows={entries}
      keyOf={({ id }) => id}
      columns={[
        { name: "What", width: "6rem", cell: ({ kind }) => <Chip word={kind} /> },
        { name: "By key", width: "12rem", grows: true, cell: ({ key }) => nameOf(key) },
        {
          name: "Credits",
          width: "12rem",
          right: true,
          cell: ({ credits }) => (credits > 0 ? `+${groupDigits(credits)}` : groupDigits(credits)),
        },
        {
          name: "When",
          width: "8rem",
          right: true,
          cell: ({ at }) => <Moment at={Date.parse(at)} />,
        },
      ]}
    />
  );
}
