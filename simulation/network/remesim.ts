/**
 * The real state machine of the chain in a process beside this one. A question is written and its answer awaited without giving up
 * the thread: nothing else can happen in between, so a run has one order of events.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** One line of input; exactly one field is set. */
export interface Request {
  readonly start?: {
    readonly chainId: string;
    readonly preset: string;
    readonly time: string;
    /** In uremes, by address. */
    readonly balances: Readonly<Record<string, string>>;
  };
  readonly block?: {
    readonly seconds: number;
    readonly transactions: readonly Transaction[];
    /** Asks for the invariants of the module after the block. */
    readonly check?: boolean;
  };
  readonly query?: { readonly path: string; readonly data: string };
  readonly simulate?: { readonly raw: string };
}

/** Bytes are in base64. */
export type Transaction =
  | { readonly raw: string }
  | { readonly messages: readonly { readonly typeUrl: string; readonly value: string }[] };

export interface Answer {
  readonly height: string;
  readonly appHash: string;
  readonly transactions?: readonly Result[];
  readonly events?: readonly Event[];
  readonly value?: string;
  readonly gasUsed?: string;
  /** The invariant that does not hold. */
  readonly broken?: string;
  readonly error?: string;
}

export interface Result {
  readonly code: number;
  readonly codespace?: string;
  readonly log?: string;
  readonly gasUsed: string;
  readonly events?: readonly Event[];
}

export interface Event {
  readonly type: string;
  readonly attributes: readonly (readonly [key: string, value: string])[];
}

export interface Remesim {
  ask(request: Request): Answer;
  /** The answers in the order of the requests. Behind the first there may be small ones alone. */
  askAll(requests: readonly Request[]): Answer[];
  close(): void;
}

/** For what cannot fail unless this program is wrong. */
export function asked(remesim: Remesim, request: Request): Answer {
  const answer = remesim.ask(request);
  if (answer.error !== undefined) throw new Error(`remesim refused: ${answer.error}`);
  return answer;
}

/** `binary` is the built command, which `npm run bootstrap` makes. */
export function openRemesim(binary: string): Remesim {
  if (!existsSync(binary)) throw new Error(`${binary} is not built: npm run bootstrap builds it`);
  const folder = mkdtempSync(join(tmpdir(), "r3mes-sim-"));
  const [questions, answers] = [join(folder, "questions"), join(folder, "answers")];
  execFileSync("mkfifo", [questions, answers]);
  const child: ChildProcess = spawn(
    "/bin/sh",
    ["-c", 'exec "$0" < "$1" > "$2"', binary, questions, answers],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  child.unref();
  const to = openSync(questions, "w");
  const from = openSync(answers, "r");
  rmSync(folder, { recursive: true, force: true });
  const readLine = createLineReader(from);
  const askAll = (requests: readonly Request[]): Answer[] => {
    writeAll(to, Buffer.from(requests.map((request) => `${JSON.stringify(request)}\n`).join("")));
    return requests.map(() => JSON.parse(readLine()) as Answer);
  };
  return {
    ask: (request) => askAll([request])[0]!,
    askAll,
    close() {
      closeSync(to);
      closeSync(from);
      child.kill();
    },
  };
}

function writeAll(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; at += writeSync(file, bytes, at));
}

const lineFeed = 0x0a;

function createLineReader(file: number): () => string {
  const piece = Buffer.alloc(1 << 20);
  let parts: Buffer[] = [];
  let rest = Buffer.alloc(0);
  return () => {
    for (;;) {
      const end = rest.indexOf(lineFeed);
      if (end >= 0) {
        const line = Buffer.concat([...parts, rest.subarray(0, end)]).toString("utf8");
        parts = [];
        rest = rest.subarray(end + 1);
        return line;
      }
      parts.push(rest);
      const length = readSync(file, piece);
      if (length === 0) throw new Error("remesim ended before it answered");
      rest = Buffer.from(piece.subarray(0, length));
    }
  };
}
