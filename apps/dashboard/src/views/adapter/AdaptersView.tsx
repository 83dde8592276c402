"use client";
/** All versions of all adapters, the newest first. */
import type { Adapter, PoolMeasures } from "../../api/records.ts";
import { useList } from "../../api/useList.ts";
import { usePoolMeasures } from "../../api/usePoolMeasures.ts";
import { type RegistryNames, useRegistryNames } from "../../api/useRegistryNames.ts";
import { Chip } from "../../components/Chip.tsx";
import { Empty } from "../../components/Empty.tsx";
import { TextLink } from "../../components/Hash.tsx";
import { Height } from "../../components/Height.tsx";
import { Moment } from "../../components/Moment.tsx";
import { Page } from "../../components/Page.tsx";
import { Panel } from "../../components/Panel.tsx";
import { lossText } from "../../format/lossText.ts";
import { hrefs } from "../../frame/hrefs.ts";
import type { Column } from "../../tables/DataTable.tsx";
import { ListTable } from "../../tables/ListTable.tsx";

const columnsOf = (
  measuresOf: (poolId: number) => PoolMeasures,
  names: RegistryNames,
): readonly Column<Adapter>[] => [
  {
    name: "Version",
    width: "4rem",
    cell: ({ id }) => <TextLink href={hrefs.adapter(id)}>{id}</TextLink>,
  },
  { name: "Trust", width: "6rem", cell: ({ status }) => <Chip word={status} /> },
  {
    name: "Held-out loss",
    width: "9rem",
    right: true,
    cell: ({ heldOutLoss, poolId }) => lossText(heldOutLoss, measuresOf(poolId).heldOutTokens),
  },
  {
    name: "Made by",
    width: "8.5rem",
    grows: true,
    cell: ({ poolId, round }) => (
      <TextLink href={hrefs.round(poolId, round)}>
        pool {poolId}, round {round}
      </TextLink>
    ),
  },
  {
    name: "Parent",
    width: "4rem",
    right: true,
    cell: ({ parentId }) =>
      parentId === 0 ? (
        <span className="text-ink-soft">fresh</span>
      ) : (
        <TextLink href={hrefs.adapter(parentId)}>{parentId}</TextLink>
      ),
  },
  { name: "Chunks in it", width: "6rem", right: true, cell: ({ submissions }) => submissions },
  {
    name: "Trained on",
    width: "9rem",
    cell: ({ modelId, datasetId }) => (
      <span title={`Model ${modelId}, dataset ${datasetId}`}>
        {names.model(modelId)}, {names.dataset(datasetId)}
      </span>
    ),
  },
  { name: "Height", width: "5rem", right: true, cell: ({ height }) => <Height value={height} /> },
  { name: "Adopted", width: "7.5rem", right: true, cell: ({ timeMs }) => <Moment at={timeMs} /> },
];

export function AdaptersView() {
  const list = useList<Adapter>("/adapters", ["adapter"]);
  const pools = list.data?.pages.flatMap(({ items }) => items.map(({ poolId }) => poolId)) ?? [];
  const measuresOf = usePoolMeasures(pools);
  const names = useRegistryNames();
  return (
    <Page
      title="Adapters"
      note="Each version is the sum of a round's accepted updates, with its whole lineage on the chain. It never changes."
    >
      <Panel title="Newest first" source="versions that the chain adopted" flush>
        <ListTable
          list={list}
          label="Adapters"
          columns={columnsOf(measuresOf, names)}
          keyOf={({ id }) => id}
          empty={
            <Empty title="No version yet">
              The first one exists when the first round has been summed and attested. On a local
              network that takes some minutes.
            </Empty>
          }
        />
      </Panel>
    </Page>
  );
}
