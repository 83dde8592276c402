"use client";
/** What the chain waits for from this account, and how long it waits. */
import type { Audit, Lease, Round, Submission } from "../../api/records.ts";
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
  const seats = useList<Audit>(`/audits?verifier=${who}`, ["audit"]);
  const openings = useList<Audit>("/audits?phase=opening", ["audit"]);
  const rounds = useList<Round>("/rounds", ["round"]);
  const lists = [leases, committed, seats, openings, rounds];
  const failed = lists.find((list) => list.isError && list.data === undefined);
  const ready = lists.every((list) => list.data !== undefined);
  const duties = dutiesOf(address, {
    leases: firstPage(leases),
    committed: firstPage(committed),
    rounds: firstPage(rounds),
    audits: [...firstPage(seats), ...firstPage(openings).filter(({ miner }) => miner === address)],
  });
  return (
    <Panel title="Duties" source="what the chain waits for, by its newest block" flush>
      {failed !== undefined ? (
        <Failure error={failed.error} onRetry={() => void failed.refetch()} />
      ) : !ready ? (
        <Skeleton />
      ) : duties.length === 0 ? (
        <Empty title="Nothing is due">
          Duties appear with a lease (train and commit in time) or a draw (check a step and give a
          verdict).
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

/** The newest hundred of each: what is older has ended. */
function firstPage<Item>(list: ListResult<Item>): readonly Item[] {
  return list.data?.pages[0]?.items ?? [];
}

function DutyRow({ duty }: { readonly duty: Duty }) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
      <span className="w-56 font-medium">{duty.what}</span>
      <TextLink href={hrefs.submission(duty.submissionId)}>submission {duty.submissionId}</TextLink>
      <Chip word={duty.phase} />
      <span className="ml-auto text-ink-soft">
        <TimeLeft endHeight={duty.endHeight} />
      </span>
    </li>
  );
}
