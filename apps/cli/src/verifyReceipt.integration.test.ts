import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createWasmBackend } from "@r3mes/engine";
import { createNodeWasmHost } from "@r3mes/engine/node";
import {
  createInference,
  encodeReceiptFile,
  type ReceiptJson,
  receiptOf,
  receiptSigner,
} from "@r3mes/inference";
import { GREEDY } from "@r3mes/inference/testing";
import { GENESIS_FOLDER, openModelFolder } from "@r3mes/models/node";
import { fromHex } from "@r3mes/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readAdapterFolder } from "./adapters/adapterFolder.ts";
import { runCli } from "./testing/startCli.ts";

let home = "";
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "r3mes-receipt-"));
});
afterAll(() => rmSync(home, { recursive: true }));

const secretKey = new Uint8Array(32).fill(7);
const asked = {
  prompt: [0, 2133, 260, 2743],
  tokensMax: 8,
  sampling: { ...GREEDY, temperature: 900, seed: { low: 3, high: 0 } },
  stop: [],
};

/** An answer of the shipped model, with its receipt. */
async function answer(adapterFolder?: string): Promise<ReceiptJson> {
  const model = await openModelFolder(GENESIS_FOLDER);
  const { manifest, tokenizer, weight } = model;
  const inference = createInference(
    {
      shape: manifest.architecture,
      endOfText: manifest.tokenizer!.endOfText,
      ...{ activeMax: 1, together: 1, shapesMax: 1, cacheBytesMax: 0, adapterBytesMax: 1 << 30 },
    },
    {
      backend: createWasmBackend(createNodeWasmHost(), { threads: 1 }),
      weights: weight,
      tokenizer: tokenizer!,
      loadAdapter: async (folder) => readAdapterFolder(folder, manifest),
      pause: async () => {},
    },
  );
  const request = { ...asked, adapter: adapterFolder ?? null };
  const end = (await inference.ask(request, { onPiece: () => {} }).done)!;
  await inference.close();
  await model.close();
  const weights = {
    model: fromHex(manifest.backbone.root),
    tokenizer: fromHex(manifest.tokenizer!.sha256),
    ...(adapterFolder === undefined ? {} : { adapter: fromHex(rootOf(adapterFolder)) }),
  };
  return sign(weights, { tokens: end.tokens, ending: end.ending });
}

type Weights = Parameters<typeof receiptOf>[0];
type Answered = Parameters<typeof receiptOf>[2];

function sign(weights: Weights, answered: Answered): ReceiptJson {
  const receipt = receiptSigner(secretKey)(receiptOf(weights, asked, answered));
  return encodeReceiptFile({ ...receipt, asked, answered });
}

function rootOf(folder: string): string {
  return JSON.parse(readFileSync(join(folder, "adapter.json"), "utf8")).root;
}

async function verify(json: unknown, ...argv: readonly string[]) {
  const file = join(home, "reply.json");
  writeFileSync(file, JSON.stringify(json));
  const { code, stdout } = await runCli([
    ...["verify-receipt", file, ...argv],
    ...["--threads", "1", "--json", "--home", home],
  ]);
  return { code, ...JSON.parse(stdout.trim().split("\n").at(-1)!) };
}

test("a reply as it came is computed again, token by token", async () => {
  const receipt = await answer();
  expect(await verify({ choices: [], receipt })).toMatchObject({ holds: true, tokens: 8 });
  expect(await verify(receipt)).toMatchObject({ code: 0, adapter: null });
});

test("a provider that signs another answer is found, at the token that differs", async () => {
  const { model, tokenizer, answered } = await answer();
  const tokens = answered.tokens.with(4, answered.tokens[4]! + 1);
  const lie = sign(
    { model: fromHex(model), tokenizer: fromHex(tokenizer) },
    { ...answered, tokens },
  );
  expect(await verify(lie)).toMatchObject({
    code: "RECEIPT_MISMATCH",
    facts: { what: "token 5", claimed: tokens[4], computed: answered.tokens[4] },
  });
});

test("a file that was changed, or is none, is told apart from one that cannot be checked", async () => {
  const receipt = await answer();
  const changed = { ...receipt, asked: { ...receipt.asked, tokensMax: 9 } };
  expect(await verify(changed)).toMatchObject({
    code: "RECEIPT_MISMATCH",
    facts: { what: "request" },
  });
  expect(await verify({ hello: 1 })).toMatchObject({ code: "RECEIPT_INVALID" });
  const other = sign(
    { model: new Uint8Array(32), tokenizer: fromHex(receipt.tokenizer) },
    receipt.answered,
  );
  expect(await verify(other)).toMatchObject({
    code: "RECEIPT_WEIGHTS_MISSING",
    facts: { what: "model" },
  });
});

test("an answer of an adapter needs that adapter", async () => {
  const out = join(home, "adapters/own");
  const trained = await runCli([
    ...["train", "--dataset", "moby-dick", "--steps", "3", "--rank", "4", "--length", "16"],
    ...["--sequences", "1", "--threads", "1", "--json", "--home", home, "--out", out],
  ]);
  expect(trained.code, trained.stderr).toBe(0);
  const receipt = await answer(out);
  expect(await verify(receipt)).toMatchObject({ code: "RECEIPT_WEIGHTS_MISSING" });
  expect(await verify(receipt, "--adapter", out)).toMatchObject({
    holds: true,
    adapter: rootOf(out),
  });
});
