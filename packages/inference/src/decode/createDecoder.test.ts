import { setImmediate } from "node:timers/promises";
import {
  createNativeBackend,
  createWasmBackend,
  packBlock,
  reference,
  type SharedBackend,
  stateTensors,
} from "@r3mes/engine";
import { createNodeNativeHost, createNodeWasmHost, hasNativeKernels } from "@r3mes/engine/node";
import { buildForwardProgram } from "@r3mes/models";
import { TINY_ADAPTER, TINY_SHAPE, tinyWeights } from "@r3mes/models/testing";
import { noise, R3mesError } from "@r3mes/protocol";
import { describe, expect, test } from "vitest";
import type { AdapterTensors } from "../adapter/adapterTensors.ts";
import { copyFactors } from "../adapter/copyFactors.ts";
import { type CachedText, createDecoder, type Decoder } from "./createDecoder.ts";
import type { PlacedText } from "./createLanes.ts";

const forward = (length: number, adapter: typeof TINY_ADAPTER | null) =>
  buildForwardProgram(TINY_SHAPE, { sequences: 1, length, adapter });
const weights = tinyWeights(forward(1, null), 3);
const textOf = (seed: number, length: number) =>
  Array.from({ length }, (_, i) => noise(seed, 0, 0, 0, i) % TINY_SHAPE.vocabulary);
const code = (name: string) => expect.objectContaining({ code: name });

function adapterOf(seed: number): AdapterTensors {
  const program = forward(1, TINY_ADAPTER);
  return new Map(
    stateTensors(program).map((id) => {
      const { name, rows, columns } = program.tensors[id]!;
      const draw = (row: number, column: number) => noise(seed, name.length, 0, row, column) >> 12;
      return [name, packBlock("i32", rows, columns, draw)];
    }),
  );
}

/** The scores after every token, by the forward program over the whole text: the definition. */
async function forwardScores(
  text: readonly number[],
  adapter: AdapterTensors | null,
): Promise<Int32Array[]> {
  const program = forward(text.length, adapter === null ? null : TINY_ADAPTER);
  const session = await reference.prepare(program, weights);
  for (const [name, bytes] of adapter ?? []) session.write(name, bytes);
  session.write(
    "tokens",
    packBlock("i32", 1, text.length, (_, i) => text[i]!),
  );
  await session.run();
  const scores = new Int32Array((await session.read("score")).slice().buffer);
  return text.map((_, i) =>
    scores.slice(i * TINY_SHAPE.vocabulary, (i + 1) * TINY_SHAPE.vocabulary),
  );
}

const copiesOf = (adapter: AdapterTensors, backend: SharedBackend = reference) =>
  copyFactors({ shape: TINY_SHAPE, adapter: TINY_ADAPTER }, adapter, backend);

async function extendAll(
  decoder: Decoder,
  text: CachedText,
  tokens: readonly number[],
): Promise<Int32Array> {
  let rest = tokens;
  for (;;) {
    const { taken, scores } = await decoder.extend(text, rest);
    rest = rest.slice(taken);
    if (rest.length === 0) return scores;
  }
}

function setup(adapter: typeof TINY_ADAPTER | null, { together = 1, backend = reference } = {}) {
  return createDecoder(
    { shape: TINY_SHAPE, adapter, pieceTokens: 8, together },
    // Whoever was answered asks again before the next run.
    { backend, weights, pause: () => setImmediate() },
  );
}

describe.each([
  ["the backbone", null],
  ["an adapter", adapterOf(5)],
] as const)("%s", (_name, adapter) => {
  test("gives the scores of the forward program, in pieces and token by token", async () => {
    const text = textOf(1, 30);
    const expected = await forwardScores(text, adapter);
    const decoder = setup(adapter === null ? null : TINY_ADAPTER);
    const cached = decoder.open(adapter && (await copiesOf(adapter)));
    // 19 tokens: two pieces, then three single tokens.
    expect(await extendAll(decoder, cached, text.slice(0, 19))).toEqual(expected[18]);
    for (let i = 19; i < 30; i += 1) {
      expect((await decoder.extend(cached, [text[i]!])).scores).toEqual(expected[i]);
    }
    expect(cached.tokens).toEqual(text);
    await decoder.close();
  });
});

/** Counts the runs of programs that decode, by their sequences. */
function counting(backend: SharedBackend) {
  const runs = new Map<number, number>();
  const prepareAll: SharedBackend["prepareAll"] = async (members, source) => {
    const sessions = await backend.prepareAll(members, source);
    return sessions.map((session) => {
      const { tensors } = session.program;
      const sequences = tensors.find(({ name }) => name === "position")?.rows ?? 0;
      return {
        ...session,
        run: (observe) => {
          runs.set(sequences, (runs.get(sequences) ?? 0) + 1);
          return session.run(observe);
        },
      };
    });
  };
  return { runs, backend: { ...backend, prepareAll } };
}

const backends: readonly (readonly [string, SharedBackend])[] = [
  ["the reference", reference],
  ["wasm", createWasmBackend(createNodeWasmHost(), { threads: 1 })],
  ...(hasNativeKernels()
    ? ([["native", createNativeBackend(createNodeNativeHost(), { threads: 1 })]] as const)
    : []),
];

/** Texts of unequal length with adapters of their own, and their scores. */
const crowd = (async () => {
  const adapters = [5, 6, 5, 7, 8].map(adapterOf);
  const texts = [6, 9, 4, 7, 11].map((length, i) => textOf(i + 1, length));
  const scores = texts.map((text, i) => forwardScores(text, adapters[i]!));
  return { adapters, texts, expected: await Promise.all(scores) };
})();

test.each(backends)(
  "on %s, texts that join and leave between tokens get the scores that each gets alone",
  async (_, device) => {
    const { adapters, texts, expected } = await crowd;
    const { runs, backend } = counting(device);
    const decoder = setup(TINY_ADAPTER, { together: 4, backend });
    await Promise.all(
      texts.map(async (text, i) => {
        const cached = decoder.open(await copiesOf(adapters[i]!, device));
        for (const [position, token] of text.entries()) {
          const { scores } = await decoder.extend(cached, [token]);
          expect(scores).toEqual(expected[i]![position]);
        }
      }),
    );
    const ran = (sequences: number) => runs.get(sequences) ?? 0;
    const tokens = texts.reduce((sum, { length }) => sum + length, 0);
    expect(ran(1) + ran(2) + ran(4)).toBeLessThan(tokens / 2);
    expect(ran(4)).toBeGreaterThan(0);
    await decoder.close();
  },
);

test("with memory for the lanes of two texts, four have turns in them", async () => {
  const { adapters, texts, expected } = await crowd;
  const { runs, backend } = counting(reference);
  const small: SharedBackend = {
    ...backend,
    async prepareAll(members, source) {
      const bytes = members.length;
      // A piece, one text, two texts.
      if (bytes > 3) throw new R3mesError({ code: "ENGINE_MEMORY_EXCEEDED", bytes, limit: 3 });
      return backend.prepareAll(members, source);
    },
  };
  const decoder = setup(TINY_ADAPTER, { together: 4, backend: small });
  await Promise.all(
    texts.slice(0, 4).map(async ([token], i) => {
      const cached = decoder.open(await copiesOf(adapters[i]!));
      const { scores } = await decoder.extend(cached, [token!]);
      expect(scores).toEqual(expected[i]![0]);
    }),
  );
  expect(Math.max(...runs.keys())).toBe(2);
  await decoder.close();
});

test("a full text that idles in a lane stays whole while others are computed beside it", async () => {
  const decoder = setup(null, { together: 2 });
  const [full, other] = [textOf(1, TINY_SHAPE.context), textOf(2, 6)];
  const texts = [decoder.open(null), decoder.open(null)] as const;
  await extendAll(decoder, texts[0], full.slice(0, -1));
  await Promise.all([
    decoder.extend(texts[0], full.slice(-1)),
    decoder.extend(texts[1], other.slice(0, 1)),
  ]);
  const third = decoder.open(null);
  await Promise.all([
    decoder.extend(texts[1], other.slice(1, 2)),
    decoder.extend(third, other.slice(0, 1)),
  ]);
  decoder.rewind(texts[0], full.length - 1);
  const { scores } = await decoder.extend(texts[0], full.slice(-1));
  expect(scores).toEqual((await forwardScores(full, null)).at(-1));
});

test("a text goes on from a rewound cache and from a copy, and neither hurts the other", async () => {
  const decoder = setup(null);
  const [text, other] = [textOf(1, 20), [...textOf(1, 12), ...textOf(2, 8)]];
  const cached = decoder.open(null);
  await extendAll(decoder, cached, text);
  const copied = await decoder.copy(cached, 12);
  const expected = await forwardScores(other, null);
  expect(await extendAll(decoder, copied, other.slice(12))).toEqual(expected[19]);
  decoder.rewind(cached, 15);
  expect(await extendAll(decoder, cached, text.slice(15))).toEqual(
    (await forwardScores(text, null))[19],
  );
});

test("a text that waits takes the bytes of its tokens in whole words, at most as many as are counted for it", async () => {
  const decoder = setup(null);
  const text = decoder.open(null);
  await extendAll(decoder, text, textOf(4, 3));
  // Three rows of exponents are no whole word.
  const { saved } = (await decoder.copy(text, 3)) as PlacedText;
  const bytes = [...saved!.bytes.values()].reduce((sum, { length }) => sum + length, 0);
  expect(bytes).toBe((4 / TINY_SHAPE.context) * decoder.cacheBytes);
  const none = (await decoder.copy(text, 0)) as PlacedText;
  expect(none.saved).toBeNull();
  await decoder.close();
});

test("the whole context can be filled, and nothing beyond", async () => {
  const decoder = setup(null);
  const text = textOf(4, TINY_SHAPE.context);
  const cached = decoder.open(null);
  const scores = await extendAll(decoder, cached, text);
  expect(scores).toEqual((await forwardScores(text, null)).at(-1));
  await expect(decoder.extend(cached, [1])).rejects.toThrow(code("CONTEXT_EXCEEDED"));
});

test("what cannot be taken is refused and changes nothing", async () => {
  const decoder = setup(null);
  const cached = decoder.open(null);
  await expect(decoder.extend(cached, [])).rejects.toThrow(code("CONTEXT_EXCEEDED"));
  await expect(decoder.extend(cached, [TINY_SHAPE.vocabulary])).rejects.toThrow(
    code("TOKEN_OUT_OF_VOCABULARY"),
  );
  await expect(decoder.extend(cached, [-1])).rejects.toThrow(code("TOKEN_OUT_OF_VOCABULARY"));
  expect(cached.tokens).toEqual([]);
});

test("tensors in between can be observed without changing the scores", async () => {
  const decoder = setup(null);
  const text = textOf(1, 8);
  const { scores, observed } = await decoder.extend(decoder.open(null), text, {
    observe: ["finalNorm.x8"],
  });
  expect(scores).toEqual((await forwardScores(text, null))[7]);
  expect(observed.get("finalNorm.x8")!.length).toBe(8 * TINY_SHAPE.hidden);
});
