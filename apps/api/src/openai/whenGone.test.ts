import Fastify from "fastify";
import { expect, onTestFinished, test } from "vitest";
import { whenGone } from "./whenGone.ts";

/** A route that looks for its client after `wait`, and how often it was told at once that there is none. */
async function ask(wait: (gone: Promise<void>) => Promise<void>) {
  const server = Fastify({ forceCloseConnections: true });
  onTestFinished(() => server.close());
  const toldAtOnce = new Promise<number>((resolve) => {
    server.get("/", async (_request, reply) => {
      await wait(new Promise((gone) => void reply.raw.once("close", gone)));
      let calls = 0;
      const stop = whenGone(reply, () => {
        calls += 1;
      });
      resolve(calls);
      stop();
      return {};
    });
  });
  const leave = new AbortController();
  const reply = fetch(await server.listen({ port: 0 }), { signal: leave.signal });
  return { leave, reply, toldAtOnce };
}

test("a client that left before anybody looked is seen to be gone", async () => {
  const { leave, reply, toldAtOnce } = await ask((gone) => {
    leave.abort();
    return gone;
  });
  await expect(reply).rejects.toThrow();
  expect(await toldAtOnce).toBe(1);
});

test("a client that is there is not", async () => {
  const { reply, toldAtOnce } = await ask(async () => {});
  expect((await reply).status).toBe(200);
  expect(await toldAtOnce).toBe(0);
});
