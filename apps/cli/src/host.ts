/** What a command sees of the process it runs in, so that a test can stand in for it. */
import { createPaint, type Paint } from "./paint.ts";

export type Host = {
  readonly env: { readonly [name: string]: string | undefined };
  readonly cwd: string;
  readonly stdin: { readonly isTTY?: boolean };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Colours of standard output, and of standard error. */
  readonly paint: Paint;
  readonly errorPaint: Paint;
};

export type OutputStream = {
  readonly write: (text: string) => unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  /** Told when nobody reads it any more. */
  readonly once?: (event: "error", listener: () => void) => unknown;
};

const columnsDefault = 80;

/** Width of what is written to; a terminal that does not know its own says 0. */
export function columnsOf(stream: OutputStream): number {
  return stream.columns || columnsDefault;
}

/** Height of a terminal; one that does not know its own says 0, and has room. */
export function rowsOf(stream: OutputStream): number {
  return stream.rows || Number.POSITIVE_INFINITY;
}

export function processHost(): Host {
  const { env, stdin, stdout, stderr } = process;
  // A reader that goes away, as in `r3mes … | head`, or a closed terminal must not end the process
  // before it has put things in order.
  for (const stream of [stdout, stderr]) stream.on("error", () => {});
  return {
    env,
    cwd: process.cwd(),
    stdin,
    stdout,
    stderr,
    paint: createPaint(stdout, env),
    errorPaint: createPaint(stderr, env),
  };
}
