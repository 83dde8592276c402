/** Clients that people have, unchanged, against the real engine and the shipped model. */
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { embed, generateText, streamText } from "ai";
import OpenAI, {
  APIUserAbortError,
  AuthenticationError,
  BadRequestError,
  NotFoundError,
} from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startApi, type TestApi } from "./testing/startApi.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const messages = [{ role: "user" as const, content: "In the beginning" }];
const greedy = { model: "genesis", messages, max_tokens: 6, temperature: 0 };

describe("openai", () => {
  const client = (options: { apiKey?: string } = {}) =>
    new OpenAI({ apiKey: api.key, baseURL: api.baseUrl, maxRetries: 0, ...options });

  test("models", async () => {
    const models = [];
    for await (const model of client().models.list()) models.push(model.id);
    expect(models).toEqual(["genesis"]);
    expect((await client().models.retrieve("genesis")).object).toBe("model");
    await expect(client().models.retrieve("gpt-9")).rejects.toThrow(NotFoundError);
  });

  test("a chat gives the same bytes whole and streamed, and the same usage", async () => {
    const whole = await client().chat.completions.create(greedy);
    const stream = await client().chat.completions.create({
      ...greedy,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = "";
    let finish: string | null = null;
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? "";
      finish = chunk.choices[0]?.finish_reason ?? finish;
      usage = chunk.usage ?? usage;
    }
    expect(text).toBe(whole.choices[0]!.message.content);
    expect(text.length).toBeGreaterThan(5);
    expect(finish).toBe("length");
    expect(usage).toEqual(whole.usage);
    expect(usage!.completion_tokens).toBe(6);
  });

  test("a seed decides what is drawn, a stop sequence where it ends", async () => {
    const drawn = async (seed: number, stop?: string) => {
      const { choices } = await client().chat.completions.create({
        ...greedy,
        temperature: 1,
        seed,
        ...(stop === undefined ? {} : { stop }),
      });
      return choices[0]!;
    };
    const [one, two] = await Promise.all([drawn(1), drawn(1)]);
    expect(one.message.content).toBe(two.message.content);
    const stop = one.message.content!.slice(3, 6);
    const cut = await drawn(1, stop);
    expect(cut.finish_reason).toBe("stop");
    expect(one.message.content!.startsWith(cut.message.content!)).toBe(true);
    expect(cut.message.content).not.toContain(stop);
  });

  test("log-probabilities, and completions of text and of tokens", async () => {
    const { choices } = await client().chat.completions.create({
      ...greedy,
      logprobs: true,
      top_logprobs: 3,
    });
    const content = choices[0]!.logprobs!.content!;
    expect(content.map(({ token }) => token).join("")).toBe(choices[0]!.message.content);
    const bytes = Buffer.from(content.flatMap((each) => each.bytes!));
    expect(bytes.toString()).toBe(choices[0]!.message.content);
    expect(content[0]!.top_logprobs.length).toBe(3);
    // Greedy takes the likeliest.
    expect(content[0]!.top_logprobs[0]!.token).toBe(content[0]!.token);
    const text = await client().completions.create({
      model: "genesis",
      prompt: "In the beginning",
      max_tokens: 6,
      temperature: 0,
      logprobs: 1,
    });
    expect(text.choices[0]!.text).toBe(choices[0]!.message.content);
    expect(text.choices[0]!.logprobs!.tokens!.length).toBe(6);
    const tokens = await client().completions.create({
      model: "genesis",
      prompt: [0, 1, 2],
      max_tokens: 1,
    });
    expect(tokens.usage!.prompt_tokens).toBe(3);
  });

  test("an answer is replayed as it came", async () => {
    const { choices } = await client().chat.completions.create(greedy);
    const replayed = [...messages, choices[0]!.message, { role: "assistant" as const }];
    const next = await client().chat.completions.create({ ...greedy, messages: replayed });
    expect(next.usage!.completion_tokens).toBe(6);
  });

  test("who needs what no model here can is told so, and gets no prose instead", async () => {
    const tools = [{ type: "function" as const, function: { name: "look" } }];
    const { chat, completions, embeddings } = client();
    const refused = [
      [() => chat.completions.create({ ...greedy, tools }), "tools"],
      [
        () => chat.completions.create({ ...greedy, response_format: { type: "json_object" } }),
        "response_format",
      ],
      [() => chat.completions.create({ ...greedy, n: 2, stream: true }), "n"],
      [() => completions.create({ model: "genesis", prompt: "a", suffix: "z" }), "suffix"],
      [() => embeddings.create({ model: "genesis", input: "a", dimensions: 8 }), "dimensions"],
    ] as const;
    for (const [ask, param] of refused) {
      const code = "unsupported_parameter";
      await expect(ask()).rejects.toMatchObject({ status: 400, param, code });
    }
    const allowed = await chat.completions.create({ ...greedy, tools, tool_choice: "none" });
    expect(allowed.usage!.completion_tokens).toBe(6);
  });

  test("embeddings of its own length, whole or in base64", async () => {
    const asked = { model: "genesis", input: "the sea", dimensions: 256 };
    const [packed, plain] = await Promise.all([
      client().embeddings.create(asked),
      client().embeddings.create({ ...asked, encoding_format: "float" }),
    ]);
    // Unless told otherwise the client asks for base64, and unpacks it.
    expect(packed.data[0]!.embedding.map(Math.fround)).toEqual(
      plain.data[0]!.embedding.map(Math.fround),
    );
  });

  test("embeddings, one and several", async () => {
    const { data } = await client().embeddings.create({
      model: "genesis",
      input: ["the sea and the ship", "the sea and the ship", "of the tax"],
    });
    const [one, same, other] = data.map(({ embedding }) => embedding);
    expect(one!.length).toBe(256);
    expect(Math.hypot(...one!)).toBeCloseTo(1, 5);
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
  });

  test("an aborted stream ends, and is paid for as far as it was sent", async () => {
    const before = await spent();
    const stream = await client().chat.completions.create({
      ...greedy,
      max_tokens: 900,
      stream: true,
    });
    let chunks = 0;
    for await (const _ of stream) {
      chunks += 1;
      if (chunks === 4) stream.controller.abort();
    }
    await expect.poll(reserved, { timeout: 120_000 }).toBe(0);
    const paid = (await spent()) - before;
    expect(paid).toBeGreaterThanOrEqual(4 + 3);
    expect(paid).toBeLessThan(400);
    const aborted = client().chat.completions.create(greedy, { signal: AbortSignal.abort() });
    await expect(aborted).rejects.toThrow(APIUserAbortError);
  });

  test("a key that is taken back in mid-stream pays for that stream to its end, and opens no other", async () => {
    const made = await api.ask("/keys", { scopes: ["inference"] });
    const { key, record } = (await made.json()) as { key: string; record: { id: string } };
    const own = client({ apiKey: key }).chat.completions;
    const stream = await own.create({
      ...greedy,
      ...{ max_tokens: 900, stream: true, stream_options: { include_usage: true } },
    });
    let revoked: Response | undefined;
    let finish: string | null = null;
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of stream) {
      revoked ??= await api.ask(`/keys/${record.id}`, undefined, { method: "DELETE" });
      finish = chunk.choices[0]?.finish_reason ?? finish;
      usage = chunk.usage ?? usage;
    }
    expect(revoked!.status).toBe(200);
    expect(finish).toBe("length");
    expect(usage!.completion_tokens).toBe(900);
    await expect(own.create(greedy)).rejects.toThrow(AuthenticationError);
    const { data } = (await (await api.ask("/keys")).json()) as {
      data: readonly { readonly id: string; readonly spent: number }[];
    };
    expect(data.find(({ id }) => id === record.id)!.spent).toBe(usage!.total_tokens);
  });

  test("embeddings that nobody waits for are not computed to their end, and cost nothing", async () => {
    const before = await spent();
    const leave = new AbortController();
    const input = Array.from({ length: 64 }, (_, i) => `${i} the sea and the ship `.repeat(40));
    const asked = client().embeddings.create({ model: "genesis", input }, { signal: leave.signal });
    const reservedSome = expect.poll(reserved, { timeout: 60_000 }).toBeGreaterThan(0);
    await Promise.all([
      expect(asked).rejects.toThrow(APIUserAbortError),
      reservedSome.then(() => leave.abort()),
    ]);
    await expect.poll(reserved, { timeout: 120_000 }).toBe(0);
    expect(await spent()).toBe(before);
  });

  test("errors have the class that the client knows", async () => {
    const stranger = client({ apiKey: "r3mes_wrong" }).chat.completions.create(greedy);
    await expect(stranger).rejects.toThrow(AuthenticationError);
    const unknown = client().chat.completions.create({ ...greedy, model: "gpt-9" });
    await expect(unknown).rejects.toMatchObject({ status: 404, code: "model_not_found" });
    const long = client().chat.completions.create({
      ...greedy,
      messages: [{ role: "user", content: "ship ".repeat(3000) }],
    });
    await expect(long).rejects.toThrow(BadRequestError);
    await expect(long).rejects.toMatchObject({ code: "context_length_exceeded" });
    await expect(long).rejects.toMatchObject({ requestID: expect.stringMatching(/^req_/) });
  });
});

interface Credit {
  readonly reserved: number;
  readonly key: { readonly spent: number };
}

const credit = async () => (await (await api.ask("/key")).json()) as Credit;
const spent = async () => (await credit()).key.spent;
const reserved = async () => (await credit()).reserved;

describe("ai with @ai-sdk/openai-compatible", () => {
  const provider = () =>
    createOpenAICompatible({
      name: "r3mes",
      baseURL: api.baseUrl,
      apiKey: api.key,
      includeUsage: true,
    });

  test("text, stream and embedding", async () => {
    const model = provider().chatModel("genesis");
    const settings = { model, prompt: "In the beginning", maxOutputTokens: 6, temperature: 0 };
    const whole = await generateText(settings);
    expect(whole.finishReason).toBe("length");
    expect(whole.usage.outputTokens).toBe(6);
    const streamed = streamText(settings);
    let text = "";
    for await (const delta of streamed.textStream) text += delta;
    expect(text).toBe(whole.text);
    expect((await streamed.usage).outputTokens).toBe(6);
    const { embedding } = await embed({
      model: provider().embeddingModel("genesis"),
      value: "the sea",
    });
    expect(embedding.length).toBe(256);
  });

  test("a refusal reaches the caller with its message", async () => {
    const model = provider().chatModel("gpt-9");
    const refused = generateText({ model, prompt: "x", maxRetries: 0 });
    await expect(refused).rejects.toThrow(/gpt-9 is not served/);
  });
});

describe("@langchain/openai", () => {
  test("chat, stream and embeddings", async () => {
    const configuration = { baseURL: api.baseUrl };
    const chat = new ChatOpenAI({
      model: "genesis",
      apiKey: api.key,
      configuration,
      temperature: 0,
      maxTokens: 6,
      useResponsesApi: false,
    });
    const whole = await chat.invoke("In the beginning");
    let text = "";
    for await (const chunk of await chat.stream("In the beginning")) text += chunk.content;
    expect(text).toBe(whole.content);
    expect(whole.usage_metadata).toMatchObject({ output_tokens: 6 });
    const embeddings = new OpenAIEmbeddings({
      model: "genesis",
      apiKey: api.key,
      configuration,
    });
    expect((await embeddings.embedQuery("the sea")).length).toBe(256);
  });
});
