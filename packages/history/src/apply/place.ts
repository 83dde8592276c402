/** Where an event stands, and what its handler may use. */
import { type DescMessage, fromBinary, type MessageShape } from "@bufbuild/protobuf";
import { R3mesError } from "@r3mes/protocol";
import type { InferSelectModel } from "drizzle-orm";
import { getTableName } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import type { DecodedEvent } from "../decode/decodeBlock.ts";
import type { RowStore } from "../write/createRowStore.ts";
import type { Records } from "./records.ts";

export type Place = Pick<DecodedEvent, "index" | "transaction" | "cause" | "data"> & {
  readonly rows: RowStore;
  readonly records: Records;
  readonly height: number;
  /** What handlers of this block have to remember until its end. */
  readonly seen: Set<unknown>;
};

export type Handler = {
  readonly schema: DescMessage;
  readonly apply: (event: never, place: Place) => Promise<void>;
};

/** Ties a handler to the type of its event. */
export function on<Desc extends DescMessage>(
  schema: Desc,
  apply: (event: MessageShape<Desc>, place: Place) => Promise<void>,
): Handler {
  return { schema, apply: apply as Handler["apply"] };
}

/** The message that caused an event, if it is of the type that is wanted; a message inside another one is not looked for. */
export function causeOf<Desc extends DescMessage>(
  schema: Desc,
  { cause }: Place,
): MessageShape<Desc> | undefined {
  if (cause?.typeUrl !== `/${schema.typeName}`) return undefined;
  return fromBinary(schema, cause.value);
}

/** A row that an earlier event must have made. */
export async function need<Table extends PgTable>(
  { rows, height }: Pick<Place, "rows" | "height">,
  table: Table,
  key: Partial<InferSelectModel<Table>>,
): Promise<InferSelectModel<Table>> {
  const row = await rows.get(table, key);
  if (row !== undefined) return row;
  const record = `${getTableName(table)} ${Object.values(key).join("/")}`;
  throw new R3mesError({ code: "INDEX_RECORD_MISSING", record, height });
}

/** Changes some values of a row that an earlier event must have made. */
export async function change<Table extends PgTable>(
  place: Pick<Place, "rows" | "height">,
  table: Table,
  key: Partial<InferSelectModel<Table>>,
  values: (row: InferSelectModel<Table>) => Partial<InferSelectModel<Table>>,
): Promise<void> {
  const row = await need(place, table, key);
  place.rows.put(table, { ...row, ...values(row) });
}
