/**
 * Figures that follow from content, and therefore never change: worked out once, remembered, and never waited for long. Content comes
 * from peers in its own time, so who asks before it is here is told that the figure is unknown, and finds it later.
 */
import { type ErrorCode, R3mesError } from "@r3mes/protocol";

const isAway: ReadonlySet<ErrorCode> = new Set(["CONTENT_INCOMPLETE", "CONTENT_UNAVAILABLE"]);

export interface ContentFacts {
  /** Null while it is unknown; the work goes on without whoever asked. Errors other than that it cannot be had are thrown. */
  of<Value>(name: string, work: () => Promise<Value>): Promise<Value | null>;
}

export interface ContentFactsOptions {
  readonly waitMs: number;
  /** Beyond so many all are forgotten. */
  readonly factsMax: number;
}

export function createContentFacts({ waitMs, factsMax }: ContentFactsOptions): ContentFacts {
  const known = new Map<string, unknown>();
  const underWay = new Map<string, Promise<unknown>>();

  function begin(name: string, work: () => Promise<unknown>): Promise<unknown> {
    const begun = work()
      .then(
        (value) => {
          if (known.size >= factsMax) known.clear();
          known.set(name, value);
          return value;
        },
        (error: unknown) => {
          if (error instanceof R3mesError && isAway.has(error.code)) return null;
          throw error;
        },
      )
      .finally(() => underWay.delete(name));
    // Whoever asked may have gone by the time it fails.
    begun.catch(() => undefined);
    underWay.set(name, begun);
    return begun;
  }

  return {
    async of<Value>(name: string, work: () => Promise<Value>) {
      if (known.has(name)) return known.get(name) as Value;
      const working = underWay.get(name) ?? begin(name, work);
      return (await orNullAfter(waitMs, working)) as Value | null;
    },
  };
}

async function orNullAfter<Value>(waitMs: number, work: Promise<Value>): Promise<Value | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, waitMs, null);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
