import { readFileSync } from "node:fs";
import { packBlock } from "@r3mes/engine";
import { nodeSha256 } from "@r3mes/engine/node";
import { R3mesError } from "@r3mes/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeModelManifest } from "../model/modelManifest.ts";
import { openModel } from "../model/openModel.ts";
import {
  checkpointFiles,
  type Form,
  makeCheckpoint,
  QUANTIZATION,
  SHAPE,
} from "../testing/makeCheckpoint.ts";
import { bfloat16, safetensorsFile, sourceOf } from "../testing/safetensorsFile.ts";
import { importCheckpoint } from "./importCheckpoint.ts";
import type { CheckpointFiles } from "./openCheckpoint.ts";

const FORMS: readonly Form[] = ["divides", "multiplies", "master"];
const code = (name: string, facts: object = {}) =>
  expect.objectContaining({ code: name, facts: expect.objectContaining(facts) });

/** A tokenizer of the 256 bytes and one control token: the smallest that gives every text back. */
const tokenizer = (() => {
  const file = new URL("../../genesis/tokenizer.json", import.meta.url);
  const parsed = JSON.parse(readFileSync(file, "utf8"));
  const bytes = Object.entries<number>(parsed.model.vocab).filter(([, id]) => id <= 256);
  const model = { ...parsed.model, vocab: Object.fromEntries(bytes), merges: [] };
  return new Uint8Array(Buffer.from(JSON.stringify({ ...parsed, model })));
})();

async function importOf(files: CheckpointFiles) {
  const pieces: Uint8Array[] = [];
  const description = { name: "random", source: "made for a test", licence: "CC0-1.0" };
  const imported = await importCheckpoint(
    { files, description },
    { write: async (bytes) => void pieces.push(bytes.slice()), hash: nodeSha256 },
  );
  return { ...imported, backbone: new Uint8Array(Buffer.concat(pieces)) };
}

const withTokenizer = (form: Form, given = {}, config = {}) =>
  checkpointFiles(
    makeCheckpoint(form).tensors,
    form,
    { "tokenizer.json": tokenizer, ...given },
    config,
  );

const filesOf = (imported: Awaited<ReturnType<typeof importOf>>, backbone = imported.backbone) => ({
  read: async (file: string) =>
    file === "model.json" ? encodeModelManifest(imported.manifest) : imported.tokenizer,
  open: async () => sourceOf(backbone, "backbone.bin"),
});

test.each(FORMS)(
  "a checkpoint whose scale %s becomes a model with the same weights",
  async (form) => {
    const made = makeCheckpoint(form);
    const imported = await importOf(withTokenizer(form));
    const model = await openModel(filesOf(imported), nodeSha256);
    await model.verify();
    const name = "model.layers.1.mlp.down_proj.weight";
    const { hidden, ffn } = SHAPE;
    const values = made.ternary.get(name)!;
    const expected = packBlock("t2", hidden, ffn, (row, column) => values[row * ffn + column]!);
    expect(await model.weight("layers.1.down.w")).toEqual(expected);
    const scale = new Int32Array((await model.weight("layers.1.down.scale")).buffer);
    const mean = form === "master" ? values.filter((v) => v !== 0).length / values.length : 1;
    expect((scale[0]! * 2 ** -scale[1]!) / (0.25 * mean)).toBeCloseTo(1, 4);
  },
);

test("the two packed forms differ in nothing but their config", async () => {
  const divides = await importOf(withTokenizer("divides"));
  const multiplies = await importOf(withTokenizer("multiplies"));
  expect(divides.manifest.backbone).toEqual(multiplies.manifest.backbone);
});

test("the root of an import is the one that it was", async () => {
  const { manifest } = await importOf(withTokenizer("multiplies"));
  expect(manifest.backbone).toMatchInlineSnapshot(`
    {
      "bytes": 52596,
      "root": "9f5115b97b6a531947f72de9388224e0cca46e18a7a88c5e061378a73efec4b6",
    }
  `);
});

test("shards are read through their index, in any split", async () => {
  const { tensors } = makeCheckpoint("divides");
  const entries = Object.entries(tensors);
  const shard = (keep: (i: number) => boolean) =>
    safetensorsFile(Object.fromEntries(entries.filter((_, i) => keep(i))));
  const weight_map = Object.fromEntries(
    entries.map(([name], i) => [name, `${i % 2 ? "b" : "a"}.safetensors`]),
  );
  const index = new Uint8Array(Buffer.from(JSON.stringify({ metadata: {}, weight_map })));
  const given = {
    "model.safetensors": undefined,
    "model.safetensors.index.json": index,
    "a.safetensors": shard((i) => i % 2 === 0),
    "b.safetensors": shard((i) => i % 2 === 1),
  };
  const sharded = await importOf(withTokenizer("divides", given));
  expect(sharded.manifest).toEqual((await importOf(withTokenizer("divides"))).manifest);
  await expect(
    importOf(withTokenizer("divides", { ...given, "b.safetensors": undefined })),
  ).rejects.toThrow(code("CHECKPOINT_FILE_MISSING", { file: "b.safetensors" }));
});

test.each([
  ["no quantization_config", { quantization_config: undefined }],
  ["no linear_class", { quantization_config: { quantization_mode: "offline" } }],
  ["an unknown class", { quantization_config: { linear_class: "linear" } }],
  [
    "a division of master weights",
    { quantization_config: { ...QUANTIZATION.divides, quantization_mode: "online" } },
  ],
  [
    "norms inside its linears",
    { quantization_config: { ...QUANTIZATION.divides, use_rms_norm: true } },
  ],
])("a config with %s does not tell the form", async (_, config) => {
  await expect(importOf(withTokenizer("divides", {}, config))).rejects.toThrow(
    code("CHECKPOINT_FORM_UNKNOWN"),
  );
});

test.each([
  ["hidden_size", { hidden_size: 0 }],
  ["vocab_size", { vocab_size: 1e9 }],
  ["num_key_value_heads", { num_attention_heads: 2, num_key_value_heads: 3 }],
  ["head_dim", { head_dim: 8 }],
  ["head_dim", { num_attention_heads: 4 }],
  ["hidden_size", { hidden_size: 48, num_attention_heads: 3, num_key_value_heads: 3 }],
  ["intermediate_size", { intermediate_size: 80 }],
  ["rms_norm_eps", { rms_norm_eps: 0.1 }],
  ["rms_norm_eps", { rms_norm_eps: "1e-5" }],
  ["rope_theta", { rope_theta: null }],
  ["rope_type", { rope_scaling: { rope_type: "yarn" } }],
  ["tie_word_embeddings", { tie_word_embeddings: undefined }],
  ["model_type", { model_type: "llama" }],
])("a config with a wrong %s is refused by that name", async (field, config) => {
  await expect(importOf(withTokenizer("divides", {}, config))).rejects.toThrow(
    code("CHECKPOINT_CONFIG_INVALID", { field }),
  );
});

test("another activation is refused", async () => {
  await expect(importOf(withTokenizer("divides", {}, { hidden_act: "silu" }))).rejects.toThrow(
    code("CHECKPOINT_ACTIVATION_UNKNOWN"),
  );
});

const norm = "model.layers.0.input_layernorm.weight";
const linear = "model.layers.0.self_attn.q_proj.weight";

test.each([
  ["CHECKPOINT_TENSOR_MISSING", { [norm]: undefined }],
  [
    "CHECKPOINT_TENSOR_SHAPE",
    { [norm]: { dtype: "BF16", shape: [16], data: bfloat16(Array(16).fill(1)) } },
  ],
  [
    "CHECKPOINT_TENSOR_TYPE",
    { [linear]: { dtype: "I8", shape: [8, 32], data: new Uint8Array(256) } },
  ],
  ["CHECKPOINT_TENSOR_UNEXPECTED", { extra: { dtype: "U8", shape: [1], data: new Uint8Array(1) } }],
  [
    "CHECKPOINT_VALUE_INVALID",
    { [`${linear}_scale`]: { dtype: "BF16", shape: [1], data: bfloat16([0]) } },
  ],
  [
    "CHECKPOINT_VALUE_INVALID",
    { [`${linear}_scale`]: { dtype: "BF16", shape: [1], data: bfloat16([Number.NaN]) } },
  ],
  [
    "CHECKPOINT_VALUE_INVALID",
    { [linear]: { dtype: "U8", shape: [8, 32], data: new Uint8Array(256).fill(255) } },
  ],
] as const)("%s names the tensor", async (expected, change) => {
  const tensors = { ...makeCheckpoint("divides").tensors, ...change };
  const present = Object.fromEntries(
    Object.entries(tensors).filter(([, tensor]) => tensor !== undefined),
  );
  const files = checkpointFiles(present as never, "divides", { "tokenizer.json": tokenizer });
  const [tensor] = Object.keys(change);
  await expect(importOf(files)).rejects.toThrow(code(expected, { tensor }));
});

test("an embedding that no residual can hold is refused where it stands", async () => {
  const { tensors } = makeCheckpoint("divides");
  const name = "model.embed_tokens.weight";
  const data = tensors[name]!.data.slice();
  data.set(bfloat16([65536]), 2 * (5 * SHAPE.hidden + 1));
  const files = checkpointFiles({ ...tensors, [name]: { ...tensors[name]!, data } }, "divides");
  await expect(importOf(files)).rejects.toThrow(
    code("CHECKPOINT_VALUE_INVALID", { tensor: name, row: 5, found: 65536 }),
  );
});

test("a head beside a tied embedding is passed over, and said", async () => {
  const { tensors } = makeCheckpoint("divides");
  const head = { "lm_head.weight": tensors["model.embed_tokens.weight"]! };
  const files = checkpointFiles({ ...tensors, ...head }, "divides", {
    "tokenizer.json": tokenizer,
  });
  const imported = await importOf(files);
  expect(imported.assumptions.join()).toContain("lm_head.weight");
});

test("an epsilon of norms is held in 40 bits behind the point, and one that is not near itself is said", async () => {
  const imported = (rms_norm_eps: number) =>
    importOf(withTokenizer("divides", {}, { rms_norm_eps }));
  const { manifest, assumptions } = await imported(1e-5);
  expect(manifest.architecture.normEpsilon).toBe(10_995_116);
  expect(assumptions.join()).not.toContain("epsilon");
  const coarse = await imported(1e-12);
  expect(coarse.manifest.architecture.normEpsilon).toBe(1);
  expect(coarse.assumptions.join()).toContain(`epsilon of 1e-12 is held as ${2 ** -40}`);
  expect((await imported(1e-13)).assumptions.join()).toContain("is held as 0");
});

test("a checkpoint without tokenizer becomes a model that sees tokens only, and says so", async () => {
  const imported = await importOf(withTokenizer("divides", { "tokenizer.json": undefined }));
  expect(imported.assumptions.join()).toContain("tokenizer.json");
  const model = await openModel(filesOf(imported), nodeSha256);
  expect(model.tokenizer).toBeUndefined();
});

test("what ends a text is said by generation_config.json, else config.json, else the tokenizer", async () => {
  const json = (value: object) => new Uint8Array(Buffer.from(JSON.stringify(value)));
  const endOf = async (given: object, config: object) =>
    (await importOf(withTokenizer("divides", given, config))).manifest.tokenizer!.endOfText;
  expect(await endOf({}, {})).toBe(0);
  expect(await endOf({}, { eos_token_id: 7 })).toBe(7);
  const generation = { "generation_config.json": json({ eos_token_id: [9, 11] }) };
  expect(await endOf(generation, { eos_token_id: 7 })).toBe(9);
  await expect(endOf({}, { eos_token_id: 257 })).rejects.toThrow(code("TOKENIZER_INVALID"));
});

test("a chat template comes along, from either of its files", async () => {
  const json = (value: object) => new Uint8Array(Buffer.from(JSON.stringify(value)));
  const config = { chat_template: "old", bos_token: { content: "<b>" }, eos_token: "<e>" };
  const templateOf = async (given: object) =>
    (await importOf(withTokenizer("divides", given))).manifest.tokenizer!.chatTemplate;
  expect(await templateOf({})).toBeUndefined();
  const old = { "tokenizer_config.json": json(config) };
  expect(await templateOf(old)).toEqual({ source: "old", beginOfText: "<b>", endOfText: "<e>" });
  const own = { ...old, "chat_template.jinja": new Uint8Array(Buffer.from("new")) };
  expect(await templateOf(own)).toMatchObject({ source: "new" });
});

test("a tokenizer with more tokens than the embedding has rows is refused", async () => {
  const large = new Uint8Array(
    readFileSync(new URL("../../genesis/tokenizer.json", import.meta.url)),
  );
  await expect(importOf(withTokenizer("divides", { "tokenizer.json": large }))).rejects.toThrow(
    code("TOKENIZER_MISMATCH", { expected: 288, found: 4096 }),
  );
});

test("a changed bit of a model's backbone is found, and so is a missing byte", async () => {
  const imported = await importOf(withTokenizer("divides"));
  const changed = imported.backbone.slice();
  changed[changed.length - 10]! ^= 1;
  const model = await openModel(filesOf(imported, changed), nodeSha256);
  await expect(model.verify()).rejects.toThrow(code("MODEL_FILE_MISMATCH"));
  await expect(openModel(filesOf(imported, changed.slice(1)), nodeSha256)).rejects.toThrow(
    code("MODEL_FILE_MISMATCH", { expectedBytes: changed.length }),
  );
});

test("no damage to a checkpoint's files does worse than a typed error", async () => {
  const { tensors } = makeCheckpoint("divides");
  const good = safetensorsFile(tensors);
  const damage = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), {
    minLength: 1,
    maxLength: 3,
  });
  await fc.assert(
    fc.asyncProperty(damage, async (changes) => {
      const bytes = good.slice();
      for (const [at, value] of changes) bytes[at] = value;
      const files = withTokenizer("divides", { "model.safetensors": bytes });
      const error = await importOf(files).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (error !== undefined) expect(error).toBeInstanceOf(R3mesError);
    }),
    { numRuns: 15 },
  );
});
