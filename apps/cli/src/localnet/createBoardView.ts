/** A board on the terminal that is drawn over itself, and so never higher or wider than that. It leaves the last picture behind. */
import type { Clock } from "@r3mes/service";
import { fitLine } from "../fitLine.ts";
import { columnsOf, type Host, rowsOf } from "../host.ts";
import { createMotion } from "./createMotion.ts";
import type { LocalnetStatus } from "./localnetStatus.ts";
import type { LocalnetView } from "./localnetView.ts";
import { renderBoard } from "./renderBoard.ts";

const hint = " Ctrl-C stops everything; the next start resumes from here.";

export function createBoardView({ stdout, paint }: Host, clock: Clock): LocalnetView {
  let drawnLines = 0;
  let isReady = false;
  let isStopping = false;
  let shown: LocalnetStatus | null = null;
  const isMoving = createMotion();

  const draw = (lines: readonly string[]): void => {
    const columns = columnsOf(stdout);
    const back = drawnLines > 0 ? `\u001b[${drawnLines}A\r\u001b[J` : "";
    stdout.write(back + lines.map((line) => `${fitLine(line, columns)}\n`).join(""));
    drawnLines = lines.length;
  };
  const show = (status: LocalnetStatus): void => {
    shown = status;
    const { dashboard } = status.urls;
    const open = isReady && dashboard !== undefined ? [` Open ${paint.bold(dashboard)}`] : [];
    const last = isStopping ? [paint.yellow(" Stopping …")] : [paint.dim(hint), ...open];
    // The cursor stands in a line of its own below the last one.
    const rows = Math.max(1, rowsOf(stdout) - last.length - 3);
    // Its lines are cut, not broken.
    const now = { nowMs: clock.nowMs(), isMoving: isMoving(status.height, clock.monotonicMs()) };
    const form = { paint, ...now, columns: Infinity, rows };
    draw(["", ...renderBoard(status, form), "", ...last]);
  };
  return {
    step: (text) => {
      // Steps stay above the board; a board that is drawn already would be overwritten.
      if (drawnLines === 0) stdout.write(` ${paint.cyan("·")} ${text}\n`);
    },
    show,
    ready: (status) => {
      isReady = true;
      show(status);
    },
    stopping: () => {
      isStopping = true;
      if (shown !== null) show(shown);
    },
    stopped: (height) => {
      const at = height === null ? "" : ` at height ${height.toLocaleString("en-US")}`;
      stdout.write(
        ` Stopped${at}. ${paint.dim("The state is kept: npx r3mes localnet goes on.")}\n`,
      );
    },
  };
}
