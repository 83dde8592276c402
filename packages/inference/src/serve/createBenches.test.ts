import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { createBenches } from "./createBenches.ts";

function setup(shapesMax: number) {
  const made: string[] = [];
  const ended: string[] = [];
  let rooms = 0;
  let most = 0;
  const benches = createBenches<string, string>(
    { shapesMax },
    {
      keyOf: (shape) => shape,
      make: (shape) => {
        made.push(shape);
        most = Math.max(most, made.length - ended.length);
        return shape;
      },
      end: async (bench) => {
        await setImmediate();
        ended.push(bench);
      },
      onRoom: () => {
        rooms += 1;
      },
    },
  );
  /** Uses a shape for a moment, as soon as there is room. */
  async function touch(shape: string): Promise<void> {
    for (;;) {
      const taken = benches.take(shape);
      if (taken !== undefined) return taken.giveBack();
      await setImmediate();
    }
  }
  return { benches, made, ended, touch, rooms: () => rooms, most: () => most };
}

test("the bench that was unused for longest is let go when another shape comes", async () => {
  const { made, ended, touch, rooms, most } = setup(2);
  for (const shape of ["a", "b", "a", "c", "a"]) await touch(shape);
  expect(ended).toEqual(["b"]);
  expect(made).toEqual(["a", "b", "c"]);
  expect([rooms(), most()]).toEqual([1, 2]);
});

test("benches in use stay, and there are never more than may be", async () => {
  const { benches, made, ended, rooms, most } = setup(2);
  const [a, b] = [benches.take("a")!, benches.take("b")!];
  expect(benches.take("c")).toBeUndefined();
  await setImmediate();
  expect([made, ended]).toEqual([["a", "b"], []]);
  // The oldest takes nobody new, so that its turn comes to an end.
  expect(benches.take("a")).toBeUndefined();
  benches.take("b")!.giveBack();
  a.giveBack();
  await expect.poll(rooms).toBe(1);
  expect(ended).toEqual(["a"]);
  expect(benches.take("c")!.bench).toBe("c");
  expect(benches.take("a")).toBeUndefined();
  b.giveBack();
  await expect.poll(rooms).toBe(2);
  expect(benches.take("a")!.bench).toBe("a");
  expect([ended, most()]).toEqual([["a", "b"], 2]);
});

test("one that is used by nobody goes rather than one that is used", async () => {
  const { benches, ended, touch } = setup(2);
  const [a, b] = [benches.take("a")!, benches.take("b")!];
  expect(benches.take("c")).toBeUndefined();
  b.giveBack();
  await touch("c");
  expect(ended).toEqual(["b"]);
  // It is wanted no longer that the other one goes.
  benches.take("a")!.giveBack();
  a.giveBack();
  expect(ended).toEqual(["b"]);
});

test("closing ends every one once", async () => {
  const { benches, ended, touch } = setup(2);
  await touch("a");
  benches.take("b");
  expect(benches.take("c")).toBeUndefined();
  await benches.close();
  expect(ended.sort()).toEqual(["a", "b"]);
});
