/** Rounds that are not over: where each stands, how far it is, how long the phase lasts. */

import type { Round } from "../../api/records.ts";
import { Chip } from "../../components/Chip.tsx";
import { Empty } from "../../components/Empty.tsx";
import { TextLink } from "../../components/Hash.tsx";
import { Panel } from "../../components/Panel.tsx";
import { TimeLeft } from "../../components/TimeLeft.tsx";
import { hrefs } from "../../frame/hrefs.ts";
import { PhaseTrack } from "../round/PhaseTrack.tsx";

export function RoundsInFlight({ rounds }: { readonly rounds: readonly Round[] }) {
  return (
    <Panel title="Rounds in flight" source="x/remes, events of rounds" flush>
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
                {round.committed} committed, {round.revealed} revealed, {round.accepted} accepted
                <br />
                <TimeLeft endHeight={round.endHeight} />
              </p>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
