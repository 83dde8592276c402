/** What a dispute is about, in words, with the work that it concerns. */
import type { Case } from "../../api/records.ts";
import { TextLink } from "../../components/Hash.tsx";
import { wordsOf } from "../../format/wordsOf.ts";
import { hrefs } from "../../frame/hrefs.ts";

export function DisputeSubject({
  dispute: { kind, step, submissionId, poolId, round },
}: {
  readonly dispute: Pick<Case, "kind" | "step" | "submissionId" | "poolId" | "round">;
}) {
  if (kind === "aggregate" && poolId !== null && round !== null) {
    return (
      <>
        {"sum of "}
        <TextLink href={hrefs.round(poolId, round)}>round {round}</TextLink>
      </>
    );
  }
  return (
    <>
      {wordsOf(kind)}
      {step !== null && step > 0 && ` ${step}`}
      {submissionId !== null && (
        <>
          {" of "}
          <TextLink href={hrefs.submission(submissionId)}>submission {submissionId}</TextLink>
        </>
      )}
    </>
  );
}
