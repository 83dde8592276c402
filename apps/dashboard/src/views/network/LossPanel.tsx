"use client";
/** The curve that everything is for, and behind each of its points who made it. */
import { useState } from "react";
import type { PoolSummary, TrainedAdapter } from "../../api/records.ts";
import { usePoolMeasures } from "../../api/usePoolMeasures.ts";
import { LossChart } from "../../charts/LossChart.tsx";
import { lossPoints } from "../../charts/lossPoints.ts";
import { Account } from "../../components/Account.tsx";
import { Chip } from "../../components/Chip.tsx";
import { Empty } from "../../components/Empty.tsx";
import { TextLink } from "../../components/Hash.tsx";
import { Moment } from "../../components/Moment.tsx";
import { Panel } from "../../components/Panel.tsx";
import { Skeleton } from "../../components/Skeleton.tsx";
import { countText } from "../../format/countText.ts";
import { changeText, lossText } from "../../format/lossText.ts";
import { hrefs } from "../../frame/hrefs.ts";
import { LossTable } from "./LossTable.tsx";

export function LossPanel({ pools }: { readonly pools: readonly PoolSummary[] }) {
  const [poolId, setPoolId] = useState<number | null>(null);
  const [asTable, setAsTable] = useState(false);
  const pool = pools.find(({ id }) => id === poolId) ?? busiest(pools);
  const measuresOf = usePoolMeasures(pool === null ? [] : [pool.id]);
  const { heldOutTokens: tokens, isAwaited } = measuresOf(pool?.id ?? 0);
  return (
    <Panel
      title="Held-out loss"
      source="attested by most of the verifiers' bond"
      actions={
        <>
          {pools.length > 1 && pool !== null && (
            <PoolPicker pools={pools} chosen={pool.id} onChoose={setPoolId} />
          )}
          <button
            type="button"
            aria-pressed={asTable}
            onClick={() => setAsTable(!asTable)}
            className="rounded border border-line px-2 py-0.5 text-xs text-ink-soft hover:bg-raised aria-pressed:border-accent aria-pressed:text-accent"
          >
            Table
          </button>
        </>
      }
      flush={asTable}
    >
      {pool === null || pool.adapters.length === 0 ? (
        <Empty title="No version yet">
          The first point appears when the first round ends: its accepted updates are summed, and
          the new adapter is measured on text that nobody trains on.
        </Empty>
      ) : isAwaited ? (
        <Skeleton lines={8} />
      ) : asTable ? (
        <LossTable adapters={pool.adapters} tokens={tokens} />
      ) : (
        <Curve key={pool.id} pool={pool} tokens={tokens} />
      )}
    </Panel>
  );
}

function busiest(pools: readonly PoolSummary[]): PoolSummary | null {
  return pools.toSorted((one, other) => other.adapters.length - one.adapters.length)[0] ?? null;
}

function PoolPicker({
  pools,
  chosen,
  onChoose,
}: {
  readonly pools: readonly PoolSummary[];
  readonly chosen: number;
  readonly onChoose: (id: number) => void;
}) {
  return (
    <label className="flex items-center gap-1.5 text-xs text-ink-soft">
      Pool
      <select
        value={chosen}
        onChange={(event) => onChoose(Number(event.target.value))}
        className="rounded border border-line bg-surface px-1.5 py-0.5 text-ink"
      >
        {pools.map(({ id }) => (
          <option key={id} value={id}>
            {id}
          </option>
        ))}
      </select>
    </label>
  );
}

function Curve({ pool, tokens }: { readonly pool: PoolSummary; readonly tokens: number | null }) {
  const [chosen, setChosen] = useState<number | null>(null);
  const last = pool.adapters.at(-1)!;
  const adapter = pool.adapters.find(({ id }) => id === chosen) ?? last;
  return (
    <div className="grid gap-4 xl:grid-cols-[1fr_20rem]">
      <div className="min-w-0">
        <LossChart
          points={lossPoints(pool.adapters, tokens)}
          unit={tokens === null ? "bits over the whole sample" : "bits/token"}
          chosen={adapter.id}
          onChoose={setChosen}
        />
        <Legend states={new Set(pool.adapters.map(({ status }) => status))} />
      </div>
      <Provenance adapter={adapter} first={pool.adapters[0]!} tokens={tokens} />
    </div>
  );
}

/** What the points mean that are on the curve. */
function Legend({ states }: { readonly states: ReadonlySet<TrainedAdapter["status"]> }) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 pl-14 text-xs text-ink-soft">
      {legend
        .filter(([state]) => states.has(state))
        .map(([state, look, meaning]) => (
          <li key={state} className="flex items-center gap-1.5">
            <span aria-hidden className={`size-2.5 rounded-full border-2 ${look}`} />
            {state}: {meaning}
          </li>
        ))}
    </ul>
  );
}

const legend = [
  ["provisional", "border-accent bg-surface", "may still be challenged"],
  ["mature", "border-accent bg-accent", "past its time for challenges"],
  ["recalled", "border-bad bg-bad", "something in it was found wrong"],
] as const;

function Provenance({
  adapter,
  first,
  tokens,
}: {
  readonly adapter: TrainedAdapter;
  readonly first: TrainedAdapter;
  readonly tokens: number | null;
}) {
  return (
    <div aria-live="polite" className="space-y-2 rounded-md bg-ground p-3">
      <p className="flex items-center gap-2">
        <TextLink href={hrefs.adapter(adapter.id)}>Adapter {adapter.id}</TextLink>
        <Chip word={adapter.status} />
        <span className="ml-auto text-xs text-ink-soft">
          <Moment at={adapter.timeMs} />
        </span>
      </p>
      <div>
        <p className="text-lg font-semibold tracking-tight">
          {lossText(adapter.heldOutLoss, tokens)}
        </p>
        {adapter.id !== first.id && (
          <p className="text-ink-soft">
            {changeText(first.heldOutLoss, adapter.heldOutLoss)} since version {first.id}
          </p>
        )}
      </div>
      <p className="text-xs text-ink-soft">
        Trained in{" "}
        <TextLink href={hrefs.round(adapter.poolId, adapter.round)}>round {adapter.round}</TextLink>{" "}
        by
      </p>
      <ul className="space-y-0.5">
        {adapter.miners.map(({ miner, submissions }) => (
          <li key={miner} className="flex items-center justify-between gap-2">
            <Account address={miner} />
            <span className="text-ink-soft">{countText(submissions, "chunk")}</span>
          </li>
        ))}
      </ul>
      <p className="text-xs text-ink-soft">
        Attested by {countText(adapter.attesters.length, "verifier")}.
      </p>
    </div>
  );
}
