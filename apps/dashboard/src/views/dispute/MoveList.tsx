/** Every move with all that it carried; bytes are shown as they stand in the transaction. */
import type { CaseMove, NetworkEvent } from "../../api/records.ts";
import { Account } from "../../components/Account.tsx";
import { Empty } from "../../components/Empty.tsx";
import { TextLink } from "../../components/Hash.tsx";
import { Height } from "../../components/Height.tsx";
import { Verbatim } from "../../components/Verbatim.tsx";
import { wordsOf } from "../../format/wordsOf.ts";
import { hrefs } from "../../frame/hrefs.ts";
import { clockAfter } from "./narrowing.ts";

const shownCharactersMax = 20_000;

export function MoveList({
  moves,
  history,
}: {
  readonly moves: readonly CaseMove[];
  readonly history: readonly NetworkEvent[];
}) {
  if (moves.length === 0) return <Empty title="No move yet">The accused moves first.</Empty>;
  return (
    <ol className="divide-y divide-line">
      {moves.map((move) => (
        <li key={`${move.height} ${move.index}`} className="px-4 py-2">
          <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
            <span className="w-28 font-medium first-letter:uppercase">{wordsOf(move.type)}</span>
            <Account address={move.signer} />
            <span className="ml-auto flex gap-3 text-xs">
              <Height value={move.height} />
              <TextLink href={hrefs.transaction(move.transaction)}>transaction</TextLink>
            </span>
          </div>
          <ClockLine transaction={move.transaction} history={history} />
          <details className="mt-1">
            <summary className="cursor-pointer text-xs text-ink-soft">What it carried</summary>
            <Verbatim className="mt-1 max-h-80 rounded bg-ground p-3">{textOf(move.data)}</Verbatim>
          </details>
        </li>
      ))}
    </ol>
  );
}

/** Each side has one clock for the whole case, which runs while it is to move. */
function ClockLine({
  transaction,
  history,
}: {
  readonly transaction: string;
  readonly history: readonly NetworkEvent[];
}) {
  const clock = clockAfter(transaction, history);
  if (clock === null) return null;
  return (
    <p className="flex flex-wrap items-center gap-x-1.5 text-xs text-ink-soft">
      Then <Account address={clock.toMove} /> was to move, with {clock.blocksLeft} blocks left on
      its clock.
    </p>
  );
}

function textOf(data: CaseMove["data"]): string {
  const text = JSON.stringify(data, null, 2);
  if (text.length <= shownCharactersMax) return text;
  return `${text.slice(0, shownCharactersMax)}\n… ${text.length - shownCharactersMax} more characters stand in the transaction.`;
}
