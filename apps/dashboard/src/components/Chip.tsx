/** A state in one word. The word carries the meaning, the colour only repeats it. */
import { wordsOf } from "../format/wordsOf.ts";
import { cn } from "./cn.ts";
import { type Tone, toneOf } from "./toneOf.ts";

const tones: Readonly<Record<Tone, string>> = {
  plain: "bg-raised text-ink-soft",
  info: "bg-info-soft text-info",
  good: "bg-good-soft text-good",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
};

export function Chip({ word, tone }: { readonly word: string; readonly tone?: Tone }) {
  return (
    <span
      className={cn(
        "inline-flex items-center rounded px-1.5 py-px text-xs font-medium whitespace-nowrap",
        tones[tone ?? toneOf(word)],
      )}
    >
      {wordsOf(word)}
    </span>
  );
}
