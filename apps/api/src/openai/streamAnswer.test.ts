import { once } from "node:events";
import { get } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate } from "node:timers/promises";
import type { AnswerPiece } from "@r3mes/inference";
import Fastify from "fastify";
import { expect, onTestFinished, test, vi } from "vitest";
import { textOf } from "./finish.ts";
import type { Answered } from "./startAnswer.ts";
import { streamAnswer } from "./streamAnswer.ts";

const forms = {
  first: undefined,
  pieces: (pieces: readonly AnswerPiece[]) => ({ text: textOf(pieces) }),
  last: () => [],
  broken: { text: "broken" },
};

/** A server whose answers begin with one word, go on as they are told to, and end so. */
async function setup() {
  const cancel = vi.fn();
  const { promise: done, resolve: end } = Promise.withResolvers<Answered | undefined>();
  const server = Fastify();
  onTestFinished(() => server.close());
  const closed = Promise.withResolvers<void>();
  const say = (text: string) => tell({ text } as AnswerPiece);
  let tell: (piece: AnswerPiece) => void = () => {};
  server.get("/", (_request, reply) => {
    reply.raw.once("close", closed.resolve);
    return streamAnswer(reply, forms, async (onPiece) => {
      tell = onPiece;
      say("word");
      return { shown: Promise.resolve(), done, cancel };
    });
  });
  await server.listen({ port: 0, host: "127.0.0.1" });
  const { port } = server.server.address() as AddressInfo;
  const request = get({ port, host: "127.0.0.1", agent: false });
  const [reply] = await once(request, "response");
  await once(reply, "readable");
  return { request, reply, cancel, say, end, closed: closed.promise };
}

test("an answer that has ended is not cancelled when its client closes", async () => {
  const { reply, cancel, end, closed } = await setup();
  end({ ending: "stop", tokens: [], receipt: {} } as unknown as Answered);
  let text = "";
  for await (const part of reply) text += part;
  expect(text).toBe('data: {"text":"word"}\n\ndata: [DONE]\n\n');
  await closed;
  expect(cancel).not.toHaveBeenCalled();
});

test("what is told in one turn is one chunk, and nothing of it waits for the next", async () => {
  const { reply, say, end } = await setup();
  for (const text of [" by", " word"]) say(text);
  await setImmediate();
  say(", to the end");
  end({ ending: "stop", tokens: [], receipt: {} } as unknown as Answered);
  let text = "";
  for await (const part of reply) text += part;
  const chunks = ["word", " by word", ", to the end"].map((each) => JSON.stringify({ text: each }));
  expect(text.split("\n\n")).toEqual([
    ...chunks.map((chunk) => `data: ${chunk}`),
    "data: [DONE]",
    "",
  ]);
});

test("a client that leaves in the middle is not computed for", async () => {
  const { request, cancel, closed } = await setup();
  request.on("error", () => {});
  request.destroy();
  await closed;
  expect(cancel).toHaveBeenCalled();
});

test("an answer that is refused leaves nothing behind that would keep a connection open", async () => {
  const timers = vi.spyOn(globalThis, "setInterval");
  const ended = vi.spyOn(globalThis, "clearInterval");
  onTestFinished(() => void vi.restoreAllMocks());
  const server = Fastify();
  onTestFinished(() => server.close());
  const refused = () => Promise.reject(new Error("no credit"));
  const late = async () => ({ shown: refused(), done: refused(), cancel: () => {} });
  server.get("/refused", (_request, reply) => streamAnswer(reply, forms, refused));
  server.get("/late", (_request, reply) => streamAnswer(reply, forms, late));
  for (const url of ["/refused", "/late"]) {
    expect((await server.inject({ method: "GET", url })).statusCode).toBe(500);
  }
  await setImmediate();
  const kept = timers.mock.results.map(({ value }) => value);
  expect(kept.length).toBe(2);
  expect(ended.mock.calls.map(([timer]) => timer)).toEqual(expect.arrayContaining(kept));
});
