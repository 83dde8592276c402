/** The shipped model with an adapter gives the same tokens for the same request wherever it is computed, greedy and drawn. */
import {
  createNativeBackend,
  createWasmBackend,
  createWebgpuBackend,
  packBlock,
  type SharedBackend,
} from "@r3mes/engine";
import {
  createNodeNativeHost,
  createNodeWasmHost,
  createNodeWebgpuHost,
  hasNativeKernels,
} from "@r3mes/engine/node";
import { buildForwardProgram, initialFactors, LINEARS } from "@r3mes/models";
import { GENESIS_FOLDER, openModelFolder } from "@r3mes/models/node";
import { noise } from "@r3mes/protocol";
import { requireGpuDriver } from "@r3mes/tools/requireGpuDriver";
import { afterAll, expect, test } from "vitest";
import { copyFactors } from "../adapter/copyFactors.ts";
import { createDecoder } from "../decode/createDecoder.ts";
import { generateTokens } from "./generateTokens.ts";
import { GREEDY } from "./sampleToken.ts";

const model = await openModelFolder(GENESIS_FOLDER);
afterAll(() => model.close());

const shape = model.manifest.architecture;
const adapterShape = { rank: 16, alpha: 32, targets: LINEARS } as const;
const drawn = { temperature: 900, topP: 950_000, seed: { low: 7, high: 3 } };
const prompt = [0, ...model.tokenizer!.encode("The ship that we saw in the morning was ")];

/** Factors of which neither is zero, so that the adapter counts. */
const factors = (() => {
  const adapter = adapterShape;
  const program = buildForwardProgram(shape, { sequences: 1, length: 1, adapter });
  const first = initialFactors(program, { low: 1, high: 0 });
  return new Map(
    [...first].map(([name, bytes], place) => {
      if (!name.endsWith(".b")) return [name, bytes];
      const { dtype, rows, columns } = program.tensors.find((tensor) => tensor.name === name)!;
      const value = (row: number, column: number) => noise(1, place, 0, row, column) >> 13;
      return [name, packBlock(dtype, rows, columns, value)];
    }),
  );
})();

async function answersOf(backend: SharedBackend, tokensMax = 16): Promise<number[][]> {
  const options = { shape, adapter: adapterShape };
  const decoder = createDecoder(options, { backend, weights: model.weight });
  const copies = await copyFactors(options, factors, backend);
  const answers: number[][] = [];
  for (const sampling of [GREEDY, drawn]) {
    const text = decoder.open(copies);
    const answer: number[] = [];
    const tokens = generateTokens({ prompt, tokensMax, sampling }, { decoder, text });
    for await (const chosen of tokens) if (chosen !== null) answer.push(chosen.token);
    answers.push(answer);
  }
  await decoder.close();
  return answers;
}

const wasm = (threads: number) => createWasmBackend(createNodeWasmHost(), { threads });
const expected = await answersOf(wasm(1));

test("a request is answered, and drawing is not choosing the best", () => {
  expect(expected.map((answer) => answer.length)).toEqual([16, 16]);
  expect(expected[0]).not.toEqual(expected[1]);
});

test.each([2, 4])("WASM with %i threads gives the tokens of one thread", async (threads) => {
  expect(await answersOf(wasm(threads))).toEqual(expected);
});

test.skipIf(!hasNativeKernels()).each([1, 2, 4])(
  "native kernels with %i threads give them (skipped where none are compiled)",
  async (threads) => {
    expect(await answersOf(createNativeBackend(createNodeNativeHost(), { threads }))).toEqual(
      expected,
    );
  },
);

const driver = requireGpuDriver();
test("a GPU gives them", async (context) => {
  if (!driver.available) context.skip(driver.reason);
  const gpu = createWebgpuBackend(createNodeWebgpuHost());
  // Without a card a driver in software takes a second for each token.
  const begun = expected.map((answer) => answer.slice(0, 4));
  expect(await answersOf(gpu, 4)).toEqual(begun);
  await gpu.close();
});
