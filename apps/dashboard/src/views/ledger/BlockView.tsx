"use client";
/** One block: its transactions and what it did. */
import type { BlockDetail } from "../../api/records.ts";
import { useRecord } from "../../api/useRecord.ts";
import { Empty } from "../../components/Empty.tsx";
import { Fact, Facts } from "../../components/Facts.tsx";
import { Hash } from "../../components/Hash.tsx";
import { Height } from "../../components/Height.tsx";
import { Loaded } from "../../components/Loaded.tsx";
import { Moment } from "../../components/Moment.tsx";
import { NotNamed } from "../../components/NotNamed.tsx";
import { Page } from "../../components/Page.tsx";
import { Panel } from "../../components/Panel.tsx";
import { useQueryText } from "../../components/useQueryValue.ts";
import { groupDigits } from "../../format/groupDigits.ts";
import { DataTable } from "../../tables/DataTable.tsx";
import { EventHistory } from "../history/EventHistory.tsx";
import { transactionColumns } from "./TransactionTable.tsx";

/** All of one block, which the page names. */
const columnsInBlock = transactionColumns.filter(
  ({ name }) => name !== "Height" && name !== "When",
);

export function BlockView() {
  const id = useQueryText("id");
  const path = id === null ? null : `/blocks/${encodeURIComponent(id)}`;
  const query = useRecord<BlockDetail>(path, []);
  if (id === null) return <NotNamed title="Block" list="the blocks" href="/blocks" />;
  const named = query.data === undefined ? "Block" : `Block ${groupDigits(query.data.height)}`;
  return (
    <Page name={named} title={named}>
      <Loaded query={query} lines={10}>
        {(block) => (
          <>
            <Panel title="Block" source="header and results of the block">
              <Facts>
                <Fact name="Hash">
                  <Hash value={block.hash} what="hash" />
                </Fact>
                <Fact name="Made">
                  <Moment at={block.timeMs} />
                </Fact>
                <Fact name="Proposer" hint="Consensus address of the validator">
                  <Hash value={block.proposer} what="consensus address" />
                </Fact>
                <Fact name="Gas used">{groupDigits(block.gasUsed)}</Fact>
                <Fact name="Before">
                  {block.height > 1 ? <Height value={block.height - 1} /> : "the first block"}
                </Fact>
                <Fact name="After">
                  <Height value={block.height + 1} />
                </Fact>
              </Facts>
            </Panel>
            <Panel title="Transactions" source="the block's, in its order" flush>
              {block.transactionItems.length === 0 ? (
                <Empty title="No transaction">This block carries none.</Empty>
              ) : (
                <DataTable
                  label="Transactions"
                  rows={block.transactionItems}
                  columns={columnsInBlock}
                  keyOf={({ hash }) => hash}
                />
              )}
            </Panel>
            <Panel title="Events" source="the block's, in their order" flush>
              {block.eventItems.length === 0 ? (
                <Empty title="No event">Nothing of the protocol changed in this block.</Empty>
              ) : (
                <EventHistory events={block.eventItems} within="block" />
              )}
            </Panel>
          </>
        )}
      </Loaded>
    </Page>
  );
}
