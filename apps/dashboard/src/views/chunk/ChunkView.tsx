"use client";
/** One chunk from lease to pay: every change with its block, the roots, the verdicts, the money, and a replay. */
import type { ChunkDetail, SubmissionDetail } from "../../api/records.ts";
import { useRecord } from "../../api/useRecord.ts";
import { Chip } from "../../components/Chip.tsx";
import { Empty } from "../../components/Empty.tsx";
import { TextLink } from "../../components/Hash.tsx";
import { Loaded } from "../../components/Loaded.tsx";
import { NotNamed } from "../../components/NotNamed.tsx";
import { Page } from "../../components/Page.tsx";
import { Panel } from "../../components/Panel.tsx";
import { useQueryNumber } from "../../components/useQueryValue.ts";
import { hrefs } from "../../frame/hrefs.ts";
import { EventHistory } from "../history/EventHistory.tsx";
import { LeaseTable } from "./LeaseTable.tsx";
import { SubmissionPanels } from "./SubmissionPanels.tsx";

export function ChunkView() {
  const submission = useQueryNumber("submission");
  const pool = useQueryNumber("pool");
  const round = useQueryNumber("round");
  const chunk = useQueryNumber("chunk");
  if (submission !== null) return <BySubmission id={submission} />;
  if (pool === null || round === null || chunk === null) {
    return <NotNamed title="Chunk" list="the rounds" href="/rounds" />;
  }
  return <ByPlace pool={pool} round={round} chunk={chunk} />;
}

function BySubmission({ id }: { readonly id: number }) {
  const query = useRecord<SubmissionDetail>(`/submissions/${id}`, kinds);
  const work = query.data;
  return (
    <Page
      name={`Submission ${id}`}
      title={
        <>
          Submission {id}
          {work !== undefined && <Chip word={work.status} />}
        </>
      }
      note={
        work === undefined ? undefined : (
          <ChunkPlace pool={work.poolId} round={work.round} chunk={work.chunk} />
        )
      }
    >
      <Loaded query={query} lines={12}>
        {(found) => (
          <>
            <SubmissionPanels work={found} />
            <Panel title="Whole history" source="events of the chain, oldest first" flush>
              <EventHistory events={found.history} said={said} />
            </Panel>
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** Fields of events that the page says anyway. */
const said = ["poolId", "round", "leaseId", "submissionId"] as const;
const kinds = ["chunk", "audit", "case", "reward"] as const;

function ChunkPlace({
  pool,
  round,
  chunk,
}: {
  readonly pool: number;
  readonly round: number;
  readonly chunk: number;
}) {
  return (
    <>
      <TextLink href={hrefs.chunk(pool, round, chunk)}>Chunk {chunk}</TextLink> of{" "}
      <TextLink href={hrefs.round(pool, round)}>
        pool {pool}, round {round}
      </TextLink>
    </>
  );
}

function ByPlace({
  pool,
  round,
  chunk,
}: {
  readonly pool: number;
  readonly round: number;
  readonly chunk: number;
}) {
  const query = useRecord<ChunkDetail>(`/pools/${pool}/rounds/${round}/chunks/${chunk}`, kinds);
  const last = query.data?.submissions.at(-1)?.id ?? null;
  const work = useRecord<SubmissionDetail>(last === null ? null : `/submissions/${last}`, kinds);
  return (
    <Page
      name={`Chunk ${chunk} of pool ${pool}, round ${round}`}
      title={
        <>
          Chunk {chunk}
          {query.data !== undefined && <Chip word={query.data.status} />}
        </>
      }
      note={
        <TextLink href={hrefs.round(pool, round)}>
          Pool {pool}, round {round}
        </TextLink>
      }
    >
      <Loaded query={query} lines={12}>
        {(found) => (
          <>
            {last === null ? (
              <Panel title="Work">
                <Empty title="Nothing is handed in yet">
                  The miner that holds the lease trains now. It commits to all roots of its work
                  before anybody, itself included, knows which step will be checked.
                </Empty>
              </Panel>
            ) : (
              <Loaded query={work} lines={12}>
                {(submission) => <SubmissionPanels work={submission} />}
              </Loaded>
            )}
            <Panel title="Leases" source="leases on the chain" flush>
              <LeaseTable leases={found.leaseItems} />
            </Panel>
            <Panel title="Whole history" source="events of the chain, oldest first" flush>
              <EventHistory events={found.history} said={said} />
            </Panel>
          </>
        )}
      </Loaded>
    </Page>
  );
}
