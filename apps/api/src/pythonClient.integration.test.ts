/** OpenAI's Python client, unchanged, against the real engine and the shipped model. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { openPythonClient } from "./testing/openPythonClient.ts";
import { startApi } from "./testing/startApi.ts";

const run = promisify(execFile);
const script = join(import.meta.dirname, "testing/python_client.py");

test("models, chat, stream, abort, errors and embeddings, from Python", async (context) => {
  const client = await openPythonClient();
  if (!client.available) return context.skip(client.reason);
  const api = await startApi();
  onTestFinished(() => api.close());
  const env = { PATH: process.env.PATH, BASE_URL: api.baseUrl, API_KEY: api.key };
  const { stdout } = await run(client.python, [script], { env });
  const seen = JSON.parse(stdout);
  expect(seen.models).toEqual(["genesis"]);
  expect(seen.whole.length).toBeGreaterThan(5);
  expect(seen.streamed).toEqual({ text: seen.whole, finish: "length", tokens: 6 });
  expect(seen.completion).toBe(seen.whole);
  expect(seen.tokens).toBe(6);
  expect(seen.embeddings).toEqual([256, 256]);
  expect(seen.aborted).toBe(4);
  expect(seen.wrongKey).toEqual(["AuthenticationError", 401, "invalid_api_key", "req_"]);
  expect(seen.unknownModel).toEqual(["NotFoundError", 404, "model_not_found", "req_"]);
  expect(seen.tooLong).toEqual(["BadRequestError", 400, "context_length_exceeded", "req_"]);
  // What an aborted stream had set aside is free again.
  const reserved = async () =>
    ((await (await api.ask("/key")).json()) as { reserved: number }).reserved;
  await expect.poll(reserved, { timeout: 60_000 }).toBe(0);
});
