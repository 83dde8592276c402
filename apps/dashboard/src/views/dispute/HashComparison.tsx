/** Two byte strings under each other; bytes that differ are marked by weight and underline as well as by colour. */
import { CopyButton } from "../../components/CopyButton.tsx";
import { cn } from "../../components/cn.ts";

export type NamedBytes = {
  readonly name: string;
  /** Lower-case hexadecimal. */
  readonly hex: string;
};

export function HashComparison({
  first,
  second,
}: {
  readonly first: NamedBytes;
  readonly second: NamedBytes;
}) {
  const equal = first.hex === second.hex;
  return (
    <figure className="space-y-2">
      <Row bytes={first} other={second.hex} />
      <Row bytes={second} other={first.hex} />
      <figcaption className={cn("font-medium", equal ? "text-good" : "text-bad")}>
        {equal ? "Equal, byte for byte." : differenceText(first.hex, second.hex)}
      </figcaption>
    </figure>
  );
}

function Row({ bytes, other }: { readonly bytes: NamedBytes; readonly other: string }) {
  return (
    <div className="grid gap-x-4 sm:grid-cols-[10rem_1fr]">
      <span className="text-ink-soft">{bytes.name}</span>
      <span className="font-mono text-xs break-all">
        {pairsOf(bytes.hex).map((pair, place) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: bytes are their places
            key={place}
            className={cn(
              place % 4 === 3 && "mr-1.5",
              pair !== other.slice(2 * place, 2 * place + 2) && "font-bold text-bad underline",
            )}
          >
            {pair}
          </span>
        ))}
        <CopyButton text={bytes.hex} label={`Copy ${bytes.name}`} />
      </span>
    </div>
  );
}

function pairsOf(hex: string): readonly string[] {
  return hex.match(/.{1,2}/g) ?? [];
}

/** Where two byte strings begin to differ, and in how many places. */
export function differenceText(first: string, second: string): string {
  const [one, other] = [pairsOf(first), pairsOf(second)];
  const length = Math.max(one.length, other.length);
  const places = Array.from({ length }, (_, place) => place).filter(
    (place) => one[place] !== other[place],
  );
  if (places.length === 0) return "Equal, byte for byte.";
  return `They differ in ${places.length} of ${length} bytes, first in byte ${places[0]}.`;
}
