"use client";
/** Who has held a chunk, how long they had, and how it ended. */
import type { Lease } from "../../api/records.ts";
import { Account } from "../../components/Account.tsx";
import { Chip } from "../../components/Chip.tsx";
import { Height } from "../../components/Height.tsx";
import { TimeLeft } from "../../components/TimeLeft.tsx";
import { DataTable } from "../../tables/DataTable.tsx";

export function LeaseTable({ leases }: { readonly leases: readonly Lease[] }) {
  return (
    <DataTable
      label="Leases"
      rows={leases}
      keyOf={({ id }) => id}
      columns={[
        { name: "Lease", width: "5rem", cell: ({ id }) => id },
        {
          name: "Miner",
          width: "12rem",
          grows: true,
          cell: ({ miner }) => <Account address={miner} />,
        },
        { name: "State", width: "7rem", cell: ({ status }) => <Chip word={status} /> },
        {
          name: "Given",
          width: "6rem",
          right: true,
          cell: ({ height }) => <Height value={height} />,
        },
        {
          name: "Ended, or time left",
          width: "13rem",
          right: true,
          cell: ({ closeHeight, endHeight }) =>
            closeHeight === null ? (
              <TimeLeft endHeight={endHeight} />
            ) : (
              <Height value={closeHeight} />
            ),
        },
      ]}
    />
  );
}
