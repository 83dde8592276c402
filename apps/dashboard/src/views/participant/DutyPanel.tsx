"use client";
/** What the chain waits for from this account, and how long it waits. */
import type { Audit, Case, Lease, Round, Submission } from "../../api/records.ts";
import { type ListResult, useList } from "../../api/useList.ts";
import { Chip } from "../../components/Chip.tsx";
import { Empty } from "../../components/Empty.tsx";
import { Failure } from "../../components/Failure.tsx";
import { TextLink } from "../../components/Hash.tsx";
import { Panel } from "../../components/Panel.tsx";
import { Skeleton } from "../../components/Skeleton.tsx";
import { TimeLeft } from "../../components/TimeLeft.tsx";
import { hrefs } from "../../frame/hrefs.ts";
import { type Duty, dutiesOf } from "./duties.ts";

export function DutyPanel({ address }: { readonly address: string }) {
  const who = encodeURIComponent(address);
  const leases = useList<Lease>(`/leases?miner=${who}&status=leased`, ["chunk"]);
  const committed = useList<Submission>(`/submissions?miner=${who}&status=committed`, ["chunk"]);
  const checks = useList<Audit>(`/audits?verifier=${who}&phase=commit`, ["audit"]);
  const verdicts = useList<Audit>(`/audits?verifier=${who}&phase=reveal`, ["audit"]);
  const openings = useList<Audit>(`/audits?miner=${who}&phase=opening`, ["audit"]);
  const rounds = useList<Round>("/rounds?phase=reveal", ["round"]);
  const cases = useList<Case>(`/cases?party=${who}&open=true`, ["case"]);
  const lists = [leases, committed, checks, verdicts, openings, rounds, cases];
  const failed = lists.find((list) => list.isError && list.data === undefined);
  const ready = lists.every((list) => list.data !== undefined);
  const duties = dutiesOf(address, {
    leases: firstPage(leases),
    committed: firstPage(committed),
    rounds: firstPage(rounds),
    audits: [checks, verdicts, openings].flatMap(firstPage),
    cases: firstPage(cases),
  });
  return (
    <Panel title="Duties" source="what the chain waits for, by its newest block" flush>
      {failed !== undefined ? (
        <Failure error={failed.error} onRetry={() => void failed.refetch()} />
      ) : !ready ? (
        <Skeleton />
      ) : duties.length === 0 ? (
        <Empty title="Nothing is due">
          Duties appear with a lease (train and commit in time), a draw (open or check a step in
          time) or a dispute (answer before the clock runs out).
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {duties.map((duty) => (
            <DutyRow key={duty.key} duty={duty} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** Each list holds what is open alone, and nobody has more than a page of it. */
function firstPage<Item>(list: ListResult<Item>): readonly Item[] {
  return list.data?.pages[0]?.items ?? [];
}

function Subject({ subject: { kind, id } }: Pick<Duty, "subject">) {
  if (kind === "case") return <TextLink href={hrefs.case(id)}>dispute {id}</TextLink>;
  return <TextLink href={hrefs.submission(id)}>submission {id}</TextLink>;
}

function DutyRow({ duty }: { readonly duty: Duty }) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
      <span className="w-56 font-medium">{duty.what}</span>
      <Subject subject={duty.subject} />
      <Chip word={duty.phase} />
      <span className="ml-auto text-ink-soft">
        {"height" in duty.until ? (
          <TimeLeft endHeight={duty.until.height} />
        ) : (
          `${duty.until.blocks} blocks on its clock when the turn began`
        )}
      </span>
    </li>
  );
}
