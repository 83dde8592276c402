"use client";
/** The blocks of the chain, the newest first. */
import type { Block } from "../../api/records.ts";
import { useList } from "../../api/useList.ts";
import { Empty } from "../../components/Empty.tsx";
import { Hash } from "../../components/Hash.tsx";
import { Height } from "../../components/Height.tsx";
import { Moment } from "../../components/Moment.tsx";
import { Page } from "../../components/Page.tsx";
import { Panel } from "../../components/Panel.tsx";
import { groupDigits } from "../../format/groupDigits.ts";
import { hrefs } from "../../frame/hrefs.ts";
import type { Column } from "../../tables/DataTable.tsx";
import { ListTable } from "../../tables/ListTable.tsx";

const columns: readonly Column<Block>[] = [
  { name: "Height", width: "7rem", cell: ({ height }) => <Height value={height} /> },
  {
    name: "Hash",
    width: "12rem",
    grows: true,
    cell: ({ hash }) => <Hash value={hash} href={hrefs.block(hash)} what="hash" />,
  },
  { name: "Transactions", width: "6.5rem", right: true, cell: ({ transactions }) => transactions },
  { name: "Events", width: "5rem", right: true, cell: ({ events }) => events },
  { name: "Gas used", width: "8rem", right: true, cell: ({ gasUsed }) => groupDigits(gasUsed) },
  { name: "When", width: "9rem", right: true, cell: ({ timeMs }) => <Moment at={timeMs} /> },
];

export function BlocksView() {
  const list = useList<Block>("/blocks", ["block"]);
  return (
    <Page title="Blocks">
      <Panel title="Newest first" source="headers and results of the chain's blocks" flush>
        <ListTable
          list={list}
          label="Blocks"
          columns={columns}
          keyOf={({ height }) => height}
          empty={<Empty title="No block yet">The index has not read the first block.</Empty>}
        />
      </Panel>
    </Page>
  );
}
