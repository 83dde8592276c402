"use client";
/** One answer with its figures and its receipt. The text is text: nothing in it is interpreted. */
import { Chip } from "../../components/Chip.tsx";
import { CopyButton } from "../../components/CopyButton.tsx";
import { Failure } from "../../components/Failure.tsx";
import { Panel } from "../../components/Panel.tsx";
import { Verbatim } from "../../components/Verbatim.tsx";
import { type Answer, tokensPerSecond } from "../../playground/useAnswer.ts";

const words = {
  idle: "waiting",
  running: "answering",
  done: "done",
  stopped: "stopped",
  failed: "failed",
};

export function AnswerPanel({
  model,
  answer,
}: {
  readonly model: string | null;
  readonly answer: Answer;
}) {
  return (
    <Panel
      title={model ?? "Answer"}
      source="timed by this page; tokens counted by the server"
      actions={
        <Chip word={words[answer.state]} tone={answer.state === "failed" ? "bad" : "plain"} />
      }
    >
      <p
        aria-live="polite"
        aria-busy={answer.state === "running"}
        className="min-h-16 break-words whitespace-pre-wrap"
      >
        {answer.text === "" && answer.state !== "failed" ? (
          <span className="text-ink-soft">
            {answer.state === "idle" ? "The answer appears here, token by token." : "…"}
          </span>
        ) : (
          answer.text
        )}
      </p>
      {answer.state === "failed" && <Failure error={answer.error} />}
      <AnswerFigures answer={answer} />
      {answer.receipt !== null && <Receipt receipt={answer.receipt} />}
    </Panel>
  );
}

function AnswerFigures({ answer }: { readonly answer: Answer }) {
  if (answer.state === "idle") return null;
  const speed = tokensPerSecond(answer);
  return (
    <p className="mt-3 flex flex-wrap gap-x-4 gap-y-1 border-t border-line pt-2 text-xs text-ink-soft">
      <span>first text {answer.firstMs === null ? "…" : `${Math.round(answer.firstMs)} ms`}</span>
      <span>{speed === null ? "speed not known yet" : `${speed.toFixed(1)} tokens/s`}</span>
      {answer.usage !== null && (
        <span>
          {answer.usage.prompt_tokens} tokens asked, {answer.usage.completion_tokens} answered
        </span>
      )}
    </p>
  );
}

function Receipt({ receipt }: { readonly receipt: unknown }) {
  const text = JSON.stringify(receipt, null, 2);
  return (
    <details className="mt-2">
      <summary className="cursor-pointer text-xs text-ink-soft">
        Receipt: which weights gave this answer, signed by the provider
      </summary>
      <div className="mt-1 flex items-center gap-2 text-xs text-ink-soft">
        Save it as a file and compute it again:{" "}
        <code className="font-mono">npx r3mes verify-receipt</code>
        <CopyButton text={text} label="Copy receipt">
          Copy
        </CopyButton>
      </div>
      <Verbatim className="mt-1 max-h-64 rounded bg-ground p-3">{text}</Verbatim>
    </details>
  );
}
