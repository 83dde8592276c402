"use client";
/** One participant: duties with the time left, its sums of money, bonds, and every fine with its reason. */
import type { AccountDetail, Offence } from "../../api/records.ts";
import { useList } from "../../api/useList.ts";
import { useRecord } from "../../api/useRecord.ts";
import { CountBars } from "../../charts/CountBars.tsx";
import { Account } from "../../components/Account.tsx";
import { Chip } from "../../components/Chip.tsx";
import { Empty } from "../../components/Empty.tsx";
import { Fact, Facts } from "../../components/Facts.tsx";
import { Hash } from "../../components/Hash.tsx";
import { Loaded } from "../../components/Loaded.tsx";
import { NotNamed } from "../../components/NotNamed.tsx";
import { Page } from "../../components/Page.tsx";
import { Panel } from "../../components/Panel.tsx";
import { useQueryText } from "../../components/useQueryValue.ts";
import { remesText } from "../../format/remesText.ts";
import { shorten } from "../../format/shorten.ts";
import { wordsOf } from "../../format/wordsOf.ts";
import { ListTable } from "../../tables/ListTable.tsx";
import { chunkOrder } from "../network/stateOrders.ts";
import { BondTable } from "./BondTable.tsx";
import { CreditTable } from "./CreditTable.tsx";
import { DutyPanel } from "./DutyPanel.tsx";
import { faultOf } from "./faults.ts";
import { MoneyFigures } from "./MoneyFigures.tsx";
import { offenceColumns, offenceKey } from "./OffenceTable.tsx";

export function ParticipantView() {
  const address = useQueryText("address");
  if (address === null) {
    return <NotNamed title="Participant" list="the participants" href="/miners" />;
  }
  return <Participant address={address} />;
}

function Participant({ address }: { readonly address: string }) {
  const path = `/accounts/${encodeURIComponent(address)}`;
  const query = useRecord<AccountDetail>(path, ["participant", "reward", "chunk", "audit"]);
  return (
    <Page
      name={`Participant ${shorten(address)}`}
      title="Participant"
      note={<Hash value={address} what="address" whole />}
    >
      <Loaded query={query} lines={12}>
        {(account) => (
          <>
            <MoneyFigures account={account} />
            <DutyPanel address={address} />
            <div className="grid gap-4 xl:grid-cols-2">
              <Keys account={account} />
              <Work account={account} />
            </div>
            <Panel title="Bonds" source="bonds on the chain, which answer for the work" flush>
              <BondTable account={account} />
            </Panel>
            <Panel title="Pay" source="lines that the chain credited, the newest first" flush>
              <CreditTable owner={address} />
            </Panel>
            <Fines address={address} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Keys({ account }: { readonly account: AccountDetail }) {
  const { participant, operatorOf } = account;
  return (
    <Panel
      title="Keys"
      source="registered on the chain: the owner holds the money, the operator signs the work"
    >
      <Facts>
        <Fact name="Owner">
          {participant === null ? (
            <span className="text-ink-soft">not registered as a participant</span>
          ) : (
            <Account address={participant.owner} />
          )}
        </Fact>
        <Fact name="Operator">
          {participant === null ? (
            <span className="text-ink-soft">none</span>
          ) : (
            <Account address={participant.operator} />
          )}
        </Fact>
        {operatorOf.map((owner) => (
          <Fact key={owner} name="Works for">
            <Account address={owner} />
          </Fact>
        ))}
        {account.earnings.map(({ role, credited }) => (
          <Fact key={role} name={`Earned as ${wordsOf(role)}`}>
            {remesText(credited)}
          </Fact>
        ))}
      </Facts>
    </Panel>
  );
}

function Work({ account }: { readonly account: AccountDetail }) {
  const any = Object.keys(account.submissionsByStatus).length > 0;
  return (
    <Panel title="Submissions by state" source="chunks that this miner handed in on the chain">
      {any ? (
        <CountBars
          counts={account.submissionsByStatus}
          label="Submissions by state"
          unit="chunk"
          order={chunkOrder}
        />
      ) : (
        <p className="text-ink-soft">This account has handed in no chunk.</p>
      )}
    </Panel>
  );
}

function Fines({ address }: { readonly address: string }) {
  const list = useList<Offence>(`/offences?offender=${encodeURIComponent(address)}`, [
    "participant",
    "case",
  ]);
  const offences = list.data?.pages.flatMap((page) => page.items) ?? [];
  const kinds = [...new Set(offences.map(({ fault }) => fault))];
  return (
    <Panel title="Fines, explained" source="offences that the chain recorded" flush>
      <ListTable
        list={list}
        label="Fines"
        columns={offenceColumns}
        keyOf={offenceKey}
        empty={<Empty title="No fine">Nothing was ever taken from this account.</Empty>}
      />
      {kinds.length > 0 && (
        <ul className="space-y-1 border-t border-line p-4">
          {kinds.map((fault) => (
            <li key={fault}>
              <Chip word={fault} tone="bad" /> {faultOf(fault).done}. {faultOf(fault).avoid}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
