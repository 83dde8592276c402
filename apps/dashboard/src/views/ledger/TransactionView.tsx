"use client";
/** One transaction: what it asked, what came of it. Memo and log are text, whatever they look like. */
import type { TransactionDetail } from "../../api/records.ts";
import { useRecord } from "../../api/useRecord.ts";
import { Account } from "../../components/Account.tsx";
import { Chip } from "../../components/Chip.tsx";
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
import { Verbatim } from "../../components/Verbatim.tsx";
import { groupDigits } from "../../format/groupDigits.ts";
import { remesText } from "../../format/remesText.ts";
import { shorten } from "../../format/shorten.ts";
import { EventHistory } from "../history/EventHistory.tsx";
import { messageName } from "./TransactionTable.tsx";

export function TransactionView() {
  const hash = useQueryText("hash");
  const path = hash === null ? null : `/transactions/${encodeURIComponent(hash)}`;
  const query = useRecord<TransactionDetail>(path, []);
  if (hash === null) {
    return <NotNamed title="Transaction" list="the transactions" href="/transactions" />;
  }
  return (
    <Page
      name={`Transaction ${shorten(hash)}`}
      title={
        <>
          Transaction
          {query.data !== undefined && <Chip word={query.data.code === 0 ? "ok" : "failed"} />}
        </>
      }
      note={<Hash value={hash} what="hash" whole />}
    >
      <Loaded query={query} lines={10}>
        {(transaction) => (
          <>
            <TransactionFacts transaction={transaction} />
            {transaction.messages.map((message, place) => (
              <Panel
                // biome-ignore lint/suspicious/noArrayIndexKey: messages are their places
                key={place}
                title={`Message ${place + 1}: ${messageName(message.type)}`}
                source={`as it was signed: ${message.type}`}
              >
                <Verbatim className="max-h-96">
                  {typeof message.value === "string"
                    ? message.value
                    : JSON.stringify(message.value, null, 2)}
                </Verbatim>
              </Panel>
            ))}
            <Panel title="Events" source="what the transaction caused, as the chain told it" flush>
              {transaction.eventItems.length === 0 ? (
                <Empty title="No event">The transaction changed nothing of the protocol.</Empty>
              ) : (
                <EventHistory events={transaction.eventItems} within="transaction" />
              )}
            </Panel>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function TransactionFacts({ transaction }: { readonly transaction: TransactionDetail }) {
  return (
    <Panel title="What came of it" source="the block that executed it">
      <Facts>
        <Fact name="Block">
          <Height value={transaction.height} />, place {transaction.index}
        </Fact>
        <Fact name="When">
          <Moment at={transaction.timeMs} />
        </Fact>
        <Fact name="Paid by">
          <Account address={transaction.payer} />
        </Fact>
        <Fact name="Fee">{remesText(transaction.fee)}</Fact>
        <Fact name="Gas">
          {groupDigits(transaction.gasUsed)} used of {groupDigits(transaction.gasWanted)}
        </Fact>
        <Fact name="Memo">
          {transaction.memo === "" ? (
            <span className="text-ink-soft">none</span>
          ) : (
            <span className="break-all whitespace-pre-wrap">{transaction.memo}</span>
          )}
        </Fact>
        {transaction.code !== 0 && (
          <Fact name="Failed with">
            <code className="font-mono text-xs">
              {transaction.codespace} {transaction.code}
            </code>
            <span className="block break-all whitespace-pre-wrap">{transaction.log}</span>
          </Fact>
        )}
      </Facts>
    </Panel>
  );
}
