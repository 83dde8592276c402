"use client";
/** Where a visitor pastes an API key. On one's own machine the server of the pages knows the local key. */

export function KeyField({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (key: string) => void;
}) {
  return (
    <label className="block min-w-0 max-w-full">
      <span className="text-xs text-ink-soft">
        API key (on a local network it may stay empty; kept in this tab only)
      </span>
      <input
        type="password"
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        placeholder="r3mes_…"
        className="mt-1 block h-8 w-80 max-w-full rounded-md border border-line bg-ground px-2 font-mono text-xs placeholder:text-ink-soft"
      />
    </label>
  );
}
