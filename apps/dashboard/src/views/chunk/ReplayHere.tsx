"use client";
/** "Replay this step here": asks first, says what it fetches, runs it on this device, and compares roots. */
import { Play } from "lucide-react";
import { useState } from "react";
import type { Audit, SubmissionDetail } from "../../api/records.ts";
import { Failure } from "../../components/Failure.tsx";
import { countText } from "../../format/countText.ts";
import { scaledBytes } from "../../format/scaledCount.ts";
import type { Replayed, ReplayProgress } from "../../replay/replayStep.ts";
import { HashComparison } from "../dispute/HashComparison.tsx";

type Run =
  | { readonly state: "idle" }
  | { readonly state: "running"; readonly progress: ReplayProgress }
  | { readonly state: "done"; readonly result: Replayed }
  | { readonly state: "failed"; readonly error: unknown };

const doingText = {
  records: "Reading the chain's records…",
  content: "Fetching the model, the data and the state…",
  step: "Running the step…",
} as const;

export function ReplayHere({
  audit,
  work,
}: {
  readonly audit: Audit;
  readonly work: SubmissionDetail;
}) {
  const [run, setRun] = useState<Run>({ state: "idle" });

  async function start(): Promise<void> {
    setRun({ state: "running", progress: { doing: "records", bytes: 0 } });
    try {
      const { replayStep } = await import("../../replay/replayStep.ts");
      const result = await replayStep(work.id, audit.step, (progress) =>
        setRun({ state: "running", progress }),
      );
      setRun({ state: "done", result });
    } catch (error) {
      setRun({ state: "failed", error });
    }
  }

  return (
    <div className="space-y-3 border-t border-line p-4" data-replay={run.state}>
      <div className="flex flex-wrap items-center gap-3">
        <button
          type="button"
          onClick={() => void start()}
          disabled={run.state === "running"}
          className="inline-flex items-center gap-1.5 rounded-md bg-accent px-3 py-1.5 font-medium text-surface hover:opacity-90 disabled:opacity-60"
        >
          <Play aria-hidden size={14} />
          Replay this step here
        </button>
        <p aria-live="polite" className="text-ink-soft">
          {run.state === "running"
            ? `${doingText[run.progress.doing]} ${scaledBytes(run.progress.bytes)} so far`
            : "Fetches the frozen model and the state, some tens of MiB, and computes the step on this device."}
        </p>
      </div>
      {run.state === "failed" && <Failure error={run.error} />}
      {run.state === "done" && <Outcome audit={audit} result={run.result} />}
    </div>
  );
}

function Outcome({ audit, result }: { readonly audit: Audit; readonly result: Replayed }) {
  const { rootBefore, rootAfter, milliseconds, threads, kernels, bytes } = result;
  return (
    <div className="space-y-3">
      {audit.rootBefore !== null && audit.rootBefore !== rootBefore && (
        <p className="text-bad">
          The published state before the step has another root than the miner showed, so the step
          below began from other bytes.
        </p>
      )}
      <HashComparison
        first={{ name: "The miner showed", hex: audit.rootAfter ?? "" }}
        second={{ name: "This device got", hex: rootAfter }}
      />
      <p className="text-xs text-ink-soft">
        {(milliseconds / 1000).toFixed(1)} s on {countText(threads, "thread")}, {kernels} WASM
        kernels, {scaledBytes(bytes)} fetched and checked against the chain's roots.
      </p>
    </div>
  );
}
