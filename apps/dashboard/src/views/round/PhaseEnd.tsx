/** When the phase of a round ends: at a height, or with what it waits for. */
import type { Round } from "../../api/records.ts";
import { TimeLeft } from "../../components/TimeLeft.tsx";

const endings: Readonly<Record<string, string>> = {
  waiting: "waits for its random seed",
  training: "its time begins with the next lease",
  audit: "ends when the last audit is settled",
};

export function PhaseEnd({ round }: { readonly round: Pick<Round, "phase" | "endHeight"> }) {
  const { phase, endHeight } = round;
  if (endHeight !== 0) return <TimeLeft endHeight={endHeight} />;
  return <span className="text-ink-soft">{endings[phase] ?? "unknown"}</span>;
}
