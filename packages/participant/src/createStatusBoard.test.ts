import { expect, test } from "vitest";
import { createStatusBoard } from "./createStatusBoard.ts";

test("whoever listens hears of each change, until it has heard enough", () => {
  const board = createStatusBoard();
  const heard: unknown[] = [];
  const stop = board.subscribe(() => heard.push(board.current));
  board.current = 1;
  board.current = 2;
  stop();
  board.current = 3;
  expect(heard).toEqual([1, 2]);
});
