/**
 * PGlite parses and plans a statement each time it is asked, and is asked for one at a time. From here on one that only reads is
 * prepared, its rows are taken from the bytes of the answer, and reads that wait at the same time are one message. So is a change
 * prepared that somebody waits for and that says so by how it begins. Answers stay what they were; it must not touch what a transaction
 * asks.
 */
import { type PGlite, protocol, type QueryOptions, type Results } from "@electric-sql/pglite";
import { assert } from "@r3mes/protocol";
import { partsOf, resultsOf } from "./answeredRows.ts";
import { createStatements, type Statement, sync } from "./createStatements.ts";
import { joinReads } from "./joinReads.ts";

const { DatabaseError } = protocol.messages;

/** How a change begins that is asked often; it gives no rows. */
const asksOften = "/* prepared */";
/** Some milliseconds of reads. */
const joinedMax = 16;
const nothing = new Uint8Array();

interface Read {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly options: QueryOptions;
}

export function prepareStatements(client: PGlite): void {
  const ask = client.query.bind(client);
  const statements = createStatements(client);
  const read = joinReads({ joinedMax }, (reads: readonly Read[]) => alone(() => readAll(reads)));

  /** @throws if one of them fails, or is answered with anything but rows */
  async function readAll(reads: readonly Read[]): Promise<Results<unknown>[]> {
    const prepared: Statement[] = [];
    for (const { text } of reads) prepared.push(await statements.of(text));
    const runs = reads.map(({ values }, i) => statements.run(prepared[i]!, values));
    const parts = partsOf(await answerTo(client, Buffer.concat([...runs, sync])));
    return reads.map(({ options }, i) =>
      resultsOf(parts[i]!, prepared[i]!.columns, client, options),
    );
  }

  /** @throws a DatabaseError if nothing was changed */
  async function change(text: string, values: readonly unknown[]) {
    const statement = await statements.of(text);
    assert(statement.columns.length === 0, "a change that is prepared gives no rows");
    await client.execProtocol(Buffer.concat([statements.run(statement, values), sync]));
    return { rows: [], fields: [] };
  }

  /** Both locks that PGlite takes itself, in its order: a transaction that is open keeps its statements together. */
  const alone = <Result>(run: () => Promise<Result>) =>
    client._runExclusiveTransaction(() => client._runExclusiveQuery(run));

  client.query = async <Row>(text: string, values: unknown[] = [], options: QueryOptions = {}) => {
    if (text.trimStart().startsWith(asksOften)) {
      try {
        return (await alone(() => change(text, values))) as Results<Row>;
      } catch (error) {
        // A statement that fails changes nothing: PGlite says why in its own words, or a stale plan is made anew.
        if (error instanceof DatabaseError) return ask<Row>(text, values, options);
        throw error;
      }
    }
    const isPlain = options.blob === undefined && options.paramTypes === undefined;
    if (!isPlain || !/^\s*select\b/i.test(text)) return ask<Row>(text, values, options);
    try {
      return (await read({ text, values, options })) as Results<Row>;
    } catch {
      // What fails is asked once more as PGlite asks it, so that errors are its own and a stale plan is none.
      return ask<Row>(text, values, options);
    }
  };
}

/** The bytes that answer a message. */
async function answerTo(client: PGlite, message: Uint8Array): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  try {
    await client.execProtocolRawStream(message, {
      syncToFs: false,
      // A view of memory that the next part overwrites.
      onRawData: (part) => parts.push(part.slice()),
    });
  } finally {
    // PGlite would give all later answers to the function above until it has read one itself.
    await client.execProtocolStream(nothing, { syncToFs: false });
  }
  return Buffer.concat(parts);
}
