import fc from "fast-check";
import { expect, test } from "vitest";
import { createWriter } from "../encoding/createWriter.ts";
import { fromHex } from "../encoding/fromHex.ts";
import { toHex } from "../encoding/toHex.ts";
import { LIMITS } from "../gen/limits.ts";
import type { Hash } from "../hash/asHash.ts";
import { sha256 } from "../hash/sha256.ts";
import { hexes, readVectors, refusalOf } from "../testing/readVectors.ts";
import { buildTree, treeTop } from "./buildTree.ts";
import { createTreeBuilder } from "./createTreeBuilder.ts";
import { listRoot, listRootOfTree } from "./listRoot.ts";
import { proveSlots, treeOfMultiproof } from "./multiproof.ts";
import { proveSlot, treeOfProof } from "./proof.ts";
import { treeDepth } from "./treeDepth.ts";
import { emptyHash, leafHash, leafHashes, nodeHash } from "./treeHashes.ts";
import { verifyListItem, verifyListItems } from "./verifyListItems.ts";

const tag = "remes/test/1";

function slots(count: number): Hash[] {
  return Array.from({ length: count }, (_, i) => leafHash(createWriter().u32(i).finish()));
}

/** The tree as the specification writes it: halves, down to the slots. */
function definition(items: readonly Uint8Array[], depth: number): Uint8Array {
  if (depth === 0) return items[0] ?? emptyHash(0);
  const half = 2 ** (depth - 1);
  return nodeHash(
    definition(items.slice(0, half), depth - 1),
    definition(items.slice(half), depth - 1),
  );
}

test("leaves that are hashed together are those that are hashed one by one, and have one length", () => {
  const items = [
    [1, 2],
    [3, 4],
    [0, 0],
  ].map((bytes) => Uint8Array.from(bytes));
  expect(leafHashes(items).map(toHex)).toEqual(items.map((item) => toHex(leafHash(item))));
  expect(leafHashes([])).toEqual([]);
  expect(() => leafHashes([Uint8Array.of(1), Uint8Array.of(1, 2)])).toThrow("one length");
  expect(() => leafHashes([Uint8Array.of(1), new Uint8Array()])).toThrow("one length");
});

test.each(readVectors("merkle/hashes.json"))("$name", ({ leaf, left, right, height, hash }) => {
  if (leaf !== undefined) expect(toHex(leafHash(fromHex(leaf)))).toBe(hash);
  else if (height !== undefined) expect(toHex(emptyHash(height))).toBe(hash);
  else expect(toHex(nodeHash(fromHex(left), fromHex(right)))).toBe(hash);
});

test.each(readVectors("merkle/list.json"))("the root of $name", (vector) => {
  expect(treeDepth(vector.count)).toBe(vector.depth);
  expect(toHex(listRoot(vector.tag, slots(vector.count)))).toBe(vector.root);
});

test.each(readVectors("merkle/proof.json"))("a proof: $name", (vector) => {
  const list = { tag: vector.tag, count: vector.count, root: fromHex(vector.root) };
  const item = {
    index: vector.index,
    slot: fromHex(vector.slot),
    siblings: hexes(vector.siblings),
  };
  expect(refusalOf(() => verifyListItem(list, item))).toBe(vector.refused);
});

test.each(readVectors("multiproof/list.json"))("a multiproof: $name", (vector) => {
  const list = { tag: vector.tag, count: vector.count, root: fromHex(vector.root) };
  const { indices } = vector;
  const items = { indices, slots: hexes(vector.slots), siblings: hexes(vector.siblings) };
  expect(refusalOf(() => verifyListItems(list, items))).toBe(vector.refused);
});

test("builder, whole tree and definition agree for every small number of slots", () => {
  for (let count = 0; count <= 40; count++) {
    const items = slots(count);
    const builder = createTreeBuilder();
    for (const item of items) builder.push(item);
    const expected = definition(items, treeDepth(count));
    expect(builder.finish()).toEqual(expected);
    expect(treeTop(buildTree(items))).toEqual(expected);
  }
});

test("lists of neighbouring lengths, and lists that differ in one slot, have different roots", () => {
  const roots = new Set<string>();
  for (let count = 0; count <= 70; count++) roots.add(toHex(listRoot(tag, slots(count))));
  roots.add(toHex(listRoot(tag, [...slots(69), slots(1)[0]!])));
  // The empty slot itself, put in as an item, does not make a list look shorter.
  roots.add(toHex(listRoot(tag, [...slots(69), emptyHash(0)])));
  expect(roots.size).toBe(73);
});

const sizeAndIndices = fc.integer({ min: 1, max: 300 }).chain((count) =>
  fc.tuple(
    fc.constant(count),
    fc
      .uniqueArray(fc.nat(count - 1), { minLength: 1, maxLength: 40 })
      .map((indices) => indices.sort((a, b) => a - b)),
  ),
);

test("a multiproof proves what single proofs prove, with at most as many hashes", () => {
  fc.assert(
    fc.property(sizeAndIndices, ([count, indices]) => {
      const all = slots(count);
      const tree = buildTree(all);
      const chosen = indices.map((index) => all[index]!);
      const siblings = proveSlots(tree, indices);
      const { depth } = tree;
      const top = treeOfMultiproof({ depth, indices, slots: chosen, siblings });
      const singles = indices.map((index) => proveSlot(tree, index));
      singles.forEach((proof, i) => {
        const single = { depth, index: indices[i]!, slot: chosen[i]!, siblings: proof };
        expect(treeOfProof(single)).toEqual(top);
      });
      expect(siblings.length).toBeLessThanOrEqual(singles.flat().length);
      expect(new Set(siblings.map(toHex)).size).toBeLessThanOrEqual(siblings.length);
      if (indices.length === 1) expect(siblings).toEqual(singles[0]);
    }),
    { numRuns: 60 },
  );
});

test("a multiproof with any one byte changed, hash dropped, doubled or moved is refused", () => {
  fc.assert(
    fc.property(
      sizeAndIndices,
      fc.nat(),
      fc.nat(31),
      fc.integer({ min: 1, max: 255 }),
      (place, at, byte, change) => {
        const [count, indices] = place;
        const all = slots(count);
        const siblings = proveSlots(buildTree(all), indices);
        const list = { tag, count, root: listRoot(tag, all) } as const;
        const chosen = indices.map((index) => all[index]!);
        const verify = (proof: readonly Uint8Array[], items: readonly Uint8Array[] = chosen) =>
          refusalOf(() => verifyListItems(list, { indices, slots: items, siblings: proof }));
        expect(verify(siblings)).toBeUndefined();

        const forgedSlots = chosen.map((slot, i) =>
          i === at % chosen.length ? flip(slot, byte, change) : slot,
        );
        expect(verify(siblings, forgedSlots)).toBe("MERKLE_PROOF_INVALID");
        expect(verify([...siblings, emptyHash(0)])).toBe("MERKLE_PROOF_SHAPE_INVALID");
        if (siblings.length === 0) return;
        const i = at % siblings.length;
        expect(verify(siblings.with(i, flip(siblings[i]!, byte, change)))).toBe(
          "MERKLE_PROOF_INVALID",
        );
        expect(verify(siblings.toSpliced(i, 1))).toBe("MERKLE_PROOF_SHAPE_INVALID");
        expect(verify(siblings.toSpliced(i, 0, siblings[i]!))).toBe("MERKLE_PROOF_SHAPE_INVALID");
        if (siblings.length > 1 && toHex(siblings[0]!) !== toHex(siblings.at(-1)!)) {
          const swapped = siblings.with(0, siblings.at(-1)!).with(-1, siblings[0]!);
          expect(verify(swapped)).toBe("MERKLE_PROOF_INVALID");
        }
      },
    ),
    { numRuns: 60 },
  );
});

function flip(hash: Uint8Array, byte: number, change: number): Hash {
  return hash.with(byte, hash[byte]! ^ change) as Hash;
}

test("hostile proofs are refused with a code and never crash", () => {
  const hashes = fc.array(fc.uint8Array({ minLength: 31, maxLength: 33 }), { maxLength: 6 });
  const numbers = fc.array(fc.oneof(fc.nat(8), fc.double(), fc.integer()), { maxLength: 6 });
  fc.assert(
    fc.property(fc.nat(9), numbers, hashes, hashes, (count, indices, items, siblings) => {
      const list = { tag, count, root: new Uint8Array(32) } as const;
      expect(
        refusalOf(() => verifyListItems(list, { indices, slots: items, siblings })),
      ).toBeDefined();
      const item = { index: indices[0] ?? 0, slot: items[0] ?? new Uint8Array(32), siblings };
      expect(refusalOf(() => verifyListItem(list, item))).toBeDefined();
    }),
  );
});

test("the preimage of a node, presented as the bytes of a leaf, leads elsewhere", () => {
  const [left, right] = slots(2) as [Hash, Hash];
  const forged = leafHash(Uint8Array.of(...left, ...right));
  const alsoForged = leafHash(Uint8Array.of(1, ...left, ...right));
  const node = nodeHash(left, right);
  expect(forged).not.toEqual(node);
  expect(alsoForged).not.toEqual(node);
});

test("as many items as a multiproof admits are proven, one more is refused", () => {
  const max = LIMITS.multiproofLeavesMax;
  const all = slots(max + 1);
  const tree = buildTree(all);
  const indices = Array.from({ length: max }, (_, i) => i);
  const items = { indices, slots: all.slice(0, max), siblings: proveSlots(tree, indices) };
  const list = { tag, count: max + 1, root: listRoot(tag, all) } as const;
  expect(refusalOf(() => verifyListItems(list, items))).toBeUndefined();
  const more = { ...items, indices: [...indices, max], slots: all };
  expect(refusalOf(() => verifyListItems(list, more))).toBe("LIMIT_EXCEEDED");
  expect(refusalOf(() => proveSlots(tree, more.indices))).toBe("LIMIT_EXCEEDED");
});

test("a tree of 2^32 slots has depth 32, and no tree is larger", () => {
  expect(treeDepth(2 ** 32)).toBe(32);
  expect(refusalOf(() => treeDepth(2 ** 32 + 1))).toBe("NUMBER_OUT_OF_RANGE");
  expect(refusalOf(() => treeDepth(-1))).toBe("NUMBER_OUT_OF_RANGE");
  expect(refusalOf(() => treeDepth(1.5))).toBe("NUMBER_OUT_OF_RANGE");
  expect(refusalOf(() => emptyHash(33))).toBe("ASSERTION_FAILED");
});

test("the last slot of the deepest tree is proven", () => {
  const siblings = Array.from({ length: 32 }, (_, height) => emptyHash(height));
  const slot = slots(1)[0]!;
  const builder = createTreeBuilder();
  builder.skip(2 ** 32 - 1);
  builder.push(slot);
  expect(treeOfProof({ depth: 32, index: 2 ** 32 - 1, slot, siblings })).toEqual(builder.finish());
});

test("skipped slots are empty, wherever they lie", () => {
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.nat(99), { nil: undefined }), { maxLength: 70 }),
      (places) => {
        const all = slots(100);
        const items = places.map((place) => (place === undefined ? undefined : all[place]!));
        const builder = createTreeBuilder();
        for (const item of items) {
          if (item === undefined) builder.skip(1);
          else builder.push(item);
        }
        expect(builder.finish()).toEqual(treeTop(buildTree(items)));
      },
    ),
  );
});

test("subtrees can be pushed whole, where they are aligned", () => {
  const all = slots(8);
  const builder = createTreeBuilder();
  builder.pushSubtree(treeTop(buildTree(all.slice(0, 4))), 2);
  for (const slot of all.slice(4)) builder.push(slot);
  expect(builder.finish()).toEqual(treeTop(buildTree(all)));
  const unaligned = createTreeBuilder();
  unaligned.push(all[0]!);
  expect(refusalOf(() => unaligned.pushSubtree(all[1]!, 1))).toBe("ASSERTION_FAILED");
});

test("a finished builder takes no more slots", () => {
  const builder = createTreeBuilder();
  builder.finish();
  expect(refusalOf(() => builder.push(slots(1)[0]!))).toBe("ASSERTION_FAILED");
});

test("the hash function is a dependency", () => {
  let calls = 0;
  const counting = (bytes: Uint8Array) => {
    calls++;
    return sha256(bytes);
  };
  const root = listRoot(tag, slots(5), counting);
  expect(root).toEqual(listRoot(tag, slots(5)));
  // Nodes (0 1), (2 3), (4 -), ((0 1) (2 3)), ((4 -) -), the top, and the root of the list.
  expect(calls).toBe(7);
  expect(listRootOfTree(tag, 5, treeTop(buildTree(slots(5))))).toEqual(root);
});
