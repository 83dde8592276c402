/** From the fresh adapter to this version, with the loss at each step. A long line keeps its ends. */
import type { Adapter, AdapterDetail } from "../../api/records.ts";
import { Chip } from "../../components/Chip.tsx";
import { TextLink } from "../../components/Hash.tsx";
import { countText } from "../../format/countText.ts";
import { lossText } from "../../format/lossText.ts";
import { hrefs } from "../../frame/hrefs.ts";

const shownMax = 12;

export function Lineage({
  adapter,
  tokens,
}: {
  readonly adapter: AdapterDetail;
  readonly tokens: number | null;
}) {
  const line: readonly Adapter[] = [...adapter.lineage.toReversed(), adapter];
  const left = line.length - shownMax;
  const shown = left > 0 ? line.slice(left) : line;
  return (
    <ol className="flex flex-wrap items-stretch gap-x-1 gap-y-2">
      <Node>
        <span className="font-medium">fresh</span>
        <span className="text-xs text-ink-soft">the model's own</span>
      </Node>
      {left > 0 && (
        <Node>
          <span className="text-ink-soft">{countText(left, "more version")}</span>
        </Node>
      )}
      {shown.map((version) => (
        <Node key={version.id}>
          <span className="flex items-center gap-1.5">
            {version.id === adapter.id ? (
              <span aria-current="true" className="font-semibold">
                {version.id}
              </span>
            ) : (
              <TextLink href={hrefs.adapter(version.id)}>{version.id}</TextLink>
            )}
            <Chip word={version.status} />
          </span>
          <span className="text-xs text-ink-soft">{lossText(version.heldOutLoss, tokens)}</span>
        </Node>
      ))}
    </ol>
  );
}

function Node({ children }: { readonly children: React.ReactNode }) {
  return (
    <li className="flex items-center gap-1 before:text-ink-soft before:content-['→'] first:before:content-none">
      <span className="flex flex-col rounded-md border border-line bg-ground px-2.5 py-1.5">
        {children}
      </span>
    </li>
  );
}
