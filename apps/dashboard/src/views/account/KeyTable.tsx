"use client";
/** The keys of an account: what each may do, what it has spent, and the two things that can be done to it. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ApiKey, MadeKey } from "../../api/records.ts";
import { sendJson } from "../../api/sendJson.ts";
import { Chip } from "../../components/Chip.tsx";
import { Failure } from "../../components/Failure.tsx";
import { Moment } from "../../components/Moment.tsx";
import { useNow } from "../../components/useNow.ts";
import { groupDigits } from "../../format/groupDigits.ts";
import { type Column, DataTable } from "../../tables/DataTable.tsx";
import { keyState } from "./keyState.ts";

type Change = { readonly key: ApiKey; readonly kind: "rotate" | "revoke" };

export function KeyTable({
  keys,
  apiKey,
  ownId,
  onMade,
}: {
  readonly keys: readonly ApiKey[];
  readonly apiKey: string;
  /** The key that this page asks with: to take it back here would be to saw off the branch. */
  readonly ownId: string | null;
  readonly onMade: (made: MadeKey) => void;
}) {
  const now = useNow() ?? 0;
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: async ({ key: { id }, kind }: Change) => {
      if (kind === "revoke") await sendJson("DELETE", `/v1/keys/${id}`, { key: apiKey });
      else {
        const call = { key: apiKey, body: {} };
        onMade(await sendJson<MadeKey>("POST", `/v1/keys/${id}/rotate`, call));
      }
      await client.invalidateQueries({ queryKey: ["account"] });
    },
  });
  return (
    <>
      {change.isError && <Failure error={change.error} />}
      <DataTable
        label="Keys"
        rows={keys}
        keyOf={({ id }) => id}
        columns={columnsOf({ now, ownId, isBusy: change.isPending, onChange: change.mutate })}
      />
    </>
  );
}

function columnsOf({
  now,
  ownId,
  isBusy,
  onChange,
}: {
  readonly now: number;
  readonly ownId: string | null;
  readonly isBusy: boolean;
  readonly onChange: (change: Change) => void;
}): readonly Column<ApiKey>[] {
  return [
    {
      name: "Key",
      width: "9rem",
      grows: true,
      cell: ({ label, prefix }) => (
        <span title={prefix}>
          {label === "" ? <span className="text-ink-soft">no name</span> : label}{" "}
          <span className="font-mono text-xs text-ink-soft">{prefix}…</span>
        </span>
      ),
    },
    { name: "State", width: "5.5rem", cell: (key) => <Chip word={keyState(key, now)} /> },
    { name: "May", width: "8rem", cell: ({ scopes }) => scopes.join(", ") },
    {
      name: "Models",
      width: "8rem",
      cell: ({ models }) =>
        models === null ? <span className="text-ink-soft">all</span> : models.join(", "),
    },
    {
      name: "Spent, credits",
      width: "8rem",
      right: true,
      cell: ({ spent, cap }) =>
        cap === null ? groupDigits(spent) : `${groupDigits(spent)} of ${groupDigits(cap)}`,
    },
    { name: "Ends", width: "6.5rem", right: true, cell: (key) => <EndOf apiKey={key} /> },
    {
      name: "Change",
      width: "9.5rem",
      right: true,
      cell: (key) => {
        if (keyState(key, now) !== "open") return null;
        if (key.id === ownId) return <span className="text-ink-soft">asks here</span>;
        return <Actions apiKey={key} isBusy={isBusy} onChange={onChange} />;
      },
    },
  ];
}

function EndOf({ apiKey: { expires_at } }: { readonly apiKey: ApiKey }) {
  if (expires_at === null) return <span className="text-ink-soft">never</span>;
  return <Moment at={Date.parse(expires_at)} isAnnounced />;
}

const button =
  "rounded border border-line-strong bg-surface px-2 py-0.5 text-xs hover:bg-raised disabled:opacity-60";

/** Taking a key back cannot be undone, so it is asked for twice. */
function Actions({
  apiKey,
  isBusy,
  onChange,
}: {
  readonly apiKey: ApiKey;
  readonly isBusy: boolean;
  readonly onChange: (change: Change) => void;
}) {
  const [isSure, setSure] = useState(false);
  const name = apiKey.label === "" ? apiKey.prefix : apiKey.label;
  return (
    <span className="inline-flex gap-1.5">
      {!isSure && apiKey.kind === "key" && (
        <button
          type="button"
          className={button}
          disabled={isBusy}
          title={`Give ${name} a new secret; the present one ends at once`}
          onClick={() => onChange({ key: apiKey, kind: "rotate" })}
        >
          Rotate
        </button>
      )}
      <button
        type="button"
        className={button}
        disabled={isBusy}
        title={`${name} opens nothing from then on`}
        onClick={() => (isSure ? onChange({ key: apiKey, kind: "revoke" }) : setSure(true))}
        onBlur={() => setSure(false)}
      >
        {isSure ? "Really take back" : "Take back"}
      </button>
    </span>
  );
}
