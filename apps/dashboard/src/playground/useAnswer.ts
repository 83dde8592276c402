"use client";
/** One answer as the page shows it: text that grows, then its figures, or what went wrong. */
import { useEffect, useRef, useState } from "react";
import { askModel, type Usage } from "./askModel.ts";
import type { Question } from "./question.ts";

export type Answer = {
  readonly state: "idle" | "running" | "done" | "stopped" | "failed";
  readonly text: string;
  readonly usage: Usage | null;
  readonly receipt: unknown;
  /** From the question to the first text; null before it. */
  readonly firstMs: number | null;
  /** From the first text to the last; null before there are two. */
  readonly textMs: number | null;
  readonly error: unknown;
};

const idle: Answer = {
  state: "idle",
  text: "",
  usage: null,
  receipt: null,
  firstMs: null,
  textMs: null,
  error: null,
};

export type AnswerControl = {
  readonly answer: Answer;
  readonly ask: (question: Question, key: string) => Promise<void>;
  readonly stop: () => void;
};

export function useAnswer(): AnswerControl {
  const [answer, setAnswer] = useState(idle);
  const running = useRef<AbortController | null>(null);
  // Who leaves the page waits for no answer, and the server need not compute it.
  useEffect(() => () => running.current?.abort(), []);

  async function ask(question: Question, key: string): Promise<void> {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    const began = performance.now();
    let now: Answer = { ...idle, state: "running" };
    const show = (changed: Partial<Answer>) => {
      now = { ...now, ...changed };
      if (running.current === controller) setAnswer(now);
    };
    show({});
    try {
      for await (const part of askModel(question, { key, signal: controller.signal })) {
        if (part.kind === "end") {
          show({ state: "done", usage: part.usage, receipt: part.receipt });
          continue;
        }
        const since = performance.now() - began;
        const firstMs = now.firstMs ?? since;
        show({ text: now.text + part.text, firstMs, textMs: since - firstMs });
      }
    } catch (error) {
      show(controller.signal.aborted ? { state: "stopped" } : { state: "failed", error });
    }
  }

  return { answer, ask, stop: () => running.current?.abort() };
}

/** Tokens a second after the first one; null while it cannot be told. */
export function tokensPerSecond({
  usage,
  textMs,
}: Pick<Answer, "usage" | "textMs">): number | null {
  if (usage === null || textMs === null || textMs <= 0 || usage.completion_tokens < 2) return null;
  return ((usage.completion_tokens - 1) * 1000) / textMs;
}
