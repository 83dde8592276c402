"use client";
/** Who vouches for which sum, with how much bond. */
import type { Attestation } from "../../api/records.ts";
import { Account } from "../../components/Account.tsx";
import { Hash } from "../../components/Hash.tsx";
import { Height } from "../../components/Height.tsx";
import { lossText } from "../../format/lossText.ts";
import { remesText } from "../../format/remesText.ts";
import { DataTable } from "../../tables/DataTable.tsx";

export function AttestationTable({
  attestations,
  tokens,
}: {
  readonly attestations: readonly Attestation[];
  readonly tokens: number | null;
}) {
  return (
    <DataTable
      label="Attestations"
      rows={attestations}
      keyOf={({ verifier }) => verifier}
      columns={[
        {
          name: "Verifier",
          width: "12rem",
          grows: true,
          cell: ({ verifier }) => <Account address={verifier} />,
        },
        {
          name: "Root of the adapter",
          width: "12rem",
          cell: ({ root }) => <Hash value={root} what="root of the adapter" />,
        },
        {
          name: "Root of the momenta",
          width: "12rem",
          cell: ({ momentumRoot }) => <Hash value={momentumRoot} what="root of the momenta" />,
        },
        {
          name: "Held-out loss",
          width: "9rem",
          right: true,
          cell: ({ heldOutLoss }) => lossText(heldOutLoss, tokens),
        },
        { name: "Bond", width: "8rem", right: true, cell: ({ bond }) => remesText(bond) },
        {
          name: "Height",
          width: "6rem",
          right: true,
          cell: ({ height }) => <Height value={height} />,
        },
      ]}
    />
  );
}
