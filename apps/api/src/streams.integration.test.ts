/** Many streams at once: none loses, repeats or mixes up a token, and what they cost is what they sent. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "./testing/startApi.ts";

const streams = 200;
const tokens = 6;
const subjects = ["the sea", "a king", "the night", "my friend"];

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ inference: { workers: 2, waiting: 2 * streams } });
}, 60_000);
afterAll(() => api.close());

const bodyOf = (subject: string) => ({
  model: "genesis",
  messages: [{ role: "user", content: `In the beginning was ${subject}` }],
  max_tokens: tokens,
  temperature: 0,
});

interface Chunk {
  readonly choices: readonly { readonly delta: { readonly content?: string } }[];
  readonly usage: { readonly total_tokens: number } | null;
}

/** The text of a stream and what it says that it used; it must come to its end. */
async function read(subject: string): Promise<{ readonly text: string; readonly used: number }> {
  const body = { ...bodyOf(subject), stream: true, stream_options: { include_usage: true } };
  const reply = await api.ask("/chat/completions", body);
  expect(reply.status).toBe(200);
  const events = (await reply.text()).split("\n\n").filter((event) => event.startsWith("data: "));
  expect(events.pop()).toBe("data: [DONE]");
  const chunks = events.map((event) => JSON.parse(event.slice("data: ".length)) as Chunk);
  return {
    text: chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join(""),
    used: chunks.at(-1)!.usage!.total_tokens,
  };
}

test("two hundred streams at once on two workers say what each would say alone", async () => {
  const alone = new Map<string, string>();
  for (const subject of subjects) {
    const reply = (await (await api.ask("/chat/completions", bodyOf(subject))).json()) as {
      choices: readonly { readonly message: { readonly content: string } }[];
    };
    alone.set(subject, reply.choices[0]!.message.content);
  }
  expect(new Set(alone.values()).size).toBeGreaterThan(1);
  const spent = async () =>
    ((await (await api.ask("/key")).json()) as { key: { spent: number } }).key.spent;
  const before = await spent();
  const asked = Array.from({ length: streams }, (_, i) => subjects[i % subjects.length]!);
  const answers = await Promise.all(asked.map(read));
  expect(answers.map(({ text }) => text)).toEqual(asked.map((subject) => alone.get(subject)));
  const used = answers.reduce((sum, answer) => sum + answer.used, 0);
  expect(await spent()).toBe(before + used);
}, 120_000);

test("one stream of a key does not wait for fifty that another key began first", async () => {
  const { key } = (await (await api.ask("/keys", { scopes: ["inference"] })).json()) as {
    key: string;
  };
  const body = { model: "genesis", prompt: "In the beginning", temperature: 0, max_tokens: 80 };
  const ended: string[] = [];
  const ask = async (who: string, init: RequestInit) => {
    const reply = await api.ask("/completions", { ...body, stream: true }, init);
    return async () => {
      expect(await reply.text()).toContain("data: [DONE]");
      ended.push(who);
    };
  };
  // A stream answers when it is under way.
  const many = await Promise.all(Array.from({ length: 50 }, () => ask("many", {})));
  const reads = many.map((read) => read());
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const readOne = await ask("one", { headers });
  await readOne();
  // Those of them may have ended that were begun while few others were; in the order of arrival all of them would.
  expect(ended.length).toBeLessThan(25);
  await Promise.all(reads);
}, 120_000);
