"use client";
/** Who vouches for which sum, with how much bond. */
import type { Attestation } from "../../api/records.ts";
import { Account } from "../../components/Account.tsx";
import { Amount } from "../../components/Amount.tsx";
import { Chip } from "../../components/Chip.tsx";
import { Hash } from "../../components/Hash.tsx";
import { Height } from "../../components/Height.tsx";
import { MomentumRoot } from "../../components/MomentumRoot.tsx";
import { lossText } from "../../format/lossText.ts";
import { type Column, DataTable } from "../../tables/DataTable.tsx";
import { comparedSums, type Sum } from "./comparedSums.ts";

export function AttestationTable({
  attestations,
  tokens,
  adopted,
}: {
  readonly attestations: readonly Attestation[];
  readonly tokens: number | null;
  /** The sum that made the round's version; null while there is none. */
  readonly adopted: Sum | null;
}) {
  return (
    <DataTable
      label="Attestations"
      rows={attestations}
      keyOf={({ verifier }) => verifier}
      columns={[
        {
          name: "Verifier",
          width: "9rem",
          grows: true,
          cell: ({ verifier }) => <Account address={verifier} />,
        },
        ...(adopted === null ? [] : [sameColumn(adopted)]),
        {
          name: "Root of the adapter",
          width: "9.5rem",
          cell: ({ root }) => <Hash value={root} what="root of the adapter" />,
        },
        {
          name: "Root of the momenta",
          width: "9.5rem",
          cell: ({ momentumRoot }) => <MomentumRoot value={momentumRoot} />,
        },
        {
          name: "Held-out loss",
          width: "9rem",
          right: true,
          cell: ({ heldOutLoss }) => lossText(heldOutLoss, tokens),
        },
        {
          name: "Bond, REMES",
          width: "8rem",
          right: true,
          cell: ({ bond }) => <Amount uremes={bond} />,
        },
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

function sameColumn(adopted: Sum): Column<Attestation> {
  return { name: "Sum", width: "5.5rem", cell: (own) => sumChips[comparedSums(own, adopted)] };
}

const sumChips = {
  same: <Chip word="adopted" tone="good" />,
  other: <Chip word="another" tone="warn" />,
  unknown: <Chip word="unknown" tone="plain" />,
};
