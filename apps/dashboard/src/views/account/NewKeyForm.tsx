"use client";
/** Makes a key, for a program that may spend a part of the credit on some of the models. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { MadeKey } from "../../api/records.ts";
import { sendJson } from "../../api/sendJson.ts";
import { Failure } from "../../components/Failure.tsx";
import { Panel } from "../../components/Panel.tsx";
import { fetchModels } from "../../playground/fetchModels.ts";
import { emptyKeyForm, isLimited, type KeyForm, newKeyOf } from "./newKey.ts";

const field =
  "mt-1 block h-8 w-full rounded-md border border-line bg-ground px-2 placeholder:text-ink-soft disabled:opacity-60";

export function NewKeyForm({
  apiKey,
  onMade,
}: {
  readonly apiKey: string;
  readonly onMade: (made: MadeKey) => void;
}) {
  const [form, setForm] = useState<KeyForm>(emptyKeyForm);
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: async () => {
      const body = newKeyOf(form, Date.now());
      onMade(await sendJson<MadeKey>("POST", "/v1/keys", { key: apiKey, body }));
      setForm(emptyKeyForm);
      await client.invalidateQueries({ queryKey: ["account"] });
    },
  });
  return (
    <Panel title="Make a key">
      <form
        className="grid gap-3 sm:grid-cols-2 xl:grid-cols-[1fr_1.5fr_8rem_8rem]"
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <TextField
          label="Name"
          placeholder="my program"
          value={form.label}
          onChange={(label) => setForm({ ...form, label })}
        />
        <ModelsField
          apiKey={apiKey}
          value={form.models}
          disabled={form.mayManage}
          onChange={(models) => setForm({ ...form, models })}
        />
        <TextField
          label="Cap, credits"
          placeholder="none"
          digits={12}
          value={form.cap}
          disabled={form.mayManage}
          onChange={(cap) => setForm({ ...form, cap })}
        />
        <TextField
          label="Ends in, days"
          placeholder="never"
          digits={5}
          value={form.days}
          onChange={(days) => setForm({ ...form, days })}
        />
        <label className="flex items-center gap-2 self-center">
          <input
            type="checkbox"
            checked={form.mayManage}
            disabled={isLimited(form)}
            onChange={(event) => setForm({ ...form, mayManage: event.target.checked })}
          />
          It may also create and revoke keys (only without models and a cap)
        </label>
        <button
          type="submit"
          disabled={make.isPending}
          className="h-8 justify-self-start rounded-md bg-accent px-4 font-medium text-surface disabled:opacity-60 xl:col-span-2"
        >
          Make the key
        </button>
      </form>
      {make.isError && <Failure error={make.error} />}
    </Panel>
  );
}

function TextField({
  label,
  placeholder,
  value,
  digits,
  disabled = false,
  onChange,
}: {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  /** For a whole number above zero: how many it may have. */
  readonly digits?: number;
  readonly disabled?: boolean;
  readonly onChange: (value: string) => void;
}) {
  return (
    <label className="block min-w-0">
      <span className="text-xs text-ink-soft">{label}</span>
      <input
        className={field}
        value={value}
        disabled={disabled}
        maxLength={64}
        placeholder={placeholder}
        {...(digits === undefined
          ? {}
          : { inputMode: "numeric" as const, pattern: `[1-9][0-9]{0,${digits - 1}}` })}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}

/** Names are free text, since versions that do not exist yet may be meant; those that answer now are offered. */
function ModelsField({
  apiKey,
  value,
  disabled,
  onChange,
}: {
  readonly apiKey: string;
  readonly value: string;
  readonly disabled: boolean;
  readonly onChange: (value: string) => void;
}) {
  const models = useQuery({
    queryKey: ["models", apiKey],
    queryFn: ({ signal }) => fetchModels(apiKey, signal),
    meta: { kinds: ["adapter"] },
  });
  const families = new Set((models.data ?? []).map(({ id }) => id.split("@")[0]!));
  return (
    <label className="block min-w-0">
      <span className="text-xs text-ink-soft">
        Models that it may ask; a name before the @ stands for every version
      </span>
      <input
        className={field}
        value={value}
        disabled={disabled}
        list="model-families"
        maxLength={512}
        placeholder="all"
        onChange={(event) => onChange(event.target.value)}
      />
      <datalist id="model-families">
        {[...families].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </label>
  );
}
