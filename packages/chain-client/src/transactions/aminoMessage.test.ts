import { readFileSync } from "node:fs";
import { fromBinary } from "@bufbuild/protobuf";
import { makeSignDoc, serializeSignDoc } from "@cosmjs/amino";
import { fromHex } from "@r3mes/protocol";
import { Msg } from "@r3mes/protocol/messages";
import { expect, test } from "vitest";
import { aminoMessage } from "./aminoMessage.ts";

interface AminoCase {
  readonly name: string;
  readonly method: string;
  readonly message: string;
  readonly document: string;
}

const vectors = new URL("../../../../spec/vectors/amino/messages.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(vectors, "utf8")) as { cases: readonly AminoCase[] };
const fee = { gas: "200000", amount: [{ denom: "uremes", amount: "200" }] };

test("every message of the service has vectors, full and empty", () => {
  const named = Msg.methods.flatMap((m) => [`${m.name}, full`, `${m.name}, empty`]);
  expect(cases.map(({ name }) => name)).toEqual(named);
});

test.for(cases)("$name gives the bytes that the SDK signs", ({ method, message, document }) => {
  const schema = Msg.methods.find(({ name }) => name === method)!.input;
  const amino = aminoMessage(schema, fromBinary(schema, fromHex(message)));
  const bytes = serializeSignDoc(makeSignDoc([amino], fee, "remesdev-1", "a memo", 7, 9));
  expect(new TextDecoder().decode(bytes)).toBe(document);
});
