import { LINEARS } from "@r3mes/models";
import { expect, onTestFinished, test } from "vitest";
import type { AdapterSize } from "./createAdapterRoom.ts";
import { createAdapterShelf, type TakenAdapter } from "./createAdapterShelf.ts";

/** An adapter named `a` takes 100 bytes, `a3` 300; `missing` is nowhere, and what `slow` names comes when it is told to. */
function setup(bytesMax: number) {
  const loaded: string[] = [];
  const gone: unknown[] = [];
  let most = 0;
  let come = () => {};
  const coming = new Promise<void>((resolve) => {
    come = resolve;
  });
  const shelf = createAdapterShelf(
    { bytesMax },
    {
      load: async (id) => {
        loaded.push(id);
        if (id.startsWith("slow")) await coming;
        if (id.startsWith("missing")) throw new Error("there is none");
        const rank = Number(/\d+$/.exec(id)?.[0] ?? 1);
        return { shape: { rank, alpha: 4, targets: LINEARS }, tensors: new Map() };
      },
      bytesOf: ({ rank }) => 100 * rank,
      copy: async () => ({ copies: new Map(), magnitudes: new Map() }),
      onGone: (copies) => void gone.push(copies),
    },
  );
  const held = () => shelf.held().map((id) => [id, shelf.sizeOf(id)!.bytes] as const);
  /** Takes it if there is room, as a request does: what is missing is brought and asked for again. */
  async function take(id: string, known?: AdapterSize): Promise<TakenAdapter | "no room"> {
    const size = known ?? shelf.sizeOf(id) ?? (await shelf.bring(id));
    let taken = shelf.take(id, size);
    if (taken === "missing") {
      await shelf.bring(id, size);
      taken = shelf.take(id, size);
    }
    most = Math.max(
      most,
      held().reduce((sum, [, bytes]) => sum + bytes, 0),
    );
    onTestFinished(() => expect(most).toBeLessThanOrEqual(bytesMax));
    if (taken === "missing") throw new Error(`${id} was brought and is missing`);
    return taken;
  }
  async function use(id: string): Promise<TakenAdapter> {
    const taken = await take(id);
    if (typeof taken === "string") throw new Error(`${id}: ${taken}`);
    return taken;
  }
  return { shelf, loaded, gone, take, use, come };
}

const sizeOf = (rank: number): AdapterSize => {
  return { shape: { rank, alpha: 4, targets: LINEARS }, bytes: 100 * rank };
};

test("of those that nobody uses the one that was unused for longest goes first", async () => {
  const { shelf, loaded, gone, use } = setup(250);
  for (const id of ["a", "b", "a"]) (await use(id)).giveBack();
  const { copies, giveBack } = await use("b");
  giveBack();
  (await use("a")).giveBack();
  (await use("c")).giveBack();
  expect(shelf.held()).toEqual(["a", "c"]);
  expect(gone).toEqual([copies]);
  await use("b");
  expect(loaded).toEqual(["a", "b", "c", "b"]);
  expect(shelf.held()).toEqual(["c", "b"]);
});

test("one in use does not go, and whoever finds no room has it once it is given back", async () => {
  const { shelf, take, use } = setup(250);
  const [a, b] = [await use("a"), await use("b")];
  expect(await take("c")).toBe("no room");
  // The one used longest takes nobody new, so that it comes to its end.
  expect(shelf.take("a", sizeOf(1))).toBe("no room");
  const again = await use("b");
  expect(shelf.held()).toEqual(["a", "b"]);
  for (const { giveBack } of [again, b]) giveBack();
  a.giveBack();
  expect(shelf.held()).toEqual(["b"]);
  await use("c");
  expect(shelf.held()).toEqual(["b", "c"]);
});

test("room that is made for a large one is not taken by small ones that come later", async () => {
  const { shelf, take, use } = setup(400);
  const [a, b, c, d] = [await use("a"), await use("b"), await use("c"), await use("d")];
  expect(await take("large3")).toBe("no room");
  a.giveBack();
  expect(await take("e", sizeOf(1))).toBe("no room");
  b.giveBack();
  expect(await take("e", sizeOf(1))).toBe("no room");
  c.giveBack();
  await use("large3");
  expect(shelf.held()).toEqual(["d", "large3"]);
  d.giveBack();
});

test("who waited for room and left holds it for nobody", async () => {
  const { shelf, take, use } = setup(200);
  const [a, b] = [await use("a"), await use("b")];
  expect(await take("large2")).toBe("no room");
  for (const { giveBack } of [a, b]) giveBack();
  // Nobody asks for the large one again.
  (await use("c")).giveBack();
  await use("d");
  expect(shelf.held()).toEqual(["c", "d"]);
});

test("what was never here holds no room while it is brought, what was here does", async () => {
  const { shelf, take, use, come } = setup(200);
  const bringing = shelf.bring("slow");
  const both = [await use("a"), await use("b")];
  come();
  await bringing;
  expect(await take("slow")).toBe("no room");
  for (const { giveBack } of both) giveBack();
  expect(shelf.take("slow", sizeOf(1))).toBe("missing");
  const again = shelf.bring("slow", sizeOf(1));
  expect(shelf.take("c", sizeOf(2))).toBe("no room");
  await again;
  await use("slow");
});

test("room that was kept for one that does not come is given to others", async () => {
  const { shelf, take, use } = setup(100);
  expect(shelf.take("missing", sizeOf(1))).toBe("missing");
  const bringing = shelf.bring("missing", sizeOf(1));
  expect(await take("a", sizeOf(1))).toBe("no room");
  await expect(bringing).rejects.toThrow("there is none");
  await use("a");
});

test("one that is larger than all the room is refused", async () => {
  const { take } = setup(250);
  await expect(take("a3")).rejects.toThrow(
    expect.objectContaining({
      code: "ADAPTER_TOO_LARGE",
      facts: expect.objectContaining({ bytes: 300, bytesMax: 250 }),
    }),
  );
});

test("it is loaded once, however many ask, and again after a failure", async () => {
  const { loaded, use, shelf } = setup(1000);
  const [one, two] = await Promise.all([use("a"), use("a")]);
  expect(one.copies).toBe(two.copies);
  await expect(shelf.bring("missing")).rejects.toThrow("there is none");
  await expect(shelf.bring("missing")).rejects.toThrow("there is none");
  expect(loaded).toEqual(["a", "missing", "missing"]);
});
