import { buildForwardProgram } from "@r3mes/models";
import { TINY_SHAPE, tinyWeights } from "@r3mes/models/testing";
import { noise } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { hasNativeKernels } from "../node/nativeAddon.ts";
import { createNodeNativeHost } from "../node/nativeHost.ts";
import { createNodeWasmHost } from "../node/wasmHost.ts";
import { tensorBytes } from "../tensor/storage.ts";
import {
  begin,
  decode,
  decodeMembers,
  decodeScores,
  decodeWeights,
} from "../testing/decodeTogether.ts";
import type { Session, SharedBackend, WeightSource } from "./backend.ts";
import { createNativeBackend } from "./native.ts";
import { reference } from "./reference.ts";
import { createWasmBackend } from "./wasm.ts";

const wasm = (threads: number) => createWasmBackend(createNodeWasmHost(), { threads });
const native = (threads: number) => createNativeBackend(createNodeNativeHost(), { threads });
const backends: readonly (readonly [string, SharedBackend])[] = [
  ["the reference", reference],
  ["wasm on one thread", wasm(1)],
  ["wasm on two threads", wasm(2)],
  ...(hasNativeKernels() ? ([["native on two threads", native(2)]] as const) : []),
];

/** Values of every state tensor of a session, by its name. */
async function stateOf({ program, read }: Session): Promise<Map<string, Uint8Array>> {
  const state = new Map<string, Uint8Array>();
  for (const { name, role } of program.tensors) {
    if (role === "state") state.set(name, (await read(name)).slice());
  }
  return state;
}

const expected = decodeScores(reference);

test.each(backends)("on %s, programs of one state go on from each other", async (_, backend) => {
  expect(await decodeScores(backend)).toEqual(await expected);
});

test.each(backends)(
  "on %s, state is shared by its first rows, and by nobody else",
  async (_, backend) => {
    const sessions = await backend.prepareAll(decodeMembers, decodeWeights);
    const [piece, one, four] = sessions as [Session, Session, Session];
    const untouched = await stateOf(piece);
    expect([...untouched.values()].every((bytes) => bytes.every((byte) => byte === 0))).toBe(true);
    const drawn = await stateOf(four);
    for (const [name, bytes] of drawn) {
      four.write(
        name,
        bytes.map((_byte, i) => noise(7, name.length, 0, 0, i) & 1),
      );
    }
    for (const [name, bytes] of await stateOf(one)) {
      expect(bytes).toEqual((await four.read(name)).subarray(0, bytes.length));
      expect(bytes).toContain(1);
    }
    expect(await stateOf(piece)).toEqual(untouched);
    await four.close();
  },
);

test.each(backends)(
  "on %s, a run that is observed leaves the others as they were",
  async (_, backend) => {
    const [piece, one] = (await backend.prepareAll(decodeMembers, decodeWeights)) as [
      Session,
      Session,
    ];
    const observe = async (session: Session) => {
      let last = new Uint8Array();
      begin(session, 0, 5);
      await session.run((_operation, _output, bytes) => {
        last = bytes.slice();
      });
      return last;
    };
    const first = await observe(piece);
    await observe(one);
    expect(await observe(piece)).toEqual(first);
    begin(piece, 0, 5);
    await piece.run();
    expect((await piece.read("score")).slice()).toEqual(first);
    await one.close();
  },
);

test.each(backends)("on %s, every weight is asked for once", async (_, backend) => {
  const asked: string[] = [];
  const counting: WeightSource = (name) => {
    asked.push(name);
    return decodeWeights(name);
  };
  const [session] = await backend.prepareAll(decodeMembers, counting);
  expect(asked.length).toBe(new Set(asked).size);
  expect(asked.length).toBeGreaterThan(0);
  await session!.close();
});

test("members take little more memory than the largest of them", async () => {
  const sizes: number[] = [];
  const host = createNodeWasmHost();
  const openMachine: typeof host.openMachine = (build, bytes) => {
    sizes.push(bytes);
    return host.openMachine(build, bytes);
  };
  const backend = createWasmBackend({ ...host, openMachine }, { threads: 1, build: "base" });
  const wide = { ...TINY_SHAPE, vocabulary: 32_768 };
  const programs = [1, 2, 4].map((texts) => decode(texts, 1, wide));
  const own = tinyWeights(buildForwardProgram(wide, { sequences: 1, length: 1, adapter: null }), 3);
  await (await backend.prepare(programs[2]!, own)).close();
  const shared = programs.map((program) => ({ program, state: "tokens" }));
  const [session] = await backend.prepareAll(shared, own);
  await session!.close();
  const alone = sizes.at(-2)!;
  const weightBytes = programs[0]!.tensors
    .filter(({ role }) => role === "weight")
    .reduce((sum, tensor) => sum + tensorBytes(tensor), 0);
  expect(sizes.at(-1)! - alone).toBeLessThan(weightBytes / 2);
});

test("a program whose weight has another shape is no member", async () => {
  const other = { ...TINY_SHAPE, vocabulary: 2 * TINY_SHAPE.vocabulary };
  const strangers = [...decodeMembers, { program: decode(1, 1, other), state: "tokens" }];
  await expect(wasm(1).prepareAll(strangers, decodeWeights)).rejects.toMatchObject({
    code: "ASSERTION_FAILED",
  });
});
