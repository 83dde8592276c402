"use client";
/** The text of a key that was made or rotated just now: shown this once. */
import type { MadeKey } from "../../api/records.ts";
import { CopyButton } from "../../components/CopyButton.tsx";
import { Panel } from "../../components/Panel.tsx";

export function MadeKeyNote({ made: { key, record } }: { readonly made: MadeKey }) {
  return (
    <Panel
      title={`Key ${record.label === "" ? record.prefix : record.label}`}
      source="shown this once: put it where your program finds it"
    >
      <p role="status" className="flex flex-wrap items-center gap-2">
        <code className="font-mono text-[0.8125rem] break-all">{key}</code>
        <CopyButton text={key} label="Copy the key">
          Copy
        </CopyButton>
      </p>
    </Panel>
  );
}
