"use client";
/** One dispute, from the root that two parties disagree about to the tile that consensus executes. */
import type { CaseDetail } from "../../api/records.ts";
import { useRecord } from "../../api/useRecord.ts";
import { Account } from "../../components/Account.tsx";
import { Chip } from "../../components/Chip.tsx";
import { Fact, Facts } from "../../components/Facts.tsx";
import { TextLink } from "../../components/Hash.tsx";
import { Height } from "../../components/Height.tsx";
import { Loaded } from "../../components/Loaded.tsx";
import { NotNamed } from "../../components/NotNamed.tsx";
import { Page } from "../../components/Page.tsx";
import { Panel } from "../../components/Panel.tsx";
import { useQueryNumber } from "../../components/useQueryValue.ts";
import { hrefs } from "../../frame/hrefs.ts";
import { EventHistory } from "../history/EventHistory.tsx";
import { OffenceTable } from "../participant/OffenceTable.tsx";
import { AttestedSums } from "./AttestedSums.tsx";
import { DisputeSubject } from "./DisputeSubject.tsx";
import { MoveList } from "./MoveList.tsx";
import { NarrowingPath } from "./NarrowingPath.tsx";
import { outcomeText } from "./outcomeText.ts";

export function DisputeView() {
  const id = useQueryNumber("id");
  const query = useRecord<CaseDetail>(id === null ? null : `/cases/${id}`, ["case"]);
  if (id === null) return <NotNamed title="Dispute" list="the disputes" href="/disputes" />;
  return (
    <Page
      name={`Dispute ${id}`}
      title={
        <>
          Dispute {id}
          {query.data !== undefined && <Chip word={query.data.outcome ?? "open"} />}
        </>
      }
      note={query.data === undefined ? undefined : outcomeText(query.data)}
    >
      <Loaded query={query} lines={12}>
        {(dispute) => (
          <>
            <Parties dispute={dispute} />
            {dispute.kind === "aggregate" && <AttestedSums dispute={dispute} />}
            <Panel title="From root to tile" source="what both parties posted to the chain" flush>
              <NarrowingPath dispute={dispute} />
            </Panel>
            <Panel title="Moves" source="transactions of both parties" flush>
              <MoveList moves={dispute.moves} history={dispute.history} />
            </Panel>
            <Panel title="Money" source="offences that the chain recorded for this dispute" flush>
              {dispute.offences.length > 0 ? (
                <OffenceTable offences={dispute.offences} />
              ) : (
                <p className="p-4 text-ink-soft">
                  {dispute.outcome === null
                    ? "Nothing is taken before the dispute ends: then whoever was wrong pays."
                    : "Nobody was fined for this dispute."}
                </p>
              )}
            </Panel>
            <Panel title="Whole history" source="events of the chain, oldest first" flush>
              <EventHistory
                events={dispute.history}
                said={["poolId", "round", "submissionId", "caseId"]}
              />
            </Panel>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Parties({ dispute }: { readonly dispute: CaseDetail }) {
  return (
    <Panel title="Who, about what" source="the chain's record of the case">
      <Facts>
        <Fact
          name="Accused"
          hint={
            dispute.kind === "aggregate"
              ? "The attester of this sum with the most bond. Each attester may move, and each is fined if the sum is wrong"
              : undefined
          }
        >
          <Account address={dispute.defender} />
        </Fact>
        <Fact name="Challenger">
          <Account address={dispute.challenger} />
        </Fact>
        <Fact name="About">
          <DisputeSubject dispute={dispute} />
        </Fact>
        <Fact name="Round">
          {dispute.poolId === null || dispute.round === null ? (
            <span className="text-ink-soft">unknown</span>
          ) : (
            <TextLink href={hrefs.round(dispute.poolId, dispute.round)}>
              pool {dispute.poolId}, round {dispute.round}
            </TextLink>
          )}
        </Fact>
        <Fact name="Must move now">
          {dispute.outcome !== null ? (
            <span className="text-ink-soft">nobody, it has ended</span>
          ) : (
            <>
              <Account address={dispute.toMove} />
              {dispute.blocksLeft !== null && (
                <span className="text-ink-soft">, blocks left: {dispute.blocksLeft}</span>
              )}
            </>
          )}
        </Fact>
        <Fact name="Opened, closed">
          <Height value={dispute.openHeight} />, <Height value={dispute.closeHeight} />
        </Fact>
      </Facts>
    </Panel>
  );
}
