/** A client in a process of its own, so that it takes no time of the server's: it asks as it is told, and says when tokens came. */
import { type AnswerTimes, answerTimes } from "./answerTimes.ts";

export interface TimedRequest {
  readonly url: string;
  readonly key: string;
  /** It asks for the usage at the end: a chunk may hold more tokens than one. */
  readonly body: object;
}

process.once("disconnect", () => process.exit());
process.on("message", async (request: TimedRequest) => {
  process.send!(await ask(request));
});

async function ask({ url, key, body }: TimedRequest): Promise<AnswerTimes> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const arrivedMs: number[] = [];
  let tokens = 0;
  const beganMs = performance.now();
  const reply = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  if (!reply.ok) throw new Error(`refused with ${reply.status}: ${await reply.text()}`);
  for await (const part of reply.body!.pipeThrough(new TextDecoderStream())) {
    if (part.includes('"delta":{"content"')) arrivedMs.push(performance.now());
    tokens ||= Number(/"completion_tokens":(\d+)/.exec(part)?.[1] ?? 0);
  }
  return answerTimes(beganMs, arrivedMs, tokens);
}
