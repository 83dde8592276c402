import { createWasmBackend } from "@r3mes/engine";
import { createNodeWasmHost } from "@r3mes/engine/node";
import { afterAll, expect, test } from "vitest";
import { buildForwardProgram } from "../bitnet/buildBitnet.ts";
import { GENESIS_FOLDER } from "./genesisFolder.ts";
import { openModelFolder } from "./openModelFolder.ts";

/** The first sentences of Moby Dick, which no part of its pre-training text holds. */
const passage =
  "Call me Ishmael. Some years ago--never mind how long precisely--having little or no money in my purse, and nothing " +
  "particular to interest me on shore, I thought I would sail about a little and see the watery part of the world.";

const model = await openModelFolder(GENESIS_FOLDER);
const backend = createWasmBackend(createNodeWasmHost(), { threads: 1 });
afterAll(() => model.close());

/** Bits that the model needs for a text after an end-of-text token, in Q16, exactly. */
async function bitsFor(text: string): Promise<bigint> {
  const tokens = Int32Array.from([0, ...model.tokenizer!.encode(text)]);
  const { architecture } = model.manifest;
  const options = { sequences: 1, length: tokens.length - 1, withLoss: true };
  const program = buildForwardProgram(architecture, options);
  const session = await backend.prepare(program, model.weight);
  session.write("tokens", new Uint8Array(tokens.buffer));
  await session.run();
  const total = await session.read("loss.total");
  await session.close();
  return new DataView(total.buffer, total.byteOffset).getBigInt64(0, true);
}

test("the shipped model's surprise at a passage is one number, here as everywhere", async () => {
  expect(await bitsFor(passage)).toBe(29752704n);
});

test("it has learnt English: the words of the passage backwards cost it far more", async () => {
  const backwards = passage.split(" ").toReversed().join(" ");
  const [forwards, reversed] = [await bitsFor(passage), await bitsFor(backwards)];
  expect(Number(forwards) / 65536 / passage.length).toBeLessThan(2.5);
  expect(Number(reversed) / Number(forwards)).toBeGreaterThan(1.3);
});
