import { expect, test } from "vitest";
import { createBenches } from "./createBenches.ts";

function setup(shapesMax: number) {
  const made: string[] = [];
  const ended: string[] = [];
  const benches = createBenches<string, string>(
    { shapesMax },
    {
      keyOf: (shape) => shape,
      make: (shape) => {
        made.push(shape);
        return shape;
      },
      end: async (bench) => void ended.push(bench),
    },
  );
  const touch = (shape: string) => benches.take(shape).giveBack();
  return { benches, made, ended, touch };
}

test("the bench that was unused for longest is let go when another shape comes", () => {
  const { made, ended, touch } = setup(2);
  for (const shape of ["a", "b", "a", "c", "a"]) touch(shape);
  expect(ended).toEqual(["b"]);
  expect(made).toEqual(["a", "b", "c"]);
});

test("a bench in use stays, and goes when it is given back if there is no room for it", () => {
  const { benches, ended, touch } = setup(1);
  const [one, two] = [benches.take("a"), benches.take("a")];
  touch("b");
  expect(ended).toEqual(["b"]);
  one.giveBack();
  touch("c");
  expect(ended).toEqual(["b", "c"]);
  two.giveBack();
  touch("d");
  expect(ended).toEqual(["b", "c", "a"]);
});

test("a work that fails gives its bench back; closing ends every one once", async () => {
  const { benches, ended, touch } = setup(1);
  await expect(benches.use("a", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  touch("b");
  expect(ended).toEqual(["a"]);
  await benches.close();
  expect(ended).toEqual(["a", "b"]);
});
