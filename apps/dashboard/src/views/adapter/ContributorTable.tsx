"use client";
/** Who trained a version, and what they were credited for it. */
import type { AdapterDetail } from "../../api/records.ts";
import { Account } from "../../components/Account.tsx";
import { Amount } from "../../components/Amount.tsx";
import { DataTable } from "../../tables/DataTable.tsx";

export function ContributorTable({
  contributors,
}: {
  readonly contributors: AdapterDetail["contributors"];
}) {
  const all = contributors.reduce((sum, { submissions }) => sum + submissions, 0);
  return (
    <DataTable
      label="Contributors"
      rows={contributors}
      keyOf={({ miner }) => miner}
      columns={[
        {
          name: "Miner",
          width: "12rem",
          grows: true,
          cell: ({ miner }) => <Account address={miner} />,
        },
        {
          name: "Chunks",
          width: "9rem",
          right: true,
          cell: ({ submissions }) => `${submissions} of ${all}`,
        },
        {
          name: "Credited, REMES",
          width: "9rem",
          right: true,
          cell: ({ paid }) => <Amount uremes={paid} />,
        },
      ]}
    />
  );
}
