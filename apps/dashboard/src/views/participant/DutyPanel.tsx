"use client";
import type { AccountDetail, Audit, Lease } from "../../api/records.ts";
import { useList } from "../../api/useList.ts";
/** What the chain waits for from this account, and how long it waits. */
import { Chip } from "../../components/Chip.tsx";
import { Empty } from "../../components/Empty.tsx";
import { Failure } from "../../components/Failure.tsx";
import { TextLink } from "../../components/Hash.tsx";
import { Panel } from "../../components/Panel.tsx";
import { Skeleton } from "../../components/Skeleton.tsx";
import { TimeLeft } from "../../components/TimeLeft.tsx";
import { hrefs } from "../../frame/hrefs.ts";
import { type Duty, dutiesOf } from "./duties.ts";

export function DutyPanel({
  account,
  path,
}: {
  readonly account: AccountDetail;
  readonly path: string;
}) {
  const leases = useList<Lease>(`${path}/leases`, ["chunk"]);
  const audits = useList<Audit>(`${path}/audits`, ["audit"]);
  const failed = [leases, audits].find((list) => list.isError && list.data === undefined);
  const ready = leases.data !== undefined && audits.data !== undefined;
  const duties = dutiesOf(
    account.address,
    leases.data?.pages[0]?.items ?? [],
    audits.data?.pages[0]?.items ?? [],
  );
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
