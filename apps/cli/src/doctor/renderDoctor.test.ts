import { expect, test } from "vitest";
import { createPaint } from "../paint.ts";
import type { Check } from "./check.ts";
import { renderDoctor } from "./renderDoctor.ts";

const checks: readonly Check[] = [
  { name: "clock", status: "ok", found: "2026-11-27T09:23:52.101Z, 3 ms apart", remedy: null },
  { name: "shared-memory", status: "warn", found: "none", remedy: "Allow it in the browser." },
];
const render = (columns: number) => renderDoctor(checks, createPaint({}, {}), columns);

test("what was found stands beside its name", () => {
  expect(render(80)).toBe(
    " ok    clock          2026-11-27T09:23:52.101Z, 3 ms apart\n" +
      " warn  shared-memory  none\n" +
      "                      Allow it in the browser.\n" +
      "\n" +
      " This machine can run R3MES. 1 thing could be better.\n",
  );
});

test("on a narrow terminal it stands under it, and no line is longer than a line", () => {
  expect(render(40)).toBe(
    " ok    clock\n" +
      "       2026-11-27T09:23:52.101Z, 3 ms\n" +
      "       apart\n" +
      " warn  shared-memory\n" +
      "       none\n" +
      "       Allow it in the browser.\n" +
      "\n" +
      " This machine can run R3MES. 1 thing\n" +
      " could be better.\n",
  );
});
