import { readFileSync } from "node:fs";
import { nodeSha256 } from "@r3mes/engine/node";
import { encodeManifest, R3mesError } from "@r3mes/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeModelManifest, encodeModelManifest } from "./modelManifest.ts";

const file = new Uint8Array(readFileSync(new URL("../../genesis/model.json", import.meta.url)));
const decode = (bytes: Uint8Array) => decodeModelManifest(bytes, "model.json", nodeSha256);
const invalid = (field: string) =>
  expect.objectContaining({
    code: "MODEL_MANIFEST_INVALID",
    facts: expect.objectContaining({ field }),
  });

test("a manifest is written as it was read", () => {
  expect(encodeModelManifest(decode(file))).toEqual(file);
});

test.each([
  ["format", { format: "remes/model/2" }],
  ["name", { name: "../genesis" }],
  ["licence", { licence: "" }],
  ["architecture", { architecture: { kind: "gpt" } }],
  ["tokenizer", { tokenizer: { sha256: "00", vocabulary: 4096, endOfText: 0 } }],
  ["weights", { weights: [] }],
  ["backbone.bytes", { backbone: { bytes: 1, root: "00".repeat(32) } }],
])("a wrong %s is refused by that name", (field, change) => {
  const changed = encodeManifest({ ...JSON.parse(Buffer.from(file).toString()), ...change });
  expect(() => decode(changed)).toThrow(invalid(field));
});

test("a root of one weight that was exchanged does not fit the backbone's", () => {
  const manifest = JSON.parse(Buffer.from(file).toString());
  [manifest.weights[1].root, manifest.weights[2].root] = ["ab".repeat(32), "cd".repeat(32)];
  expect(() => decode(encodeManifest(manifest))).toThrow(invalid("backbone.root"));
});

test("extents that no list of weights can be computed for are refused before one is", () => {
  const manifest = JSON.parse(Buffer.from(file).toString());
  manifest.architecture.layers = 2 ** 40;
  expect(() => decode(encodeManifest(manifest))).toThrow(invalid("architecture"));
});

test("an architecture with a field that nobody reads is refused", () => {
  const manifest = JSON.parse(Buffer.from(file).toString());
  for (const field of ["biases", "toString"]) {
    const architecture = { ...manifest.architecture, [field]: 1 };
    const changed = encodeManifest({ ...manifest, architecture });
    expect(() => decode(changed)).toThrow(invalid("architecture"));
  }
});

test("an epsilon of norms is read, and refused where no program could add it", () => {
  const manifest = JSON.parse(Buffer.from(file).toString());
  const withEpsilon = (normEpsilon: unknown) =>
    encodeManifest({ ...manifest, architecture: { ...manifest.architecture, normEpsilon } });
  expect(decode(withEpsilon(10_995_116)).architecture.normEpsilon).toBe(10_995_116);
  for (const normEpsilon of [0, -1, 2 ** 31, "1e-5"]) {
    expect(() => decode(withEpsilon(normEpsilon))).toThrow(invalid("architecture"));
  }
});

test("no damage to a manifest does worse than a typed error", () => {
  const damage = fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(damage, (changes) => {
      const bytes = file.slice();
      for (const [at, value] of changes) bytes[at] = value;
      try {
        decode(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(R3mesError);
      }
    }),
    { numRuns: 50 },
  );
});
