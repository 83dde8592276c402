/** One line of progress: drawn over itself on a terminal, a line now and then elsewhere, nothing where a script reads. */
import type { Clock } from "@r3mes/service";
import { fitLine } from "./fitLine.ts";
import { columnsOf, type Host } from "./host.ts";

export type Progress = {
  /** What goes on now. Lines that come too fast are left out. */
  show(line: string): void;
  /** A line that stays. */
  keep(line: string): void;
  /** Takes the last line away. */
  end(): void;
  /** What goes on until the work has ended, however it ends. */
  during<Done>(line: string, work: Promise<Done>): Promise<Done>;
};

const terminalMs = 80;
const plainMs = 5_000;

/** Writes to standard error, so that standard output holds the result alone. */
export function createProgress({ stderr }: Host, json: boolean, clock: Clock): Progress {
  const isTerminal = stderr.isTTY === true;
  if (json && !isTerminal) return { show() {}, keep() {}, end() {}, during: (_line, work) => work };
  let shownMs = Number.NEGATIVE_INFINITY;
  const erase = (): void => {
    if (isTerminal) stderr.write("\r\u001b[K");
  };
  const show = (line: string): void => {
    const nowMs = clock.monotonicMs();
    if (nowMs - shownMs < (isTerminal ? terminalMs : plainMs)) return;
    shownMs = nowMs;
    erase();
    stderr.write(isTerminal ? fitLine(line, columnsOf(stderr) - 1) : `${line}\n`);
  };
  return {
    show,
    keep(line) {
      erase();
      stderr.write(`${line}\n`);
    },
    end: erase,
    during(line, work) {
      show(line);
      return work.finally(erase);
    },
  };
}
