import { expect, test } from "vitest";
import { cutDocuments } from "./cutDocuments.ts";

const paragraph = "A paragraph of some fifty characters, near enough. ".repeat(20).trim();

test("a short document stays whole", () => {
  const documents = [{ id: "a", text: paragraph }];
  expect(cutDocuments(documents)).toEqual(documents);
});

test("a long document is cut at its empty lines and loses nothing", () => {
  const text = Array.from({ length: 40 }, (_, i) => `${i} ${paragraph}`).join("\n\n");
  const pieces = cutDocuments([{ id: "a", text }]);
  expect(pieces.length).toBeGreaterThan(3);
  expect(pieces.map((piece) => piece.text).join("\n\n")).toBe(text);
  expect(pieces[1]!.id).toBe("a#2");
});

test("without empty lines it is cut at line ends", () => {
  const text = Array.from({ length: 40 }, () => paragraph).join("\n");
  const pieces = cutDocuments([{ id: "a", text }]);
  expect(pieces.length).toBeGreaterThan(3);
  expect(pieces.map((piece) => piece.text).join("\n")).toBe(text);
});
