"use client";
/** What the work earned, who got which part and when, and what a fault took. */
import type { SubmissionDetail } from "../../api/records.ts";
import { Account } from "../../components/Account.tsx";
import { Amount } from "../../components/Amount.tsx";
import { Chip } from "../../components/Chip.tsx";
import { Empty } from "../../components/Empty.tsx";
import { Height } from "../../components/Height.tsx";
import { Moment } from "../../components/Moment.tsx";
import { Panel } from "../../components/Panel.tsx";
import { remesText } from "../../format/remesText.ts";
import { DataTable } from "../../tables/DataTable.tsx";
import { OffenceTable } from "../participant/OffenceTable.tsx";
import { isLost } from "./isLost.ts";

export function PayPanel({ work }: { readonly work: SubmissionDetail }) {
  const sum = work.credits.reduce((total, { amount }) => total + BigInt(amount), 0n);
  return (
    <>
      <Panel
        title="Pay, line by line"
        source={`lines that the chain credits when it matures; ${remesText(sum)} in all`}
        flush
      >
        {work.credits.length === 0 ? (
          <Empty title={isLost(work) ? "Nothing is credited" : "Nothing is credited yet"}>
            {waitingFor(work)}
          </Empty>
        ) : (
          <DataTable
            label="Pay"
            rows={work.credits}
            keyOf={({ height, index }) => `${height} ${index}`}
            columns={[
              {
                name: "To",
                width: "12rem",
                grows: true,
                cell: ({ owner }) => <Account address={owner} />,
              },
              { name: "As", width: "8rem", cell: ({ role }) => <Chip word={role} /> },
              {
                name: "Amount, REMES",
                width: "9rem",
                right: true,
                cell: ({ amount }) => <Amount uremes={amount} />,
              },
              {
                name: "Height",
                width: "6rem",
                right: true,
                cell: ({ height }) => <Height value={height} />,
              },
              {
                name: "When",
                width: "8rem",
                right: true,
                cell: ({ timeMs }) => <Moment at={timeMs} />,
              },
            ]}
          />
        )}
      </Panel>
      {work.offences.length > 0 && (
        <Panel title="Fines" source="offences that the chain recorded" flush>
          <OffenceTable offences={work.offences} />
        </Panel>
      )}
    </>
  );
}

function waitingFor({ status }: SubmissionDetail): string {
  if (status === "faulty")
    return "The work was proven wrong or withheld, so nobody is paid for it.";
  if (status === "uncounted")
    return "It could not be checked. It counts for nothing, at nobody's cost.";
  if (status === "disputed") return "A dispute about it is open. Its pay waits for the outcome.";
  if (status === "accepted") {
    return "It is accepted and may still be challenged. When that time has passed it matures and is paid.";
  }
  return "It is not accepted yet. First one random step is run again by the verifiers that are drawn.";
}
