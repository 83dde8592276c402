"use client";
/** All disputes, the newest first. */
import type { Case } from "../../api/records.ts";
import { useList } from "../../api/useList.ts";
import { Empty } from "../../components/Empty.tsx";
import { Page } from "../../components/Page.tsx";
import { Panel } from "../../components/Panel.tsx";
import { ListTable } from "../../tables/ListTable.tsx";
import { disputeColumns } from "./DisputeList.tsx";

export function DisputesView() {
  const list = useList<Case>("/cases", ["case"]);
  return (
    <Page
      title="Disputes"
      note="Two parties that got different bytes narrow the difference down to one tile; then the validators execute that tile and consensus decides."
    >
      <Panel title="Newest first" source="cases on the chain" flush>
        <ListTable
          list={list}
          label="Disputes"
          columns={disputeColumns}
          keyOf={({ id }) => id}
          empty={
            <Empty
              title="Nobody has disputed anything"
              command="npx r3mes localnet cheat skip-steps"
            >
              That is what an honest network looks like. On a local network, let a cheat in and
              watch how it ends:
            </Empty>
          }
        />
      </Panel>
    </Page>
  );
}
