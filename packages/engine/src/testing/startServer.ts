/**
 * A process that measures for a benchmark: V8 flags are set for a whole process, and processes can take turns within one run. It
 * answers one question at a time over the channel of `fork`.
 */
import { fork } from "node:child_process";
import { once } from "node:events";

export type Ask<Question, Answer> = (question: Question) => Promise<Answer>;

export function startServer<Question extends object, Answer>(
  script: URL,
  ...execArgv: string[]
): Ask<Question, Answer> {
  const server = fork(script, { execArgv });
  // Neither keeps the benchmark alive; a question opens the channel until it is answered.
  server.unref();
  server.channel?.unref();
  return async (question) => {
    server.channel?.ref();
    server.send(question);
    const [answer] = (await once(server, "message")) as [Answer];
    server.channel?.unref();
    return answer;
  };
}
