import { LINEARS } from "@r3mes/models";
import { expect, test } from "vitest";
import { createAdapterShelf } from "./createAdapterShelf.ts";

function setup(bytesMax: number) {
  const loaded: string[] = [];
  const shelf = createAdapterShelf(
    { bytesMax },
    {
      load: async (id) => {
        loaded.push(id);
        if (id === "missing") throw new Error("there is none");
        return {
          shape: { rank: 4, alpha: 4, targets: LINEARS },
          copies: {
            copies: new Map([["a", { bytes: new Uint8Array(100), rank: 4 }]]),
            magnitudes: new Map(),
          },
        };
      },
    },
  );
  return { shelf, loaded };
}

test("the adapter that was unused for longest goes first", async () => {
  const { shelf, loaded } = setup(250);
  const { copies } = await shelf.get("b");
  expect(shelf.isHeld(copies)).toBe(true);
  for (const id of ["a", "b", "a", "c"]) await shelf.get(id);
  expect(shelf.held()).toEqual(["a", "c"]);
  expect(shelf.isHeld(copies)).toBe(false);
  await shelf.get("b");
  expect(loaded).toEqual(["b", "a", "c", "b"]);
  expect(shelf.held()).toEqual(["c", "b"]);
});

test("what is found is used, and what is not here is not brought", async () => {
  const { shelf, loaded } = setup(250);
  expect(shelf.find("a")).toBeUndefined();
  const a = await shelf.get("a");
  await shelf.get("b");
  expect(shelf.find("a")).toBe(a);
  await shelf.get("c");
  expect(shelf.held()).toEqual(["a", "c"]);
  expect(loaded).toEqual(["a", "b", "c"]);
});

test("an adapter that is larger than the room is held alone", async () => {
  const { shelf } = setup(50);
  for (const id of ["a", "b"]) await shelf.get(id);
  expect(shelf.held()).toEqual(["b"]);
});

test("it is loaded once, however many ask, and again after a failure", async () => {
  const { shelf, loaded } = setup(1000);
  const [one, two] = await Promise.all([shelf.get("a"), shelf.get("a")]);
  expect(one).toBe(two);
  await expect(shelf.get("missing")).rejects.toThrow("there is none");
  await expect(shelf.get("missing")).rejects.toThrow("there is none");
  expect(loaded).toEqual(["a", "missing", "missing"]);
});
