/** One question to the OpenAI-compatible API, its answer as it comes. No client library: the page is to be small. */
import { EventSourceParserStream } from "eventsource-parser/stream";
import { ApiError } from "../api/ApiError.ts";
import { faultOf, unreachable } from "../api/fetchJson.ts";
import type { Question } from "./question.ts";

export type Usage = { readonly prompt_tokens: number; readonly completion_tokens: number };

export type AnswerPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "end"; readonly usage: Usage | null; readonly receipt: unknown };

type Chunk = {
  readonly choices?: readonly { readonly delta?: { readonly content?: string | null } }[];
  readonly usage?: Usage | null;
  readonly receipt?: unknown;
  readonly error?: {
    readonly message?: string;
    readonly r3mes_code?: string;
    readonly hint?: string;
  };
};

export type AskOptions = {
  /** Empty where the server of the pages knows the local key. */
  readonly key: string;
  readonly signal: AbortSignal;
};

/** The body of a request, as the three examples of the page show it too. */
export function requestBody(question: Question) {
  return {
    model: question.model,
    messages: [{ role: "user" as const, content: question.prompt }],
    max_tokens: question.maxTokens,
    temperature: question.temperature,
    seed: question.seed,
    stream: true as const,
    stream_options: { include_usage: true },
  };
}

export async function* askModel(
  question: Question,
  { key, signal }: AskOptions,
): AsyncGenerator<AnswerPart> {
  const response = await fetch("/v1/chat/completions", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(key === "" ? {} : { authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify(requestBody(question)),
    signal,
  }).catch((error) => {
    throw signal.aborted ? error : unreachable(error);
  });
  if (!response.ok || response.body === null) throw await faultOf(response);
  yield* readAnswer(response.body);
}

/** Reads an event stream to its `[DONE]`. A stream that ends or breaks without it was cut off, and says so. */
export async function* readAnswer(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<AnswerPart> {
  // Not every browser iterates over a stream, so it is read by hand.
  const events = body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .getReader();
  const next = () =>
    events.read().catch(() => {
      throw cutOff();
    });
  let usage: Usage | null = null;
  let receipt: unknown = null;
  for (let event = await next(); !event.done; event = await next()) {
    const { data } = event.value;
    if (data === "[DONE]") {
      yield { kind: "end", usage, receipt };
      return;
    }
    const chunk = JSON.parse(data) as Chunk;
    if (chunk.error !== undefined) throw midStream(chunk.error);
    usage = chunk.usage ?? usage;
    receipt = chunk.receipt ?? receipt;
    const text = chunk.choices?.[0]?.delta?.content ?? "";
    if (text !== "") yield { kind: "text", text };
  }
  throw cutOff();
}

function cutOff(): ApiError {
  return new ApiError({
    status: 0,
    code: "STREAM_CUT",
    message: "The answer broke off before its end.",
    hint: "What has come stands above. Ask again: the same question gives the same tokens.",
  });
}

function midStream(error: NonNullable<Chunk["error"]>): ApiError {
  return new ApiError({
    status: 500,
    code: error.r3mes_code ?? "STREAM_CUT",
    message: error.message ?? "The server failed in the middle of the answer.",
    hint: error.hint,
  });
}
