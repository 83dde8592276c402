/** The levels that a dispute went down, and at its end the bytes of both sides. */
import type { CaseDetail } from "../../api/records.ts";
import { Empty } from "../../components/Empty.tsx";
import { Hash } from "../../components/Hash.tsx";
import { Height } from "../../components/Height.tsx";
import { wordsOf } from "../../format/wordsOf.ts";
import { HashComparison } from "./HashComparison.tsx";
import { type Level, narrowing } from "./narrowing.ts";
import { placeText, slots } from "./placeText.ts";

export function NarrowingPath({ dispute }: { readonly dispute: CaseDetail }) {
  const levels = narrowing(dispute.moves, dispute.history);
  const claimed = levels.findLast(({ stage }) => stage === "tiles")?.claimed ?? null;
  const executed = dispute.executedHash ?? null;
  if (levels.length === 0) {
    return (
      <Empty title="No move yet">
        The accused shows the hashes below the disputed root; the challenger points at the first one
        that is wrong; and so on, until one tile is left.
      </Empty>
    );
  }
  return (
    <>
      <Found place={placeText(dispute)} />
      <ol className="divide-y divide-line">
        {levels.map((level) => (
          <LevelRow key={level.transaction} level={level} />
        ))}
      </ol>
      {claimed !== null && executed !== null && (
        <div className="border-t border-line p-4">
          <HashComparison
            first={{ name: "The accused said", hex: claimed }}
            second={{ name: "Consensus computed", hex: executed }}
          />
        </div>
      )}
    </>
  );
}

/** What is agreed so far to be the place of the difference. */
function Found({ place }: { readonly place: string | null }) {
  if (place === null) return null;
  return (
    <p className="border-b border-line px-4 py-2">
      They differ in <span className="font-medium">{place}</span>
      <span className="text-ink-soft">, counted from 0 but for the step</span>
    </p>
  );
}

function LevelRow({ level }: { readonly level: Level }) {
  const slot = slots[level.stage] ?? "hash";
  return (
    <li className="grid items-center gap-x-4 gap-y-1 px-4 py-2 sm:grid-cols-[7rem_minmax(0,1fr)_minmax(0,1fr)_5rem]">
      <span className="font-medium first-letter:uppercase">{wordsOf(level.stage)}</span>
      <span>
        {level.shown === 1 ? `one ${slot} left` : `${level.shown} hashes shown`}
        {level.pinned !== null && level.shown > 1 && `, number ${level.pinned} differs first`}
        {level.pinned === null && (
          <span className="text-ink-soft">, the challenger has not answered</span>
        )}
      </span>
      <span>
        {level.claimed !== null && <Hash value={level.claimed} what="hash the accused stands by" />}
      </span>
      <span className="sm:text-right" title="Block of the post">
        <Height value={level.height} />
      </span>
    </li>
  );
}
