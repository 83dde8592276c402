"use client";
/** The question as curl, TypeScript or Python, to be taken along. */
import { Tabs } from "@base-ui/react/tabs";
import { useSyncExternalStore } from "react";
import { CopyButton } from "../../components/CopyButton.tsx";
import { Panel } from "../../components/Panel.tsx";
import { Verbatim } from "../../components/Verbatim.tsx";
import { codeExample, languages } from "../../playground/codeExamples.ts";
import type { Question } from "../../playground/question.ts";

const never = () => () => {};

export function CodePanel({ question }: { readonly question: Question }) {
  const origin = useSyncExternalStore(
    never,
    () => location.origin,
    () => "",
  );
  return (
    <Panel title="The same from a program" source="any OpenAI client works unchanged">
      <Tabs.Root defaultValue="curl">
        <Tabs.List className="mb-2 flex gap-1" aria-label="Language">
          {languages.map((language) => (
            <Tabs.Tab
              key={language}
              value={language}
              className="rounded px-2.5 py-1 text-ink-soft hover:bg-raised data-active:bg-accent-soft data-active:text-accent"
            >
              {language}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {languages.map((language) => {
          const code = codeExample(language, question, `${origin}/v1`);
          return (
            <Tabs.Panel key={language} value={language} className="relative">
              <Verbatim className="rounded-md bg-ground p-3 max-sm:pt-10 sm:pr-16">{code}</Verbatim>
              <CopyButton
                text={code}
                label={`Copy as ${language}`}
                className="absolute top-2 right-2 bg-surface"
              >
                Copy
              </CopyButton>
            </Tabs.Panel>
          );
        })}
      </Tabs.Root>
    </Panel>
  );
}
