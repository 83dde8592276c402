"use client";
/** Ask one version of an adapter, or two side by side. The same question gives the same tokens, on any machine. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Failure } from "../../components/Failure.tsx";
import { Page } from "../../components/Page.tsx";
import { Panel } from "../../components/Panel.tsx";
import { useQueryNumber } from "../../components/useQueryValue.ts";
import { fetchModels } from "../../playground/fetchModels.ts";
import { useAnswer } from "../../playground/useAnswer.ts";
import { useKey } from "../../playground/useKey.ts";
import { AnswerPanel } from "./AnswerPanel.tsx";
import { CodePanel } from "./CodePanel.tsx";
import { modelsToAsk, type TwoModels } from "./modelsToAsk.ts";
import { QuestionForm } from "./QuestionForm.tsx";

export function PlaygroundView() {
  const adapter = useQueryNumber("adapter");
  const [key, setKey] = useKey();
  const models = useQuery({
    queryKey: ["models", key],
    queryFn: ({ signal }) => fetchModels(key, signal),
    meta: { kinds: ["adapter"] },
  });
  const [first, second] = [useAnswer(), useAnswer()];
  const [compared, setCompared] = useState(false);
  const [chosen, setChosen] = useState<TwoModels>([null, null]);
  const [settings, setSettings] = useState({
    // Whoever has nothing to ask yet sees what asking is.
    prompt: "Call me Ishmael. Some years ago",
    maxTokens: 64,
    temperature: 0,
    seed: 1,
  });
  const names = modelsToAsk(models.data ?? [], { adapter, chosen });
  const sides = compared ? [first, second] : [first];
  const running = sides.some(({ answer }) => answer.state === "running");

  function askAll(): void {
    for (const [place, side] of sides.entries()) {
      void side.ask({ ...settings, model: names[place] ?? "" }, key);
    }
  }

  return (
    <Page
      title="Playground"
      note="Each version of an adapter stays what it was. Two of them beside each other show what the training between them changed."
    >
      <Panel title="Question">
        {models.isError && models.data === undefined && <Failure error={models.error} />}
        <QuestionForm
          models={models.data ?? []}
          names={names}
          onName={(place, name) => setChosen(place === 0 ? [name, chosen[1]] : [chosen[0], name])}
          compared={compared}
          onCompare={setCompared}
          settings={settings}
          onSettings={setSettings}
          apiKey={key}
          onKey={setKey}
          running={running}
          onAsk={askAll}
          onStop={() => {
            for (const side of sides) side.stop();
          }}
        />
      </Panel>
      <div className={compared ? "grid gap-4 lg:grid-cols-2" : "grid gap-4"}>
        {sides.map((side, place) => (
          <AnswerPanel
            // biome-ignore lint/suspicious/noArrayIndexKey: the sides are their places
            key={place}
            model={names[place] ?? null}
            answer={side.answer}
          />
        ))}
      </div>
      {names[0] !== null && <CodePanel question={{ ...settings, model: names[0] }} />}
    </Page>
  );
}
