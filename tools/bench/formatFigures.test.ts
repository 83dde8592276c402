import { expect, test } from "vitest";
import { formatFigure, formatFigures } from "./formatFigures.ts";

test("a person gets a table", () => {
  const machine = {
    cpu: "CPU",
    cores: 2,
    memoryMebibytes: 1024,
    platform: "linux-x64",
    node: "24.21.0",
    load: 0.5,
  };
  const figure = { name: "root", value: 250, unit: "ms", against: "node:crypto", ratio: 0.5 };
  expect(formatFigures(machine, [figure])).toBe(
    [
      "CPU, 2 cores, 1024 MiB, linux-x64, Node 24.21.0, load 0.5",
      "",
      "figure  ours    rival's  against      ratio",
      "root    250 ms  500 ms   node:crypto  0.50 x",
      "",
    ].join("\n"),
  );
});

test("a figure is told in one line, with its rival where it has one", () => {
  const figure = { name: "root", value: 250, unit: "ms", against: "node:crypto", ratio: 0.5 };
  expect(formatFigure(figure)).toBe("root: 250 ms; 0.50 x node:crypto, 500 ms");
  expect(formatFigure({ ...figure, against: null, ratio: null })).toBe("root: 250 ms");
});
