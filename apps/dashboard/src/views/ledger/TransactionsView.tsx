"use client";
/** The transactions of the chain, the newest first. */
import type { Transaction } from "../../api/records.ts";
import { useList } from "../../api/useList.ts";
import { Empty } from "../../components/Empty.tsx";
import { Page } from "../../components/Page.tsx";
import { Panel } from "../../components/Panel.tsx";
import { ListTable } from "../../tables/ListTable.tsx";
import { transactionColumns } from "./TransactionTable.tsx";

export function TransactionsView() {
  const list = useList<Transaction>("/transactions", ["block"]);
  return (
    <Page title="Transactions">
      <Panel title="Newest first" source="blocks of the chain" flush>
        <ListTable
          list={list}
          label="Transactions"
          columns={transactionColumns}
          keyOf={({ hash }) => hash}
          empty={<Empty title="No transaction yet">The chain has only made empty blocks.</Empty>}
        />
      </Panel>
    </Page>
  );
}
