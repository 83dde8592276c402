/** Rounds that are not over: where each stands, how far it is, how long the phase lasts. */
import type { Round } from "../../api/records.ts";
import { Chip } from "../../components/Chip.tsx";
import { Empty } from "../../components/Empty.tsx";
import { TextLink } from "../../components/Hash.tsx";
import { Panel } from "../../components/Panel.tsx";
import { hrefs } from "../../frame/hrefs.ts";
import { PhaseEnd } from "../round/PhaseEnd.tsx";
import { PhaseTrack } from "../round/PhaseTrack.tsx";

export function RoundsInFlight({ rounds }: { readonly rounds: readonly Round[] }) {
  return (
    <Panel title="Rounds in flight" source="rounds on the chain that are not over" flush>
      {rounds.length === 0 ? (
        <Empty title="No round is under way">
          A round opens as soon as a pool has budget and its model and data are approved.
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {rounds.map((round) => (
            <li
              key={`${round.poolId} ${round.number}`}
              className="grid items-center gap-x-6 gap-y-2 px-4 py-3 lg:grid-cols-[11rem_minmax(20rem,1fr)_auto]"
            >
              <div className="flex items-center gap-2">
                <TextLink href={hrefs.round(round.poolId, round.number)}>
                  Pool {round.poolId}, round {round.number}
                </TextLink>
                <span className="lg:hidden">
                  <Chip word={round.phase} />
                </span>
              </div>
              <PhaseTrack round={round} />
              <p className="text-xs text-ink-soft lg:text-right">
                Chunks: {round.committed} committed, {round.revealed} revealed, {round.accepted}{" "}
                accepted
                <br />
                <PhaseEnd round={round} />
              </p>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
