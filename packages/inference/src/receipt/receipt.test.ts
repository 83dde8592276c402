import { readFileSync } from "node:fs";
import { fromHex, toHex } from "@r3mes/protocol";
import { expect, test } from "vitest";
import type { AnswerEnding } from "../serve/answer.ts";
import { outputHash, requestHash } from "./answerHashes.ts";
import { decodeReceiptFile, encodeReceiptFile, receiptHash, receiptOf } from "./receipt.ts";
import { checkReceiptFile, receiptSigner } from "./receiptSigner.ts";

const code = (name: string) => expect.objectContaining({ code: name });
const asked = {
  prompt: [0, 17, 4095],
  tokensMax: 16,
  sampling: { temperature: 800, topP: 950_000, seed: { low: 7, high: 1 } },
  stop: ["\n"],
};
const answered = { tokens: [5, 6, 5], ending: "stop" as AnswerEnding };
const weights = { model: new Uint8Array(32).fill(1), tokenizer: new Uint8Array(32).fill(2) };
const secretKey = new Uint8Array(32).fill(9);

function makeFile() {
  return { ...receiptSigner(secretKey)(receiptOf(weights, asked, answered)), asked, answered };
}

test("a receipt is checked after a journey through JSON", () => {
  const file = decodeReceiptFile(JSON.parse(JSON.stringify(encodeReceiptFile(makeFile()))));
  expect(file).toEqual(makeFile());
  expect(() => checkReceiptFile(file)).not.toThrow();
});

test.each([
  ["another prompt", { asked: { ...asked, prompt: [0, 17] } }, "request"],
  ["another seed", { asked: { ...asked, sampling: { ...asked.sampling, topP: 1 } } }, "request"],
  ["another token", { answered: { ...answered, tokens: [5, 6, 6] } }, "output"],
  ["another ending", { answered: { ...answered, ending: "context" as const } }, "output"],
  ["another model", { model: new Uint8Array(32) }, "signature"],
  ["an adapter that was not there", { adapter: new Uint8Array(32) }, "signature"],
  ["another provider", { provider: new Uint8Array(33).fill(2) }, "signature"],
])("%s is found", (_name, change, what) => {
  const check = () => checkReceiptFile({ ...makeFile(), ...change });
  expect(check).toThrow(expect.objectContaining({ code: "RECEIPT_MISMATCH", facts: { what } }));
});

test.each([
  [{ format: "remes/receipt/2" }, "format"],
  [{ model: "00" }, "model"],
  [{ signature: undefined }, "signature"],
  [{ asked: { ...encodeReceiptFile(makeFile()).asked, prompt: [-1] } }, "asked.prompt"],
  [{ answered: { tokens: [], ending: "never" } }, "answered.ending"],
])("a file with %j is refused", (change, field) => {
  const json = { ...encodeReceiptFile(makeFile()), ...change };
  expect(() => decodeReceiptFile(json)).toThrow(
    expect.objectContaining({ code: "RECEIPT_INVALID", facts: { field } }),
  );
  expect(() => decodeReceiptFile(null)).toThrow(code("RECEIPT_INVALID"));
});

interface Vectors {
  readonly cases: readonly {
    readonly name: string;
    readonly model: string;
    readonly adapter?: string;
    readonly tokenizer: string;
    readonly asked: typeof asked;
    readonly answered: typeof answered;
    readonly secretKey: string;
    readonly [result: string]: unknown;
  }[];
}

const vectors: Vectors = JSON.parse(
  readFileSync(new URL("../../../../spec/vectors/inference/receipt.json", import.meta.url), "utf8"),
);

test.each(vectors.cases)("vector: $name", (vector) => {
  const receipt = receiptOf(
    {
      model: fromHex(vector.model),
      ...(vector.adapter === undefined ? {} : { adapter: fromHex(vector.adapter) }),
      tokenizer: fromHex(vector.tokenizer),
    },
    vector.asked,
    vector.answered,
  );
  const signed = receiptSigner(fromHex(vector.secretKey))(receipt);
  expect(toHex(requestHash(vector.asked))).toBe(vector.request);
  expect(toHex(outputHash(vector.answered))).toBe(vector.output);
  expect(toHex(receiptHash(receipt))).toBe(vector.receipt);
  expect(toHex(signed.signature)).toBe(vector.signature);
});
