"use client";
/** One audit: which step was drawn, what the miner showed, what each verifier found, and the same step run here. */
import type { Audit, Seat, SubmissionDetail } from "../../api/records.ts";
import { Account } from "../../components/Account.tsx";
import { Chip } from "../../components/Chip.tsx";
import { Fact, Facts } from "../../components/Facts.tsx";
import { Hash } from "../../components/Hash.tsx";
import { Height } from "../../components/Height.tsx";
import { Panel } from "../../components/Panel.tsx";
import { TimeLeft } from "../../components/TimeLeft.tsx";
import { groupDigits } from "../../format/groupDigits.ts";
import { DataTable } from "../../tables/DataTable.tsx";
import { ReplayHere } from "./ReplayHere.tsx";

export function AuditPanel({
  audit,
  work,
}: {
  readonly audit: Audit;
  readonly work: SubmissionDetail;
}) {
  // The chain keeps the state that was opened last; an earlier draw was of another step.
  const opened = work.audits.findLast(({ rootAfter }) => rootAfter !== null);
  return (
    <Panel
      title={`Audit of step ${groupDigits(audit.step)}`}
      source={`draw ${audit.draw}: the step and its verifiers follow from the beacon, after the reveal`}
      actions={<Chip word={audit.phase} />}
      flush
    >
      <div className="p-4">
        <Facts>
          <Fact name="Drawn at">
            <Height value={audit.drawHeight} />
          </Fact>
          <Fact name="Settled">
            {audit.settleHeight === null ? (
              <TimeLeft endHeight={audit.endHeight} />
            ) : (
              <Height value={audit.settleHeight} />
            )}
          </Fact>
          <Fact
            name="State before"
            hint="Root of the state before the drawn step, shown by the miner"
          >
            {audit.step === 1 ? (
              <span className="text-ink-soft">the one that the round begins with</span>
            ) : (
              <Hash value={audit.rootBefore} what="root before the step" />
            )}
          </Fact>
          <Fact
            name="State after"
            hint="Root of the state after the drawn step, shown by the miner"
          >
            <Hash value={audit.rootAfter} what="root after the step" />
          </Fact>
          <Fact name="Last state" hint="Root of the state after the last step">
            <Hash value={audit.rootFinal} what="root of the last state" />
          </Fact>
          <Fact name="Run again">
            {audit.fullReplay ? "every step of the chunk" : "the drawn step"}
          </Fact>
        </Facts>
      </div>
      <SeatTable seats={audit.seats} isOver={audit.phase === "settled"} />
      {opened?.draw === audit.draw && <ReplayHere audit={audit} work={work} />}
    </Panel>
  );
}

function SeatTable({
  seats,
  isOver,
}: {
  readonly seats: readonly Seat[];
  readonly isOver: boolean;
}) {
  return (
    <div className="border-t border-line">
      <DataTable
        label="Verdicts"
        rows={seats}
        keyOf={({ place }) => place}
        columns={[
          {
            name: "Verifier",
            width: "12rem",
            grows: true,
            cell: ({ verifier }) => <Account address={verifier} />,
          },
          {
            name: "Verdict",
            width: "8rem",
            cell: (seat) => <VerdictOf seat={seat} isOver={isOver} />,
          },
          {
            name: "Root it got",
            width: "12rem",
            cell: ({ root }) =>
              isOver && root === null ? none : <Hash value={root} what="root" />,
          },
          {
            name: "Digest",
            width: "12rem",
            cell: ({ digest }) =>
              isOver && digest === null ? none : <Hash value={digest} what="execution digest" />,
          },
          {
            name: "Revealed",
            width: "6rem",
            right: true,
            cell: ({ revealHeight }) =>
              isOver && revealHeight === null ? never : <Height value={revealHeight} />,
          },
        ]}
      />
    </div>
  );
}

// What was not shown while the audit lasted is shown no more.
const none = <span className="text-ink-soft">none</span>;
const never = <span className="text-ink-soft">never</span>;

function VerdictOf({ seat, isOver }: { readonly seat: Seat; readonly isOver: boolean }) {
  if (seat.verdict !== null) return <Chip word={seat.verdict} />;
  const [now, afterwards] =
    seat.commitHeight === null ? ["none yet", "gave none"] : ["sealed", "never revealed"];
  return <span className="text-ink-soft">{isOver ? afterwards : now}</span>;
}
