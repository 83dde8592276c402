/** A client in a thread of its own, as clients are in processes of theirs: it asks for streams and tells when their tokens arrived. */
import { parentPort } from "node:worker_threads";

export interface StreamQuestion {
  readonly url: string;
  readonly key: string;
  readonly body: object;
}

/** Milliseconds since it asked, one for each token. */
export type Arrivals = readonly number[];

parentPort!.on("message", async ({ url, key, body }: StreamQuestion) => {
  const arrived: number[] = [];
  const began = performance.now();
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    const sinceMs = performance.now() - began;
    for (const _ of chunk.matchAll(/"delta":\{"content"/g)) arrived.push(sinceMs);
  }
  parentPort!.postMessage(arrived satisfies Arrivals);
});
