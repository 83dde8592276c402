/** A client in a process of its own: what it was asked for fails when it ends, be it killed or by a failure of its own. */
import { type ChildProcess, fork } from "node:child_process";
import type { AnswerTimes } from "./answerTimes.ts";
import type { TimedRequest } from "./timingClient.ts";

export interface OpenTimingClient {
  readonly process: ChildProcess;
  /** One at a time. */
  ask(request: TimedRequest): Promise<AnswerTimes>;
}

export function openTimingClient(): OpenTimingClient {
  const client = fork(new URL("./timingClient.ts", import.meta.url));
  let ending: string | undefined;
  client.once("exit", (code, signal) => {
    ending = `the client that measures has ended (${signal ?? `exit code ${code}`})`;
  });
  return {
    process: client,
    async ask(request) {
      const heard = Promise.withResolvers<AnswerTimes>();
      const fail = () => heard.reject(new Error(ending));
      if (ending !== undefined) fail();
      client.once("message", heard.resolve);
      client.once("exit", fail);
      client.send(request, (error) => error !== null && heard.reject(error));
      try {
        return await heard.promise;
      } finally {
        client.off("message", heard.resolve);
        client.off("exit", fail);
      }
    },
  };
}
