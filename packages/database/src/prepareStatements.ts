/**
 * PGlite parses and plans a statement each time it is asked, which costs most statements several times what running them costs. From
 * here on one that only reads is prepared when it is first asked and run by its name afterwards, and its rows are taken from the bytes
 * of the answer, which PGlite itself reads several times slower than it makes them. So is a change that somebody waits for and that says
 * so by how it begins. Answers stay what they were; it must not touch what a transaction asks.
 */
import { type PGlite, protocol, type QueryOptions, type Results } from "@electric-sql/pglite";
import { assert } from "@r3mes/protocol";

const { serialize } = protocol;
const { DatabaseError, ParameterDescriptionMessage, RowDescriptionMessage } = protocol.messages;
type Message = Awaited<ReturnType<PGlite["execProtocol"]>>["messages"][number];

/** How a change begins that is asked often; it gives no rows. */
const asksOften = "/* prepared */";
/** The one that nobody asked for longest makes room. */
const statementsMax = 200;
/** A plan suits the tables as they were, and tables grow. */
const plansLiveMs = 60_000;
/** Runs what was bound. */
const run = Buffer.concat([serialize.execute({}), serialize.sync()]);
const nothing = new Uint8Array();

interface Statement {
  readonly name: string;
  readonly preparedAt: number;
  readonly parameterTypes: readonly number[];
  readonly columns: Results["fields"];
}

export function prepareStatements(client: PGlite): void {
  const ask = client.query.bind(client);
  const statements = new Map<string, Statement>();
  let prepared = 0;

  async function send(...parts: Uint8Array[]): Promise<readonly Message[]> {
    const message = Buffer.concat([...parts, serialize.sync()]);
    return (await client.execProtocol(message, { syncToFs: false })).messages;
  }

  async function prepare(text: string): Promise<Statement> {
    prepared += 1;
    const name = `read_${prepared}`;
    const preparedAt = performance.now();
    const messages = await send(
      serialize.parse({ name, text }),
      serialize.describe({ type: "S", name }),
    );
    const described = messages.find((message) => message instanceof ParameterDescriptionMessage);
    const columns = messages.find((message) => message instanceof RowDescriptionMessage);
    return {
      name,
      preparedAt,
      parameterTypes: described?.dataTypeIDs ?? [],
      columns: columns?.fields ?? [],
    };
  }

  async function forget(text: string): Promise<void> {
    const { name } = statements.get(text)!;
    statements.delete(text);
    await send(serialize.close({ type: "S", name }));
  }

  async function statementOf(text: string): Promise<Statement> {
    const known = statements.get(text);
    if (known !== undefined && performance.now() - known.preparedAt < plansLiveMs) {
      statements.delete(text);
      statements.set(text, known);
      return known;
    }
    if (known !== undefined) await forget(text);
    const [oldest] = statements.keys();
    if (statements.size >= statementsMax) await forget(oldest!);
    const statement = await prepare(text);
    statements.set(text, statement);
    return statement;
  }

  async function read(text: string, values: readonly unknown[], options: QueryOptions) {
    const statement = await statementOf(text);
    const answer = await answerTo(client, messageOf(statement, values));
    return resultsOf(answer, statement, client, options);
  }

  /** @throws a DatabaseError if nothing was changed */
  async function change(text: string, values: readonly unknown[]) {
    const statement = await statementOf(text);
    assert(statement.columns.length === 0, "a change that is prepared gives no rows");
    await client.execProtocol(messageOf(statement, values));
    return { rows: [], fields: [] };
  }

  function messageOf(statement: Statement, values: readonly unknown[]): Uint8Array {
    return Buffer.concat([
      serialize.bind({ statement: statement.name, values: textsOf(values, statement, client) }),
      run,
    ]);
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
      return (await alone(() => read(text, values, options))) as Results<Row>;
    } catch {
      // What fails is asked once more as PGlite asks it, so that errors are its own and a stale plan is none.
      return ask<Row>(text, values, options);
    }
  };
}

function textsOf(
  values: readonly unknown[],
  { parameterTypes }: Statement,
  { serializers }: PGlite,
): (string | null)[] {
  return values.map((value, i) => {
    if (value === null || value === undefined) return null;
    const serializer = serializers[parameterTypes[i]!];
    return serializer === undefined ? String(value) : serializer(value);
  });
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

function resultsOf(
  answer: Buffer,
  { columns }: Statement,
  client: PGlite,
  { rowMode, parsers = {} }: QueryOptions,
): Results<unknown> {
  const readers = columns.map(
    ({ dataTypeID: type }) =>
      [parsers[type] ?? client.parsers[type] ?? ((text: string) => text), type] as const,
  );
  const named = (row: readonly unknown[]) =>
    Object.fromEntries(row.map((value, i) => [columns[i]!.name, value]));
  const rows = readRows(answer, (field, i) => {
    const [readValue, type] = readers[i]!;
    return readValue(field, type);
  });
  return {
    rows: rowMode === "array" ? rows : rows.map(named),
    fields: columns.map(({ name, dataTypeID }) => ({ name, dataTypeID })),
    affectedRows: 0,
  };
}

/** Messages of an answer that say nothing of its rows: it was bound, is complete, the next one may come. */
const silent = new Set(["2", "C", "Z"]);

/**
 * The rows of an answer to a statement that was bound and executed; each message is a letter, its length, and as much.
 *
 * @throws if there is anything else in it, such as an error
 */
function readRows(
  answer: Buffer,
  readField: (field: string, column: number) => unknown,
): unknown[][] {
  const rows: unknown[][] = [];
  for (let at = 0; at < answer.length; at += 1 + answer.readInt32BE(at + 1)) {
    const kind = String.fromCharCode(answer[at]!);
    if (kind === "D") rows.push(readRow(answer, at + 5, readField));
    else if (!silent.has(kind)) throw new Error(`a message ${kind} among rows`);
  }
  return rows;
}

/** The number of fields, then each with its length, -1 for null. */
function readRow(
  answer: Buffer,
  start: number,
  readField: (field: string, column: number) => unknown,
): unknown[] {
  const row: unknown[] = new Array(answer.readInt16BE(start));
  let at = start + 2;
  for (let column = 0; column < row.length; column += 1) {
    const bytes = answer.readInt32BE(at);
    at += 4;
    row[column] = bytes < 0 ? null : readField(answer.toString("utf8", at, at + bytes), column);
    at += Math.max(bytes, 0);
  }
  return row;
}
