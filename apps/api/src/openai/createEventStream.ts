/**
 * A reply as server-sent events, as OpenAI's clients read them: every `data` is JSON but the last, `[DONE]`; what keeps the connection
 * open is a comment.
 */
import { Readable } from "node:stream";

export interface EventStream {
  readonly readable: Readable;
  data(value: unknown): void;
  /** Ends with `[DONE]`. */
  done(): void;
  /** Ends without it, after an error. */
  abort(value: unknown): void;
}

const keepAliveMs = 10_000;
/** A client that reads nothing while so much waits for it is taken for gone. */
const waitingBytesMax = 1 << 20;

/** @param onGone called when the client has left before the end */
export function createEventStream(onGone: () => void): EventStream {
  const readable = new Readable({ read: () => {} });
  let written = "";
  const flush = () => {
    const text = written;
    written = "";
    if (text === "" || readable.destroyed || readable.readableEnded) return;
    readable.push(text);
    if (readable.readableLength > waitingBytesMax) readable.destroy();
  };
  /** What is told in one turn goes together: each part would wake the socket, and whoever reads it. */
  const write = (text: string) => {
    if (written === "") queueMicrotask(flush);
    written += text;
  };
  const timer = setInterval(() => write(": keep-alive\n\n"), keepAliveMs);
  let hasEnded = false;
  readable.once("close", () => {
    clearInterval(timer);
    if (!hasEnded) onGone();
  });
  const data = (value: unknown) => write(`data: ${JSON.stringify(value)}\n\n`);
  const end = () => {
    hasEnded = true;
    clearInterval(timer);
    flush();
    if (!readable.destroyed) readable.push(null);
  };
  return {
    readable,
    data,
    done() {
      write("data: [DONE]\n\n");
      end();
    },
    abort(value) {
      data(value);
      end();
    },
  };
}
