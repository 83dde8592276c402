/** A client in a process of its own, so that it takes no time of the server's: it asks as it is told, and says when tokens came. */
import { type AnswerTimes, answerTimes } from "./answerTimes.ts";

export interface TimedRequest {
  readonly url: string;
  readonly key: string;
  readonly body: object;
}

process.once("disconnect", () => process.exit());
process.on("message", async (request: TimedRequest) => {
  process.send!(await ask(request));
});

async function ask({ url, key, body }: TimedRequest): Promise<AnswerTimes> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const arrivedMs: number[] = [];
  const beganMs = performance.now();
  const reply = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  for await (const part of reply.body!.pipeThrough(new TextDecoderStream())) {
    const nowMs = performance.now();
    for (const _ of part.matchAll(/"delta":\{"content"/g)) arrivedMs.push(nowMs);
  }
  return answerTimes(beganMs, arrivedMs);
}
