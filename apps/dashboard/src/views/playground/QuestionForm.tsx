"use client";
/** The question with its settings, the models to ask, and the key. */
import { Play, Square } from "lucide-react";
import type { ServedModel } from "../../api/records.ts";
import type { Question } from "../../playground/question.ts";
import { KeyField } from "./KeyField.tsx";
import { ModelPicker } from "./ModelPicker.tsx";
import { NumberField } from "./NumberField.tsx";
import { WalletSignIn } from "./WalletSignIn.tsx";

type Settings = Omit<Question, "model">;

export type QuestionFormProps = {
  readonly models: readonly ServedModel[];
  readonly names: readonly [string | null, string | null];
  readonly onName: (place: 0 | 1, name: string) => void;
  readonly compared: boolean;
  readonly onCompare: (compared: boolean) => void;
  readonly settings: Settings;
  readonly onSettings: (settings: Settings) => void;
  readonly apiKey: string;
  readonly onKey: (key: string) => void;
  readonly running: boolean;
  readonly onAsk: () => void;
  readonly onStop: () => void;
};

export function QuestionForm(props: QuestionFormProps) {
  const { models, names, onName, compared, settings, onSettings, running } = props;
  const ready = names[0] !== null && settings.prompt.trim() !== "";
  return (
    <form
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !running) props.onAsk();
      }}
    >
      <div className="flex flex-wrap items-end gap-3">
        <ModelPicker
          label="Model"
          models={models}
          chosen={names[0]}
          onChoose={(name) => onName(0, name)}
        />
        {compared && (
          <ModelPicker
            label="Beside it"
            models={models}
            chosen={names[1]}
            onChoose={(name) => onName(1, name)}
          />
        )}
        <label className="flex h-8 items-center gap-2">
          <input
            type="checkbox"
            checked={compared}
            onChange={(event) => props.onCompare(event.target.checked)}
            className="accent-accent"
          />
          Two side by side
        </label>
      </div>
      <label className="block">
        <span className="text-xs text-ink-soft">Prompt</span>
        <textarea
          rows={3}
          value={settings.prompt}
          onChange={(event) => onSettings({ ...settings, prompt: event.target.value })}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
              event.currentTarget.form?.requestSubmit();
            }
          }}
          className="mt-1 w-full rounded-md border border-line bg-ground px-3 py-2"
        />
      </label>
      <Settings settings={settings} onSettings={onSettings} />
      <div className="flex flex-wrap items-end gap-3">
        <KeyField value={props.apiKey} onChange={props.onKey} />
        <WalletSignIn apiKey={props.apiKey} onKey={props.onKey} />
        <AskButton ready={ready} running={running} onStop={props.onStop} />
      </div>
    </form>
  );
}

function Settings({
  settings,
  onSettings,
}: {
  readonly settings: Settings;
  readonly onSettings: (settings: Settings) => void;
}) {
  return (
    <div className="flex flex-wrap gap-3">
      <NumberField
        label="Tokens at most"
        value={settings.maxTokens}
        min={1}
        max={4096}
        step={1}
        onChange={(maxTokens) => onSettings({ ...settings, maxTokens })}
      />
      <NumberField
        label="Temperature"
        value={settings.temperature}
        min={0}
        max={2}
        step={0.1}
        onChange={(temperature) => onSettings({ ...settings, temperature })}
      />
      <NumberField
        label="Seed"
        value={settings.seed}
        min={0}
        max={2 ** 31 - 1}
        step={1}
        onChange={(seed) => onSettings({ ...settings, seed })}
      />
    </div>
  );
}

function AskButton({
  ready,
  running,
  onStop,
}: {
  readonly ready: boolean;
  readonly running: boolean;
  readonly onStop: () => void;
}) {
  const look =
    "ml-auto inline-flex h-8 items-center gap-1.5 rounded-md px-4 font-medium disabled:opacity-60";
  return running ? (
    <button
      type="button"
      onClick={onStop}
      className={`${look} border border-line-strong bg-surface`}
    >
      <Square aria-hidden size={12} />
      Stop
    </button>
  ) : (
    <button
      type="submit"
      disabled={!ready}
      title="Ctrl + Enter"
      className={`${look} bg-accent text-surface`}
    >
      <Play aria-hidden size={13} />
      Ask
    </button>
  );
}
