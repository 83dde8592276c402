"use client";
/** The network at a glance: does the loss fall, who is at work, what is contested, what was paid. */
import type { NetworkSummary } from "../../api/records.ts";
import { useRecord } from "../../api/useRecord.ts";
import { CountBars } from "../../charts/CountBars.tsx";
import { Empty } from "../../components/Empty.tsx";
import { Loaded } from "../../components/Loaded.tsx";
import { Page } from "../../components/Page.tsx";
import { Panel } from "../../components/Panel.tsx";
import { DisputeList } from "../dispute/DisputeList.tsx";
import { LossPanel } from "./LossPanel.tsx";
import { NetworkFigures } from "./NetworkFigures.tsx";
import { RoundsInFlight } from "./RoundsInFlight.tsx";
import { auditOrder, chunkOrder, outcomeOrder, verdictOrder } from "./stateOrders.ts";

export function NetworkView() {
  const query = useRecord<NetworkSummary>("/network", [
    "round",
    "chunk",
    "audit",
    "case",
    "adapter",
    "reward",
    "registry",
  ]);
  return (
    <Page
      title="Network"
      note="Miners train adapters in exact integers; verifiers run random steps again; every figure here comes from blocks of the chain."
    >
      <Loaded query={query} lines={12}>
        {(network) => (
          <>
            <NetworkFigures network={network} />
            <LossPanel pools={network.pools} />
            <RoundsInFlight rounds={network.roundsInFlight} />
            <States network={network} />
            <OpenDisputes network={network} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function States({ network }: { readonly network: NetworkSummary }) {
  return (
    <div className="grid gap-4 md:grid-cols-2 xl:grid-cols-4">
      <Counted
        title="Chunks by phase"
        source="chunks on the chain, by their last lease"
        unit="chunk"
        counts={network.chunksByStatus}
        order={chunkOrder}
        empty="A chunk appears here as soon as a miner leases it."
      />
      <Counted
        title="Audits by phase"
        source="steps that the chain drew"
        unit="audit"
        counts={network.auditsByPhase}
        order={auditOrder}
        empty="Each submission is audited after its reveal: one random step, run again by drawn verifiers."
      />
      <Counted
        title="Verdicts"
        source="revealed by verifiers on the chain"
        unit="verdict"
        counts={network.verdicts}
        order={verdictOrder}
        empty="Verdicts are committed first and shown after, so that nobody can copy one."
      />
      <Counted
        title="Disputes by outcome"
        source="cases on the chain"
        unit="dispute"
        counts={network.casesByOutcome}
        order={outcomeOrder}
        empty="Nobody has disputed a step or a sum."
      />
    </div>
  );
}

function Counted({
  title,
  source,
  unit,
  counts,
  order,
  empty,
}: {
  readonly title: string;
  readonly source: string;
  readonly unit: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly order: readonly string[];
  readonly empty: string;
}) {
  const any = Object.values(counts).some((count) => count > 0);
  return (
    <Panel title={title} source={source} stacked>
      {any ? (
        <CountBars counts={counts} label={title} unit={unit} order={order} />
      ) : (
        <p className="text-ink-soft">{empty}</p>
      )}
    </Panel>
  );
}

function OpenDisputes({ network }: { readonly network: NetworkSummary }) {
  return (
    <Panel title="Open disputes" source="cases on the chain" flush>
      {network.openCases.length > 0 ? (
        <DisputeList cases={network.openCases} />
      ) : (
        <Empty title="No dispute is open" command="npx r3mes localnet cheat skip-steps">
          A case opens when somebody computes other bytes than a miner did, or than those who
          attested a sum. On a local network, let a cheat in and watch:
        </Empty>
      )}
    </Panel>
  );
}
