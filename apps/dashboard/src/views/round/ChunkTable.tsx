"use client";
/** The chunks of a round: who trains which, and how far each is. */
import type { Chunk } from "../../api/records.ts";
import { useList } from "../../api/useList.ts";
import { Account } from "../../components/Account.tsx";
import { Chip } from "../../components/Chip.tsx";
import { Empty } from "../../components/Empty.tsx";
import { TextLink } from "../../components/Hash.tsx";
import { Height } from "../../components/Height.tsx";
import { hrefs } from "../../frame/hrefs.ts";
import type { Column } from "../../tables/DataTable.tsx";
import { ListTable } from "../../tables/ListTable.tsx";

const columns: readonly Column<Chunk>[] = [
  {
    name: "Chunk",
    width: "4rem",
    cell: ({ poolId, round, chunk }) => (
      <TextLink href={hrefs.chunk(poolId, round, chunk)}>{chunk}</TextLink>
    ),
  },
  { name: "State", width: "5.5rem", cell: ({ status }) => <Chip word={status} /> },
  { name: "Miner", width: "9rem", grows: true, cell: ({ miner }) => <Account address={miner} /> },
  {
    name: "Submission",
    width: "6.5rem",
    right: true,
    cell: ({ leaseId }) => <TextLink href={hrefs.submission(leaseId)}>{leaseId}</TextLink>,
  },
  { name: "Leases", width: "5rem", right: true, cell: ({ leases }) => leases },
  {
    name: "Last change",
    width: "7rem",
    right: true,
    cell: ({ height }) => <Height value={height} />,
  },
];

export function ChunkTable({ pool, round }: { readonly pool: number; readonly round: number }) {
  const list = useList<Chunk>(`/chunks?poolId=${pool}&round=${round}`, ["chunk", "audit"]);
  return (
    <ListTable
      list={list}
      label="Chunks"
      columns={columns}
      keyOf={({ chunk }) => chunk}
      empty={
        <Empty title="No chunk is leased yet" command="npx r3mes mine">
          The chain waits for the beacon that shuffles them, then leases the next one to whoever
          asks.
        </Empty>
      }
    />
  );
}
