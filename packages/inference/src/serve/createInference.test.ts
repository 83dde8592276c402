import { setImmediate } from "node:timers/promises";
import { packBlock, reference, type SharedBackend, stateTensors } from "@r3mes/engine";
import { buildForwardProgram } from "@r3mes/models";
import { TINY_ADAPTER, TINY_SHAPE, tinyWeights } from "@r3mes/models/testing";
import { noise, R3mesError } from "@r3mes/protocol";
import { expect, test } from "vitest";
import type { ServedAdapter } from "../adapter/servedAdapter.ts";
import { GREEDY } from "../generate/sampleToken.ts";
import type { AnswerPiece } from "./answer.ts";
import { createInference, type InferenceRequest } from "./createInference.ts";

const forward = (adapter: typeof TINY_ADAPTER | null) =>
  buildForwardProgram(TINY_SHAPE, { sequences: 1, length: 1, adapter });
const endOfText = TINY_SHAPE.vocabulary - 1;
const textOf = (seed: number, length: number) =>
  Array.from({ length }, (_, i) => noise(seed, 0, 0, 0, i) % TINY_SHAPE.vocabulary);

/** `adapter-NAME` has the rank of the tiny adapter, `adapter-NAME/8` that of 8; `never` does not come. */
async function loadAdapter(id: string): Promise<ServedAdapter> {
  if (id === "never") await new Promise(() => {});
  if (!id.startsWith("adapter-")) throw new R3mesError({ code: "ADAPTER_UNKNOWN", adapter: id });
  const rank = Number(id.split("/")[1] ?? TINY_ADAPTER.rank);
  const shape = { ...TINY_ADAPTER, rank };
  const program = forward(shape);
  const draw = (row: number, column: number) => noise(id.length, 7, 0, row, column) >> 12;
  const tensors = new Map(
    stateTensors(program).map((tensor) => {
      const { name, rows, columns } = program.tensors[tensor]!;
      return [name, packBlock("i32", rows, columns, draw)] as const;
    }),
  );
  return { shape, tensors };
}

/** Text of a token: its number and a space. */
const tokenizer = { stream: () => ({ push: (token: number) => `${token} `, end: () => "" }) };

function setup(activeMax = 4, backend: SharedBackend = reference, adapterBytesMax = 1 << 20) {
  return createInference(
    {
      shape: TINY_SHAPE,
      endOfText,
      activeMax,
      together: 4,
      shapesMax: 2,
      cacheBytesMax: 1 << 20,
      adapterBytesMax,
    },
    {
      backend,
      weights: tinyWeights(forward(null), 3),
      tokenizer,
      loadAdapter,
      pause: () => setImmediate(),
    },
  );
}

const plain: InferenceRequest = {
  adapter: null,
  prompt: textOf(1, 5),
  tokensMax: 6,
  sampling: { ...GREEDY, temperature: 1000, seed: { low: 4, high: 0 } },
  stop: [],
};

async function ask(inference: ReturnType<typeof setup>, request: Partial<InferenceRequest>) {
  const pieces: AnswerPiece[] = [];
  const onPiece = (piece: AnswerPiece) => void pieces.push(piece);
  const end = await inference.ask({ ...plain, ...request }, { onPiece }).done;
  return { ...end!, pieces, text: pieces.map(({ text }) => text).join("") };
}

test("requests of several adapters at once give what each gives alone", async () => {
  const requests = [
    {},
    { adapter: "adapter-a" },
    { adapter: "adapter-bb", prompt: textOf(2, 20) },
    { adapter: "adapter-a", prompt: textOf(3, 2) },
  ];
  const alone = [];
  for (const request of requests) alone.push(await ask(setup(), request));
  const inference = setup();
  const together = await Promise.all(requests.map((request) => ask(inference, request)));
  expect(together).toEqual(alone);
  expect(new Set(together.map(({ text }) => text)).size).toBe(4);
  expect(inference.adapters().length).toBe(2);
  expect(inference.load()).toEqual({ active: 0, waiting: 0 });
});

test("one request comes forward at full speed among fifty of another asker", async () => {
  const inference = setup(64);
  const pieces = { many: 0, one: 0 };
  const run = (asker: "many" | "one", prompt: readonly number[]) =>
    inference.ask(
      { ...plain, prompt, tokensMax: 20 },
      {
        asker,
        onPiece: ({ token }) => {
          if (token !== undefined) pieces[asker] += 1;
        },
      },
    );
  const many = Array.from({ length: 50 }, (_, i) => run("many", textOf(i, 5)));
  const { tokens } = (await run("one", textOf(99, 5)).done)!;
  expect(tokens.length).toBe(20);
  // It has a place in each run; the others have the three that are left.
  const runs = 5 + tokens.length;
  expect(pieces.many).toBeLessThan(3 * runs);
  for (const { cancel } of many) cancel();
  await Promise.all(many.map(({ done }) => done));
});

/** Counts the backbones in memory: each bench's programs are prepared together, and closing one closes all. */
function counting() {
  const count = { now: 0, most: 0 };
  const prepareAll: SharedBackend["prepareAll"] = async (members, source) => {
    const sessions = await reference.prepareAll(members, source);
    count.now += 1;
    count.most = Math.max(count.most, count.now);
    return sessions.map((session) => ({
      ...session,
      close: async () => {
        await session.close();
        count.now -= 1;
      },
    }));
  };
  return { count, backend: { ...reference, prepareAll } };
}

test("requests of more shapes than may be held have turns, with never more backbones in memory", async () => {
  const short = { prompt: textOf(1, 2), tokensMax: 2 };
  const requests = [4, 8, 16, 4, 8].map((rank) => ({ ...short, adapter: `adapter-a/${rank}` }));
  const alone = [];
  for (const request of requests) alone.push(await ask(setup(), request));
  const { count, backend } = counting();
  const inference = setup(8, backend);
  const together = await Promise.all(requests.map((request) => ask(inference, request)));
  expect(together).toEqual(alone);
  // The copies of an adapter are no backbone.
  expect(count.most).toBe(2);
  await inference.close();
  expect(count.now).toBe(0);
});

/** Of the copies of the tiny adapter: two bytes for each of its factors' numbers. */
const adapterBytes = stateTensors(forward(TINY_ADAPTER)).reduce((sum, tensor) => {
  const { rows, columns } = forward(TINY_ADAPTER).tensors[tensor]!;
  return sum + 2 * rows * columns;
}, 0);

test("requests on more adapters than have room have turns, and give what each gives alone", async () => {
  const names = ["a", "bb", "ccc", "dddd"].map((name) => `adapter-${name}`);
  const requests = [...names, ...names].map((adapter, i) => ({ adapter, prompt: textOf(i, 17) }));
  const alone = [];
  for (const request of requests) alone.push((await ask(setup(), request)).tokens);
  const inference = setup(8, reference, 2 * adapterBytes);
  /** Which request's piece came, in the order of all. */
  const pieces: number[] = [];
  const together = requests.map(({ adapter, prompt }, i) => {
    const onPiece = () => void pieces.push(i);
    return inference.ask({ ...plain, adapter, prompt }, { onPiece }).done;
  });
  expect((await Promise.all(together)).map((end) => end!.tokens)).toEqual(alone);
  /** Of the requests that had begun and not ended with a piece. */
  const adaptersAt = (at: number) =>
    requests.filter((_, i) => pieces.indexOf(i) <= at && pieces.lastIndexOf(i) >= at);
  const underWay = pieces.map(
    (_, at) => new Set(adaptersAt(at).map(({ adapter }) => adapter)).size,
  );
  expect(Math.max(...underWay)).toBe(2);
});

test("an adapter that has no room at all is refused with the reason", async () => {
  const asked = ask(setup(4, reference, adapterBytes - 1), { adapter: "adapter-a" });
  await expect(asked).rejects.toThrow(expect.objectContaining({ code: "ADAPTER_TOO_LARGE" }));
});

test("a request whose adapter does not come holds no place, and ends at once when it is cancelled", async () => {
  const inference = setup(1);
  const run = inference.ask({ ...plain, adapter: "never" }, { onPiece: () => {} });
  expect(inference.load()).toEqual({ active: 0, waiting: 1 });
  expect((await ask(inference, {})).tokens.length).toBeGreaterThan(0);
  run.cancel();
  expect(await run.done).toBeUndefined();
  expect(inference.load()).toEqual({ active: 0, waiting: 0 });
});

test("a stop sequence ends the text before it", async () => {
  const { text } = await ask(setup(), {});
  const tokens = text.split(" ");
  const { text: cut, ending, tokens: chosen } = await ask(setup(), { stop: [`${tokens[2]} `] });
  expect(cut).toBe(`${tokens[0]} ${tokens[1]} `);
  expect(ending).toBe("stop");
  expect(chosen.length).toBe(3);
});

test("probabilities are told for every token when asked for", async () => {
  const { pieces } = await ask(setup(), { likeliest: 2, tokensMax: 2 });
  expect(pieces[0]!.chosen!.token).toBe(pieces[0]!.token);
  expect(pieces[0]!.top!.length).toBe(2);
  expect((await ask(setup(), {})).pieces[0]!.top).toBeUndefined();
});

test("a cancelled request stops, and its beginning is not lost", async () => {
  const inference = setup();
  let tokens = 0;
  const run = inference.ask(
    { ...plain, tokensMax: 50 },
    {
      onPiece: () => {
        tokens += 1;
        if (tokens === 2) run.cancel();
      },
    },
  );
  expect(await run.done).toBeUndefined();
  expect(tokens).toBe(2);
  expect((await ask(inference, {})).text).toBe((await ask(setup(), {})).text);
});

test("what cannot be answered is refused, and the next request is answered", async () => {
  const inference = setup();
  const long = ask(inference, { prompt: textOf(1, TINY_SHAPE.context + 1) });
  await expect(long).rejects.toThrow(expect.objectContaining({ code: "CONTEXT_EXCEEDED" }));
  await expect(ask(inference, { adapter: "none" })).rejects.toThrow(
    expect.objectContaining({ code: "ADAPTER_UNKNOWN" }),
  );
  expect((await ask(inference, {})).tokens.length).toBeGreaterThan(0);
});

test("a text is one vector of length 1, the same in pieces and among others", async () => {
  const inference = setup();
  const text = textOf(6, 40);
  const [one, other, again] = await Promise.all([
    inference.embed(text, null).done,
    inference.embed(textOf(7, 40), null).done,
    inference.embed(text, null).done,
  ]);
  expect(one!.length).toBe(TINY_SHAPE.hidden);
  expect(Math.hypot(...one!)).toBeCloseTo(1, 10);
  expect(again).toEqual(one);
  expect(other).not.toEqual(one);
});
