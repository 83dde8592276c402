/**
 * Statements that are prepared when they are first asked, and named afterwards: to parse and to plan one costs most of them several
 * times what running it costs. Only to be used while nobody else speaks with PGlite.
 */
import { type PGlite, protocol, type Results } from "@electric-sql/pglite";
import { bindMessage } from "./bindMessage.ts";

const { serialize } = protocol;
const { ParameterDescriptionMessage, RowDescriptionMessage } = protocol.messages;
type Message = Awaited<ReturnType<PGlite["execProtocol"]>>["messages"][number];

export interface Statement {
  readonly name: string;
  readonly preparedAt: number;
  readonly parameterTypes: readonly number[];
  readonly columns: Results["fields"];
}

export interface Statements {
  /** @throws a DatabaseError if there is no such statement */
  of(text: string): Promise<Statement>;
  /** What runs a statement with these values; a message ends with `sync`. */
  run(statement: Statement, values: readonly unknown[]): Uint8Array;
}

/** The one that nobody asked for longest makes room. */
const statementsMax = 200;
/** A plan suits the tables as they were, and tables grow. */
const plansLiveMs = 60_000;
/** Ends what one message asks for. */
export const sync = serialize.sync();

export function createStatements(client: PGlite): Statements {
  const statements = new Map<string, Statement>();
  let prepared = 0;

  async function send(...parts: Uint8Array[]): Promise<readonly Message[]> {
    const message = Buffer.concat([...parts, sync]);
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

  return {
    async of(text) {
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
    },
    run: (statement, values) => bindMessage(statement.name, textsOf(values, statement, client)),
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
