import { expect, test } from "vitest";
import type { ServedModel } from "../api/records.ts";
import { modelsToAsk } from "../views/playground/modelsToAsk.ts";
import { type AnswerPart, readAnswer } from "./askModel.ts";
import { codeExample } from "./codeExamples.ts";
import { tokensPerSecond } from "./useAnswer.ts";

/** A stream whose pieces fall between lines and inside a character. */
function streamOf(text: string, pieceBytes: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  const bytes = new TextEncoder().encode(text);
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        controller.enqueue(bytes.slice(at, at + pieceBytes));
      }
      controller.close();
    },
  });
}

async function read(text: string, pieceBytes = 3): Promise<AnswerPart[]> {
  const parts: AnswerPart[] = [];
  for await (const part of readAnswer(streamOf(text, pieceBytes))) parts.push(part);
  return parts;
}

const chunk = (body: unknown) => `data: ${JSON.stringify(body)}\n\n`;
const text = (content: string) => chunk({ choices: [{ delta: { content } }] });
const usage = { prompt_tokens: 2, completion_tokens: 3 };

test("an answer is read whatever the pieces of its stream, with usage and receipt at its end", async () => {
  const stream = `: keep-alive\n\n${text("whale ")}${text("bälg")}${chunk({ choices: [], usage, receipt: { format: "x" } })}data: [DONE]\n\n`;
  for (const pieceBytes of [1, 2, 7, 1000]) {
    expect(await read(stream, pieceBytes)).toEqual([
      { kind: "text", text: "whale " },
      { kind: "text", text: "bälg" },
      { kind: "end", usage, receipt: { format: "x" } },
    ]);
  }
});

test("a stream that ends without its end, or with an error, is no answer", async () => {
  await expect(read(text("wh"))).rejects.toMatchObject({ code: "STREAM_CUT" });
  const error = chunk({ error: { message: "out of memory", r3mes_code: "ENGINE_OUT_OF_MEMORY" } });
  await expect(read(text("wh") + error)).rejects.toMatchObject({
    code: "ENGINE_OUT_OF_MEMORY",
    message: "out of memory",
  });
});

test("a connection that breaks in the middle of an answer is told as such", async () => {
  const broken = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => controller.error(new TypeError("network error")),
  });
  await expect(readAnswer(broken).next()).rejects.toMatchObject({ code: "STREAM_CUT" });
});

const served = (id: string, adapter_id?: number) =>
  ({ id, ...(adapter_id === undefined ? {} : { adapter_id }) }) as ServedModel;
const none = [null, null] as const;

test("two versions are compared from the start, and the bare model with itself while it is alone", () => {
  const models = [served("bare"), served("v1", 1), served("v2", 2)];
  expect(modelsToAsk(models, { adapter: null, chosen: none })).toEqual(["v2", "bare"]);
  expect(modelsToAsk(models, { adapter: 1, chosen: none })).toEqual(["v1", "bare"]);
  expect(modelsToAsk([served("bare")], { adapter: 1, chosen: none })).toEqual(["bare", "bare"]);
  expect(modelsToAsk([], { adapter: null, chosen: none })).toEqual(none);
});

test("a model that was chosen is asked as long as it is served", () => {
  const chosen = ["v1", "v1"] as const;
  const models = [served("bare"), served("v1", 1), served("v2", 2)];
  expect(modelsToAsk(models, { adapter: null, chosen })).toEqual(["v1", "v1"]);
  const left = models.filter(({ id }) => id !== "v1");
  expect(modelsToAsk(left, { adapter: null, chosen })).toEqual(["v2", "bare"]);
});

test("speed counts the tokens after the first, and is unknown without two", () => {
  expect(tokensPerSecond({ usage, textMs: 500 })).toBe(4);
  expect(tokensPerSecond({ usage: null, textMs: 500 })).toBeNull();
  expect(tokensPerSecond({ usage: { ...usage, completion_tokens: 1 }, textMs: 500 })).toBeNull();
});

test("examples carry a hostile prompt as data in each language", () => {
  const prompt = `it's "$(rm -rf ~)" True\n\\`;
  const question = { model: "genesis@v1", prompt, maxTokens: 8, temperature: 0, seed: 1 };
  const base = "http://127.0.0.1:3000/v1";
  const curl = codeExample("curl", question, base);
  const body = /-d '([\s\S]*)'$/.exec(curl)?.[1]?.replaceAll("'\\''", "'") ?? "";
  expect(JSON.parse(body).messages[0].content).toBe(prompt);
  expect(codeExample("TypeScript", question, base)).toContain(JSON.stringify(prompt));
  const python = codeExample("Python", question, base);
  expect(python).toContain(JSON.stringify(prompt));
  expect(python).toContain("stream=True");
});
