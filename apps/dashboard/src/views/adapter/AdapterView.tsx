"use client";
/** One version of an adapter: how good, how far to be trusted, from whom, from what, and how to get it. */
import type { AdapterDetail } from "../../api/records.ts";
import { usePoolMeasures } from "../../api/usePoolMeasures.ts";
import { useRecord } from "../../api/useRecord.ts";
import { Chip } from "../../components/Chip.tsx";
import { Fact, Facts } from "../../components/Facts.tsx";
import { Hash, TextLink } from "../../components/Hash.tsx";
import { Height } from "../../components/Height.tsx";
import { Loaded } from "../../components/Loaded.tsx";
import { Moment } from "../../components/Moment.tsx";
import { MomentumRoot } from "../../components/MomentumRoot.tsx";
import { NotNamed } from "../../components/NotNamed.tsx";
import { Page } from "../../components/Page.tsx";
import { Panel } from "../../components/Panel.tsx";
import { useQueryNumber } from "../../components/useQueryValue.ts";
import { groupDigits } from "../../format/groupDigits.ts";
import { changeText, lossText } from "../../format/lossText.ts";
import { hrefs } from "../../frame/hrefs.ts";
import { AttestationTable } from "../round/AttestationTable.tsx";
import { AdapterActions } from "./AdapterActions.tsx";
import { ContributorTable } from "./ContributorTable.tsx";
import { Lineage } from "./Lineage.tsx";

const trust: Readonly<Record<string, string>> = {
  provisional:
    "Work in it may still be challenged. If some of it is found wrong, the version is recalled.",
  mature: "Everything in it has passed its time for challenges.",
  recalled: "Something in it was found wrong. It stays here as a record and should not be used.",
};

export function AdapterView() {
  const id = useQueryNumber("id");
  const query = useRecord<AdapterDetail>(id === null ? null : `/adapters/${id}`, [
    "adapter",
    "reward",
  ]);
  const found = query.data;
  const measuresOf = usePoolMeasures(found === undefined ? [] : [found.poolId]);
  if (id === null) return <NotNamed title="Adapter" list="the adapters" href="/adapters" />;
  return (
    <Page
      name={`Adapter ${id}`}
      title={
        <>
          Adapter {id}
          {found !== undefined && <Chip word={found.status} />}
        </>
      }
      note={found === undefined ? undefined : trust[found.status]}
      actions={found === undefined ? undefined : <AdapterActions adapter={found} />}
    >
      <Loaded query={query} lines={12}>
        {(adapter) => (
          <>
            <AdapterFacts adapter={adapter} tokens={measuresOf(adapter.poolId).heldOutTokens} />
            <Panel title="Lineage" source="parents on the chain, the oldest first">
              <Lineage adapter={adapter} tokens={measuresOf(adapter.poolId).heldOutTokens} />
            </Panel>
            <Panel
              title="Contributors"
              source="accepted submissions and what they were credited"
              flush
            >
              <ContributorTable contributors={adapter.contributors} />
            </Panel>
            <Panel
              title="Attestations"
              source="sums of its round that verifiers signed, on the chain"
              flush
            >
              <AttestationTable
                attestations={adapter.attestations}
                adopted={adapter}
                tokens={measuresOf(adapter.poolId).heldOutTokens}
              />
            </Panel>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function AdapterFacts({
  adapter,
  tokens,
}: {
  readonly adapter: AdapterDetail;
  readonly tokens: number | null;
}) {
  const parent = adapter.lineage[0];
  return (
    <Panel title="What it is" source="the version as the chain adopted it">
      <Facts>
        <Fact
          name="Held-out loss"
          hint="On text that is never trained on, measured by every verifier"
        >
          {lossText(adapter.heldOutLoss, tokens)}
          {parent !== undefined && (
            <span className="text-ink-soft">
              , {changeText(parent.heldOutLoss, adapter.heldOutLoss)} from its parent
            </span>
          )}
        </Fact>
        <Fact name="Name" hint="As the API and npx r3mes reproduce take it">
          <Hash value={`pool-${adapter.poolId}@v${adapter.id}`} what="name" whole />
        </Fact>
        <Fact name="Made by">
          <TextLink href={hrefs.round(adapter.poolId, adapter.round)}>
            pool {adapter.poolId}, round {adapter.round}
          </TextLink>
        </Fact>
        <Fact name="Model">
          {adapter.model === null ? `number ${adapter.modelId}` : adapter.model.name}
        </Fact>
        <Fact name="Trained on">
          {adapter.dataset === null ? (
            `dataset ${adapter.datasetId}`
          ) : (
            <>
              {adapter.dataset.name}, {groupDigits(adapter.dataset.tokens)} tokens, licence{" "}
              {adapter.dataset.licence}
            </>
          )}
        </Fact>
        <Fact name="Root" hint="Merkle root of the state tensors at step 0 of the next round">
          <Hash value={adapter.root} what="root" />
        </Fact>
        <Fact
          name="Momenta"
          hint="Root of the momenta of the outer step: what the next sum begins with"
        >
          <MomentumRoot value={adapter.momentumRoot} />
        </Fact>
        <Fact name="Content">
          <Hash value={adapter.cid} what="address of the content" />
        </Fact>
        <Fact name="Adopted">
          <Height value={adapter.height} />, <Moment at={adapter.timeMs} />
        </Fact>
        <Fact name="Later versions">
          {adapter.children.length === 0 ? (
            <span className="text-ink-soft">none yet</span>
          ) : (
            adapter.children.map((child) => (
              <TextLink key={child} href={hrefs.adapter(child)}>
                {child}{" "}
              </TextLink>
            ))
          )}
        </Fact>
      </Facts>
    </Panel>
  );
}
