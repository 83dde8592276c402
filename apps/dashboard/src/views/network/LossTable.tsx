"use client";
/** The loss curve in numbers, the newest version first. */
import type { TrainedAdapter } from "../../api/records.ts";
import { Chip } from "../../components/Chip.tsx";
import { TextLink } from "../../components/Hash.tsx";
import { Height } from "../../components/Height.tsx";
import { Moment } from "../../components/Moment.tsx";
import { countText } from "../../format/countText.ts";
import { changeText, lossText } from "../../format/lossText.ts";
import { hrefs } from "../../frame/hrefs.ts";
import { DataTable } from "../../tables/DataTable.tsx";

export function LossTable({
  adapters,
  tokens,
}: {
  readonly adapters: readonly TrainedAdapter[];
  readonly tokens: number | null;
}) {
  const before = new Map(adapters.map((adapter, place) => [adapter.id, adapters[place - 1]]));
  return (
    <DataTable
      label="Held-out loss by version"
      rows={adapters.toReversed()}
      keyOf={({ id }) => id}
      columns={[
        {
          name: "Version",
          width: "5rem",
          cell: ({ id }) => <TextLink href={hrefs.adapter(id)}>{id}</TextLink>,
        },
        {
          name: "Round",
          width: "5rem",
          cell: ({ poolId, round }) => (
            <TextLink href={hrefs.round(poolId, round)}>{round}</TextLink>
          ),
        },
        {
          name: "Loss",
          width: "10rem",
          grows: true,
          right: true,
          cell: ({ heldOutLoss }) => lossText(heldOutLoss, tokens),
        },
        {
          name: "Change",
          width: "6rem",
          right: true,
          cell: ({ id, heldOutLoss }) => {
            const earlier = before.get(id);
            return earlier === undefined ? "" : changeText(earlier.heldOutLoss, heldOutLoss);
          },
        },
        {
          name: "Trained by",
          width: "9rem",
          right: true,
          cell: ({ miners, submissions }) =>
            `${countText(miners.length, "miner")}, ${countText(submissions, "chunk")}`,
        },
        { name: "Trust", width: "7rem", cell: ({ status }) => <Chip word={status} /> },
        { name: "Height", width: "6rem", cell: ({ height }) => <Height value={height} /> },
        { name: "Adopted", width: "8rem", cell: ({ timeMs }) => <Moment at={timeMs} /> },
      ]}
    />
  );
}
