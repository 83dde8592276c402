/**
 * Joins what is asked in one turn of the process: an answer to several reads costs less than as many answers. It must not know what is
 * read.
 */
import { setImmediate } from "node:timers/promises";

interface Waiting<Read, Result> {
  readonly read: Read;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * @param options.joinedMax reads of one answer: whoever asked first waits for the others
 * @param answer gives a result for each read, or fails for all of them
 */
export function joinReads<Read, Result>(
  { joinedMax }: { readonly joinedMax: number },
  answer: (reads: readonly Read[]) => Promise<readonly Result[]>,
): (read: Read) => Promise<Result> {
  /** In the order in which they were asked. */
  let waiting: Waiting<Read, Result>[] = [];
  let isAnswering = false;

  async function answerAll(): Promise<void> {
    isAnswering = true;
    for (await setImmediate(); waiting.length > 0; await setImmediate()) {
      const joined = waiting.slice(0, joinedMax);
      waiting = waiting.slice(joinedMax);
      await answerOnce(joined);
    }
    isAnswering = false;
  }

  async function answerOnce(joined: readonly Waiting<Read, Result>[]): Promise<void> {
    try {
      const results = await answer(joined.map(({ read }) => read));
      for (const [i, { resolve }] of joined.entries()) resolve(results[i]!);
    } catch (error) {
      const [first] = joined;
      if (joined.length === 1) return first!.reject(error);
      // One that fails takes the others with it.
      for (const one of joined) await answerOnce([one]);
    }
  }

  return (read) =>
    new Promise((resolve, reject) => {
      waiting.push({ read, resolve, reject });
      if (!isAnswering) void answerAll();
    });
}
