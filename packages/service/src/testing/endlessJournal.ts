/**
 * A journal of numbers of which the newest few matter. Run by itself, `node endlessJournal.ts <path>`, it promises one number after the
 * other and tells each once it is promised, until somebody kills it.
 */
import { openJournal } from "../openJournal.ts";

export type Step = { readonly n: number };

/** Some twenty lines. */
export const rewriteBytesMin = 512;
const newest = 8;

export function keepLast(records: readonly Step[]): readonly Step[] {
  return records.slice(-newest);
}

/** What matters of these records: equal before and after a journal was written anew. */
export const keptOf = keepLast;

async function promiseForEver(path: string): Promise<never> {
  const journal = await openJournal<Step>(path, { keep: keepLast, rewriteBytesMin });
  for (let n = (journal.records.at(-1)?.n ?? -1) + 1; ; n += 1) {
    await journal.append({ n });
    process.stdout.write(`${n}\n`);
  }
}

if (process.argv[1] === import.meta.filename) await promiseForEver(process.argv[2]!);
