import { expect, test } from "vitest";
import { inProgramOrder } from "./inProgramOrder.ts";

test("what is shown late holds back what comes behind it in the program", () => {
  const seen: string[] = [];
  const show = inProgramOrder(
    (position, output, [byte]) => void seen.push(`${position}.${output} ${byte}`),
    [2, 5, 9],
  );
  show(5, [Uint8Array.of(50), Uint8Array.of(51)]);
  expect(seen).toEqual([]);
  show(2, [Uint8Array.of(20)]);
  expect(seen).toEqual(["2.0 20", "5.0 50", "5.1 51"]);
  show(9, [Uint8Array.of(90)]);
  expect(seen.at(-1)).toBe("9.0 90");
});
