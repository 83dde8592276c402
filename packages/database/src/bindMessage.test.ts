import { PGlite, protocol } from "@electric-sql/pglite";
import { expect, test } from "vitest";
import { partsOf, resultsOf } from "./answeredRows.ts";
import { bindMessage } from "./bindMessage.ts";

const { serialize } = protocol;

test("values arrive as they are, whatever they hold, and nothing is not empty text", async () => {
  const client = await PGlite.create();
  const name = "read_12";
  const text = "select $1::text, $2::text, $3::text, $4::int, $5::text from generate_series(1, 2)";
  await client.execProtocol(Buffer.concat([serialize.parse({ name, text }), serialize.sync()]));
  const values = ["it's ä € 😀", null, "", "-7", "x".repeat(70_000)];
  const { data } = await client.execProtocol(
    Buffer.concat([bindMessage(name, values), bindMessage(name, values), serialize.sync()]),
  );
  const columns = [25, 25, 25, 23, 25].map((dataTypeID, i) => ({ name: `c${i}`, dataTypeID }));
  const results = partsOf(Buffer.from(data)).map((rows) =>
    resultsOf(rows, columns, client, { rowMode: "array" }),
  );
  const row = ["it's ä € 😀", null, "", -7, "x".repeat(70_000)];
  expect(results.map(({ rows }) => rows)).toEqual([
    [row, row],
    [row, row],
  ]);
  await client.close();
});

test("a statement without values is bound to none", () => {
  const theirs = [serialize.bind({ statement: "read_1" }), serialize.execute({})];
  expect(bindMessage("read_1", [])).toEqual(Buffer.concat(theirs));
});
