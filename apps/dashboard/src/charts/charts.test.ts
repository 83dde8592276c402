import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { savedShare } from "../views/network/savedShare.ts";
import { CountBars } from "./CountBars.tsx";
import { lossPoints, spreadRounds } from "./lossPoints.ts";

const version = (id: number, bits: number) => ({
  id,
  round: id,
  heldOutLoss: String(bits * 65_536),
  status: "mature" as const,
});

test("points stand in the order of the versions, in bits per token where that is known", () => {
  const points = lossPoints([version(2, 400), version(1, 500)], 100);
  expect(points.map(({ adapterId, loss }) => [adapterId, loss])).toEqual([
    [1, 5],
    [2, 4],
  ]);
  expect(lossPoints([version(1, 500)], null)[0]?.loss).toBe(500);
});

test("the axis names rounds that exist, and no more than fit", () => {
  const points = lossPoints(
    [1, 2, 4, 5, 7].map((round) => version(round, 10)),
    1,
  );
  expect(spreadRounds(points, 10)).toEqual([1, 2, 4, 5, 7]);
  expect(spreadRounds(points, 3)).toEqual([1, 4, 7]);
  expect(spreadRounds(points, 0)).toEqual([1]);
});

test("what is saved is rounded down and unknown where a part of it is", () => {
  expect(savedShare({ sampled: 2, bytes: "2" }, "3000")).toBe("99.96 %");
  expect(savedShare({ sampled: 2, bytes: "2" }, null)).toBeNull();
  expect(savedShare({ sampled: 0, bytes: "0" }, "10")).toBeNull();
  expect(savedShare({ sampled: 1, bytes: "11" }, "10")).toBeNull();
});

test("counts of a state that nobody expected are shown too", () => {
  const counts = { leased: 2, invented: 1 };
  const html = renderToStaticMarkup(
    createElement(CountBars, {
      ...{ counts, label: "Chunks", order: ["leased", "mature"] },
      unit: "chunk",
    }),
  );
  expect(html).toContain("2 chunks");
  expect(html).toContain("1 chunk<");
  expect(html.indexOf("leased")).toBeLessThan(html.indexOf("invented"));
  expect(html).not.toContain("mature");
});
