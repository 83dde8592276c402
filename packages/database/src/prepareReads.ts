/**
 * PGlite parses and plans a statement each time it is asked, which costs most statements several times what running them costs. From
 * here on one that only reads is prepared when it is first asked and run by its name afterwards. Answers stay what they were; it must
 * not touch what a transaction asks.
 */
import { type PGlite, protocol, type QueryOptions, type Results } from "@electric-sql/pglite";

const { serialize } = protocol;
const { DataRowMessage, ParameterDescriptionMessage, RowDescriptionMessage } = protocol.messages;
type Message = Awaited<ReturnType<PGlite["execProtocol"]>>["messages"][number];

/** The one that nobody asked for longest makes room. */
const statementsMax = 200;
/** A plan suits the tables as they were, and tables grow. */
const plansLiveMs = 60_000;

interface Statement {
  readonly name: string;
  readonly preparedAt: number;
  readonly parameterTypes: readonly number[];
  readonly columns: Results["fields"];
}

export function prepareReads(client: PGlite): void {
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
    const messages = await send(
      serialize.bind({ statement: statement.name, values: textsOf(values, statement, client) }),
      serialize.execute({}),
    );
    return resultsOf(messages, statement, client, options);
  }

  client.query = async <Row>(text: string, values: unknown[] = [], options: QueryOptions = {}) => {
    const isPlain = options.blob === undefined && options.paramTypes === undefined;
    if (!isPlain || !/^\s*select\b/i.test(text)) return ask<Row>(text, values, options);
    try {
      // Both locks that PGlite takes itself, in its order: a transaction that is open keeps its statements together.
      const results = await client._runExclusiveTransaction(() =>
        client._runExclusiveQuery(() => read(text, values, options)),
      );
      return results as Results<Row>;
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

function resultsOf(
  messages: readonly Message[],
  { columns }: Statement,
  client: PGlite,
  { rowMode, parsers = {} }: QueryOptions,
): Results<unknown> {
  const readers = columns.map(
    ({ dataTypeID: type }) =>
      [parsers[type] ?? client.parsers[type] ?? ((text: string) => text), type] as const,
  );
  const valuesOf = (fields: readonly (string | null)[]) =>
    fields.map((field, i) => {
      const [readValue, type] = readers[i]!;
      return field === null ? null : readValue(field, type);
    });
  const named = (row: readonly unknown[]) =>
    Object.fromEntries(row.map((value, i) => [columns[i]!.name, value]));
  const rows = messages
    .filter((message) => message instanceof DataRowMessage)
    .map(({ fields }) => valuesOf(fields));
  return {
    rows: rowMode === "array" ? rows : rows.map(named),
    fields: columns.map(({ name, dataTypeID }) => ({ name, dataTypeID })),
    affectedRows: 0,
  };
}
