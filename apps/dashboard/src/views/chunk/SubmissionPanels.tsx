"use client";
/** What a miner handed in for a chunk: its roots, its audits with a replay, its pay. */
import type { SubmissionDetail } from "../../api/records.ts";
import { Account } from "../../components/Account.tsx";
import { Fact, Facts } from "../../components/Facts.tsx";
import { Hash, TextLink } from "../../components/Hash.tsx";
import { Height } from "../../components/Height.tsx";
import { Panel } from "../../components/Panel.tsx";
import { hrefs } from "../../frame/hrefs.ts";
import { AuditPanel } from "./AuditPanel.tsx";
import { isLost } from "./isLost.ts";
import { maturesText } from "./maturesText.ts";
import { PayPanel } from "./PayPanel.tsx";

export function SubmissionPanels({ work }: { readonly work: SubmissionDetail }) {
  return (
    <>
      <Roots work={work} />
      {work.audits.map((audit) => (
        <AuditPanel key={audit.draw} audit={audit} work={work} />
      ))}
      <PayPanel work={work} />
    </>
  );
}

function Roots({ work }: { readonly work: SubmissionDetail }) {
  return (
    <Panel
      title="What was handed in"
      source="two transactions: committed before anything was known, revealed after"
    >
      <Facts>
        <Fact name="Miner">
          <Account address={work.miner} />
        </Fact>
        <Fact name="Counts in">
          {work.adapterId === null ? (
            <span className="text-ink-soft">{noVersionText(work)}</span>
          ) : (
            <TextLink href={hrefs.adapter(work.adapterId)}>adapter {work.adapterId}</TextLink>
          )}
        </Fact>
        <Fact
          name="Commitment"
          hint="Hash over all roots and a salt, sent before anything was revealed"
        >
          <Hash value={work.commitment} what="commitment" />
        </Fact>
        <Fact name="Committed at">
          <Height value={work.commitHeight} /> <Transaction hash={work.commitTransaction} />
        </Fact>
        <Fact name="Root of the steps" hint="Merkle root over the state roots after every step">
          <Hash value={work.stepsRoot} what="root of the steps" />
        </Fact>
        <Fact name="Revealed at">
          <Height value={work.revealHeight} /> <Transaction hash={work.revealTransaction} />
          {work.late === true && <span className="text-warn"> late</span>}
        </Fact>
        <Fact name="Root of the update">
          <Hash value={work.updateRoot} what="root of the update" />
        </Fact>
        <Fact name="Update">
          <Hash value={work.updateCid} what="address of the update" />
        </Fact>
        <Fact name="Lease">
          given at <Height value={work.lease.height} />, until{" "}
          <Height value={work.lease.endHeight} />
        </Fact>
        <Fact
          name="Matures"
          hint="Until then the work may be challenged, and its reward is held back"
        >
          {work.matureHeight === null ? (
            <span className="text-ink-soft">{maturesText(work)}</span>
          ) : (
            <Height value={work.matureHeight} />
          )}
        </Fact>
        {work.caseIds.length > 0 && (
          <Fact name="Disputes">
            {work.caseIds.map((id) => (
              <TextLink key={id} href={hrefs.case(id)}>
                dispute {id}{" "}
              </TextLink>
            ))}
          </Fact>
        )}
      </Facts>
    </Panel>
  );
}

function noVersionText(work: SubmissionDetail): string {
  if (work.leftOut) return "no version: it was disputed, and the sum of its round leaves it out";
  return isLost(work) ? "no version" : "no version yet";
}

function Transaction({ hash }: { readonly hash: string | null }) {
  if (hash === null) return null;
  return (
    <span className="text-ink-soft">
      in <TextLink href={hrefs.transaction(hash)}>a transaction</TextLink>
    </span>
  );
}
