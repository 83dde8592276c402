import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { matrixElements } from "../api/fetchPoolFacts.ts";
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
  expect(savedShare(1, 3000)).toBe("99.96 %");
  expect(savedShare(1, null)).toBeNull();
  expect(savedShare(0, 10)).toBeNull();
  expect(savedShare(11, 10)).toBeNull();
});

test("counts of a state that nobody expected are shown too", () => {
  const counts = { leased: 2, invented: 1 };
  const html = renderToStaticMarkup(
    createElement(CountBars, { counts, label: "Chunks", order: ["leased", "mature"] }),
  );
  expect(html.indexOf("leased")).toBeLessThan(html.indexOf("invented"));
  expect(html).not.toContain("mature");
});

test("a gradient covers every matrix of the backbone", () => {
  const architecture = {
    ...{ hidden: 256, ffn: 768, layers: 6, heads: 4, kvHeads: 2, headSize: 64 },
    vocabulary: 4096,
  };
  // The embedding, and for each layer q and o, k and v, gate, up and down.
  const layer = 2 * 256 * 256 + 2 * 256 * 128 + 3 * 256 * 768;
  expect(matrixElements({ architecture })).toBe(4096 * 256 + 6 * layer);
});
