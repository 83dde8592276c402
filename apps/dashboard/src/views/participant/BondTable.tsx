"use client";
/** Bonds by role, and what is on its way back. */
import type { AccountDetail } from "../../api/records.ts";
import { Amount } from "../../components/Amount.tsx";
import { Chip } from "../../components/Chip.tsx";
import { Empty } from "../../components/Empty.tsx";
import { Height } from "../../components/Height.tsx";
import { DataTable } from "../../tables/DataTable.tsx";

export function BondTable({ account }: { readonly account: AccountDetail }) {
  const rows = [
    ...account.bonds.map((bond) => ({
      key: bond.role,
      role: bond.role,
      state: "bonded",
      amount: bond.amount,
      locked: bond.locked,
      height: bond.height,
    })),
    ...account.unbondings
      .filter(({ paidHeight }) => paidHeight === null)
      .map((unbonding) => ({
        key: `unbonding ${unbonding.id}`,
        role: unbonding.role,
        state: "unbonding",
        amount: unbonding.amount,
        locked: null,
        height: unbonding.releaseHeight,
      })),
  ];
  if (rows.length === 0) {
    return (
      <Empty title="No bond">An account that bonds nothing can neither mine nor verify.</Empty>
    );
  }
  return (
    <DataTable
      label="Bonds"
      rows={rows}
      keyOf={({ key }) => key}
      columns={[
        { name: "As", width: "8rem", grows: true, cell: ({ role }) => <Chip word={role} /> },
        {
          name: "Amount, REMES",
          width: "9rem",
          right: true,
          cell: ({ amount }) => <Amount uremes={amount} />,
        },
        { name: "State", width: "7rem", cell: ({ state }) => state },
        {
          name: "Held by open work, REMES",
          width: "11rem",
          right: true,
          cell: ({ locked }) => (locked === null ? "" : <Amount uremes={locked} />),
        },
        {
          name: "Since, or free at",
          width: "8rem",
          right: true,
          cell: ({ height }) => <Height value={height} />,
        },
      ]}
    />
  );
}
