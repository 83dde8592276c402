import { once } from "node:events";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import Fastify from "fastify";
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from "fastify-type-provider-zod";
import { expect, onTestFinished, test } from "vitest";
import type { Prompts } from "./createPrompts.ts";
import { embeddingRoutes } from "./embeddingRoutes.ts";
import type { OpenaiDeps } from "./openaiDeps.ts";

/** Texts are lists of tokens. The worker gives vectors for so many, and then waits for its client to leave. */
async function setup(given: number) {
  const settled = Promise.withResolvers<number>();
  const asked = Promise.withResolvers<void>();
  let texts = 0;
  const worker = {
    embed: () => {
      texts += 1;
      if (texts <= given) return { done: Promise.resolve([1]), cancel: () => {} };
      const { promise: done, resolve: cancel } = Promise.withResolvers<undefined>();
      asked.resolve();
      return { done, cancel: () => cancel(undefined) };
    },
  };
  const caller = {
    key: "key",
    models: null,
    rate: { limit: 1, remaining: 1, resetS: 1 },
    reserve: async () => ({ settle: async (credits: number) => settled.resolve(credits) }),
  };
  const deps = {
    worker,
    access: { admit: async () => caller },
    catalogue: { resolve: () => ({ id: "genesis", adapter: null }) },
    manifest: { architecture: { hidden: 1 } },
  } as unknown as OpenaiDeps;
  const prompts = { tokens: (tokens: readonly number[]) => [...tokens] } as unknown as Prompts;
  const server = Fastify().withTypeProvider<ZodTypeProvider>();
  onTestFinished(() => server.close());
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  await server.register(embeddingRoutes(deps, prompts));
  await server.listen({ port: 0, host: "127.0.0.1" });
  const { port } = server.server.address() as AddressInfo;
  const headers = { "content-type": "application/json" };
  const to = { port, host: "127.0.0.1", path: "/embeddings", method: "POST", agent: false };
  const sent = request({ ...to, headers });
  sent.on("error", () => {});
  sent.end(JSON.stringify({ model: "genesis", input: [[1, 2], [3, 4, 5], [6]] }));
  return { sent, asked: asked.promise, settled: settled.promise };
}

test("texts that are vectors are paid for by their tokens", async () => {
  const { sent, settled } = await setup(3);
  const [reply] = await once(sent, "response");
  expect(reply.statusCode).toBe(200);
  expect(await settled).toBe(6);
});

test("a client that leaves pays for what was computed until then", async () => {
  const { sent, asked, settled } = await setup(2);
  await asked;
  sent.destroy();
  expect(await settled).toBe(5);
});
