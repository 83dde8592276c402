"use client";
/** A number within bounds. What is typed stays as it is typed while the field has the focus; what is no number is not taken. */
import { useState } from "react";

export function NumberField({
  label,
  value,
  min,
  max,
  step,
  onChange,
}: {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly onChange: (value: number) => void;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <label className="block">
      <span className="text-xs text-ink-soft">{label}</span>
      <input
        type="number"
        required
        value={typed ?? value}
        min={min}
        max={max}
        step={step}
        onChange={(event) => {
          setTyped(event.target.value);
          const next = event.target.valueAsNumber;
          if (Number.isFinite(next)) onChange(Math.min(max, Math.max(min, next)));
        }}
        onBlur={() => setTyped(null)}
        className="mt-1 block h-8 w-32 rounded-md border border-line bg-ground px-2"
      />
    </label>
  );
}
