/**
 * Tells which tables of the chain somebody reads, from the statements that are sent while their call runs, however late. It must not
 * touch a statement.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Logger } from "drizzle-orm";

export interface ReadWatch {
  /** Hears every statement, in the context of whoever asks it. */
  readonly logger: Logger;
  /** Runs, and adds to `tables` what statements in it name. */
  readonly watch: (tables: Set<string>, run: () => void) => void;
}

/**
 * A table of the chain, but for what names its columns, and but for `blocks` where rows are joined to it: a block that is written never
 * changes, so who looks up that of a row reads nothing that changes.
 */
const named = /(?<!join )"chain"\."(\w+)"(?!\.)|"chain"\."(?!blocks")(\w+)"(?!\.)/g;
/** Statements of which the tables are remembered: more than there are, but for lists of every length. */
const textsMax = 1_000;

export function createReadWatch(): ReadWatch {
  const watched = new AsyncLocalStorage<Set<string>>();
  const known = new Map<string, readonly string[]>();

  function tablesOf(text: string): readonly string[] {
    const found = known.get(text);
    if (found !== undefined) return found;
    const tables = [...new Set([...text.matchAll(named)].map(([, one, other]) => (one ?? other)!))];
    if (known.size >= textsMax) known.clear();
    known.set(text, tables);
    return tables;
  }

  return {
    logger: {
      logQuery(text) {
        const tables = watched.getStore();
        if (tables === undefined) return;
        for (const table of tablesOf(text)) tables.add(table);
      },
    },
    watch: (tables, run) => watched.run(tables, run),
  };
}
