/** What participants share of the chain's answers. */
import { create, toBinary } from "@bufbuild/protobuf";
import { QueryPoolResponseSchema } from "@r3mes/protocol/messages";
import { expect, test } from "vitest";
import { createSharedAnswers } from "./sharedAnswers.ts";

const bytes = toBinary(
  QueryPoolResponseSchema,
  create(QueryPoolResponseSchema, { pool: { id: 1n, sponsor: "somebody" } }),
);

test("the same bytes are decoded once, and other bytes of the same value again", () => {
  const decode = createSharedAnswers();
  const answer = decode(QueryPoolResponseSchema, bytes);
  expect(answer.pool).toMatchObject({ id: 1n, sponsor: "somebody" });
  expect(decode(QueryPoolResponseSchema, bytes)).toBe(answer);
  expect(decode(QueryPoolResponseSchema, Uint8Array.from(bytes))).not.toBe(answer);
});

test("nobody can change what all share", () => {
  const { pool } = createSharedAnswers()(QueryPoolResponseSchema, bytes);
  expect(() => Object.assign(pool!, { id: 2n })).toThrow(TypeError);
});
