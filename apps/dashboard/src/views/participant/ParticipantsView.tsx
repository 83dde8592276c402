"use client";
/** Who takes part: with which bond, what each has earned for work, and every account that the chain has met. */
import type { Bond, Earning, KnownAccount } from "../../api/records.ts";
import { useList } from "../../api/useList.ts";
import { Account } from "../../components/Account.tsx";
import { Amount } from "../../components/Amount.tsx";
import { Chip } from "../../components/Chip.tsx";
import { Empty } from "../../components/Empty.tsx";
import { Height } from "../../components/Height.tsx";
import { Page } from "../../components/Page.tsx";
import { Panel } from "../../components/Panel.tsx";
import { groupDigits } from "../../format/groupDigits.ts";
import type { Column } from "../../tables/DataTable.tsx";
import { ListTable } from "../../tables/ListTable.tsx";

const bondColumns: readonly Column<Bond>[] = [
  { name: "Who", width: "8.6rem", grows: true, cell: ({ owner }) => <Account address={owner} /> },
  // So narrow that a phone shows the bond without being scrolled.
  { name: "As", width: "3.5rem", cell: ({ role }) => <Chip word={role} /> },
  {
    name: "Bond, REMES",
    width: "6.25rem",
    right: true,
    cell: ({ amount }) => <Amount uremes={amount} />,
  },
  {
    name: "Held by open work, REMES",
    width: "11rem",
    right: true,
    cell: ({ locked }) => <Amount uremes={locked} />,
  },
  {
    name: "Last change",
    width: "6rem",
    right: true,
    cell: ({ height }) => <Height value={height} />,
  },
];

const earningColumns: readonly Column<Earning>[] = [
  { name: "Who", width: "9rem", grows: true, cell: ({ owner }) => <Account address={owner} /> },
  { name: "As", width: "5.5rem", cell: ({ role }) => <Chip word={role} /> },
  {
    name: "Credited, REMES",
    width: "7rem",
    right: true,
    cell: ({ credited }) => <Amount uremes={credited} />,
  },
  { name: "Lines of pay", width: "7rem", right: true, cell: ({ credits }) => groupDigits(credits) },
];

const accountColumns: readonly Column<KnownAccount>[] = [
  {
    name: "Account",
    width: "9rem",
    grows: true,
    cell: ({ address }) => <Account address={address} />,
  },
  {
    name: "Bonded as",
    width: "9rem",
    cell: ({ roles }) =>
      roles.length === 0 ? (
        <span className="text-ink-soft">nothing</span>
      ) : (
        <span className="inline-flex gap-1">
          {roles.map((role) => (
            <Chip key={role} word={role} />
          ))}
        </span>
      ),
  },
  {
    name: "First seen",
    width: "8rem",
    right: true,
    cell: ({ firstHeight }) => <Height value={firstHeight} />,
  },
];

export function ParticipantsView() {
  const bonds = useList<Bond>("/bonds", ["participant", "chunk", "audit"]);
  const earnings = useList<Earning>("/rewards/earnings", ["reward"]);
  const accounts = useList<KnownAccount>("/accounts", ["participant"]);
  return (
    <Page
      title="Participants"
      note="Miners train, verifiers check, data providers offer text. Each is an account with a bond that answers for its work."
    >
      <Panel
        title="At work"
        source="bonds on the chain, which answer for what their owners do"
        flush
      >
        <ListTable
          list={bonds}
          label="At work"
          columns={bondColumns}
          keyOf={({ owner, role }) => `${owner} ${role}`}
          empty={
            <Empty title="Nobody has bonded anything" command="npx r3mes init">
              Whoever mines or verifies puts tokens at stake first.
            </Empty>
          }
        />
      </Panel>
      <Panel
        title="Earned for work"
        source="lines of pay that the chain credited, the most first"
        flush
      >
        <ListTable
          list={earnings}
          label="Earned for work"
          columns={earningColumns}
          keyOf={({ owner, role }) => `${owner} ${role}`}
          empty={
            <Empty title="Nobody has earned anything yet" command="npx r3mes mine">
              Rewards are credited when accepted work has passed its time for challenges.
            </Empty>
          }
        />
      </Panel>
      <Panel title="Accounts" source="addresses in transactions and events of the chain" flush>
        <ListTable
          list={accounts}
          label="Accounts"
          columns={accountColumns}
          keyOf={({ address }) => address}
          empty={<Empty title="No account yet">No transaction has named one.</Empty>}
        />
      </Panel>
    </Page>
  );
}
