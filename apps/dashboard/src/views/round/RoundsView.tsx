"use client";
/** Every round of every pool, or of one. */
import type { Round } from "../../api/records.ts";
import { useList } from "../../api/useList.ts";
import { Chip } from "../../components/Chip.tsx";
import { Empty } from "../../components/Empty.tsx";
import { TextLink } from "../../components/Hash.tsx";
import { Height } from "../../components/Height.tsx";
import { Page } from "../../components/Page.tsx";
import { Panel } from "../../components/Panel.tsx";
import { useQueryNumber } from "../../components/useQueryValue.ts";
import { hrefs } from "../../frame/hrefs.ts";
import type { Column } from "../../tables/DataTable.tsx";
import { ListTable } from "../../tables/ListTable.tsx";

const columns: readonly Column<Round>[] = [
  {
    name: "Round",
    width: "8.5rem",
    grows: true,
    cell: ({ poolId, number }) => (
      <TextLink href={hrefs.round(poolId, number)}>
        Pool {poolId}, round {number}
      </TextLink>
    ),
  },
  { name: "Phase", width: "7rem", cell: ({ phase }) => <Chip word={phase} /> },
  { name: "Leases", width: "3.5rem", right: true, cell: ({ leases }) => leases },
  { name: "Expired", width: "3.5rem", right: true, cell: ({ expired }) => expired },
  { name: "Committed", width: "5rem", right: true, cell: ({ committed }) => committed },
  { name: "Revealed", width: "4rem", right: true, cell: ({ revealed }) => revealed },
  { name: "Accepted", width: "4rem", right: true, cell: ({ accepted }) => accepted },
  {
    name: "Made adapter",
    width: "6rem",
    right: true,
    cell: ({ resultAdapterId }) =>
      resultAdapterId === null ? (
        <span className="text-ink-soft">none yet</span>
      ) : (
        <TextLink href={hrefs.adapter(resultAdapterId)}>{resultAdapterId}</TextLink>
      ),
  },
  {
    name: "Opened",
    width: "4rem",
    right: true,
    cell: ({ openHeight }) => <Height value={openHeight} />,
  },
  {
    name: "Closed",
    width: "4rem",
    right: true,
    cell: ({ closeHeight }) => <Height value={closeHeight} />,
  },
];

export function RoundsView() {
  const pool = useQueryNumber("pool");
  const list = useList<Round>(pool === null ? "/rounds" : `/rounds?poolId=${pool}`, [
    "round",
    "chunk",
  ]);
  return (
    <Page
      title={pool === null ? "Rounds" : `Rounds of pool ${pool}`}
      note="A round trains the chunks of one pass over a part of the data, audits each, and sums what was accepted into the next version of an adapter."
    >
      <Panel title="Newest first" source="rounds on the chain" flush>
        <ListTable
          list={list}
          label="Rounds"
          columns={columns}
          keyOf={({ poolId, number }) => `${poolId} ${number}`}
          empty={
            <Empty title="No round yet" command="npx r3mes localnet status">
              Rounds open by themselves while a pool has budget.
            </Empty>
          }
        />
      </Panel>
    </Page>
  );
}
