import { expect, test } from "vitest";
import { readFactbook } from "./factbook.ts";
import { readJargonFile } from "./jargonFile.ts";
import { readKingJamesBible } from "./kingJamesBible.ts";
import { readMobyDick } from "./mobyDick.ts";
import { modernSpeeches, oldSpeeches, readSpeeches } from "./speeches.ts";

const json = (name: string, value: unknown) => ({ name, text: JSON.stringify(value) });

test("chapters stand in reading order, front matter after them", () => {
  const chapters = readMobyDick([
    json("chapter_10.json", { chapter: "10", title: "A Bosom Friend.", text: "Returning" }),
    json("etymology.json", { chapter: "Etymology", title: "Etymology", text: "The pale Usher" }),
    json("chapter_2.json", { chapter: "2", title: "The Carpet-Bag.", text: "I stuffed a shirt" }),
  ]);
  expect(chapters.map(({ id }) => id)).toEqual(["2", "10", "etymology"]);
  expect(chapters[0]!.text).toBe("The Carpet-Bag.\n\nI stuffed a shirt");
});

test("a profile becomes one line per field, without empty fields", () => {
  const [profile] = readFactbook([
    json("europe/au.json", {
      Geography: {
        Location: { text: "Central Europe" },
        Area: { total: { text: "83,871 sq km" }, map: { text: null } },
        Rivers: { text: "Danube ++ Inn" },
      },
      Government: { "Country name": { "conventional short form": { text: "Austria" } } },
    }),
  ]);
  expect(profile).toEqual({
    id: "europe/au",
    text: [
      "Country: Austria",
      "",
      "Geography",
      "Location: Central Europe",
      "Area: total: 83,871 sq km",
      "Rivers: Danube",
      "Inn",
      "",
      "Government",
      "Country name: conventional short form: Austria",
    ].join("\n"),
  });
});

test("a profile without a country's name is named by its file", () => {
  const [profile] = readFactbook([json("oceans/xq.json", { Geography: { text: "cold" } })]);
  expect(profile!.text).toMatch(/^Country: xq\n/);
});

test("speeches are split by style, with a gap of years between", () => {
  const speeches = readSpeeches(
    [1790, 1945, 1946, 1980, 1981].map((year) =>
      json(`data/${year}_x.json`, { year, text: `${year}` }),
    ),
  );
  expect(oldSpeeches(speeches).map(({ id }) => id)).toEqual(["1790_x", "1945_x"]);
  expect(modernSpeeches(speeches).map(({ id }) => id)).toEqual(["1981_x"]);
});

test("verses lose their numbers and keep their chapter", () => {
  const output =
    "\nGenesis 1\n\n  1 In the beginning\n  2 And the earth\n\nGenesis 2\n\n  1 Thus the heavens\n";
  expect(readKingJamesBible(output)).toEqual([
    { id: "Genesis 1", text: "Genesis 1\nIn the beginning\nAnd the earth" },
    { id: "Genesis 2", text: "Genesis 2\nThus the heavens" },
  ]);
});

test("the jargon file loses its front page, its lists of headings and its tables", () => {
  const headings = "abbrev accumulator admin alpha amoeba angry".split(" ").join("\n\n   ");
  const table = "   a    b    c\n   d    e    f\n   g    h    i\n   j    k    l\n   m    n    o";
  const text = `Front\n\n   This is the Jargon File, a\n   compendium.\n\n   ${headings}\n\n${table}\n\n   foo: bar.`;
  expect(readJargonFile(text)).toEqual([
    { id: "part-1", text: "This is the Jargon File, a compendium.\n\nfoo: bar." },
  ]);
});
