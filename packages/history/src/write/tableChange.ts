/** What a write tells listeners of the database: the blocks that it wrote, and the tables that it added to or changed. */
export interface TableChange {
  readonly first: number;
  readonly last: number;
  readonly tables: readonly string[];
}

/** Listeners of the database hear of each write on this channel. */
export const channel = "chain";

const form = /^(\d+)-(\d+) ([a-z_,]*)$/;

export function writeTableChange({ first, last, tables }: TableChange): string {
  return `${first}-${last} ${tables.join(",")}`;
}

/** Undefined for what is no such text, such as what a listener hears after its connection was lost. */
export function readTableChange(text: string): TableChange | undefined {
  const [, first, last, tables] = form.exec(text) ?? [];
  if (first === undefined || last === undefined || tables === undefined) return undefined;
  return {
    first: Number(first),
    last: Number(last),
    tables: tables.split(",").filter((table) => table !== ""),
  };
}
