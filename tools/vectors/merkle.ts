/** Vectors of trees, tensors and proofs: spec/encoding.md sections 4 to 7. */
import {
  adapterRoot,
  backboneRoot,
  buildTree,
  createWriter,
  datasetRoot,
  emptyHash,
  type Hash,
  leafHash,
  listRoot,
  nodeHash,
  operationRoot,
  programRoot,
  proveSlot,
  proveSlots,
  stateRoot,
  stepsRoot,
  submissionsRoot,
  type TensorLayout,
  tensorDepth,
  tensorGrid,
  tensorRoot,
  tensorTree,
  tileBytes,
  tileIndex,
  tilePosition,
  traceRoot,
  treeDepth,
  updateRoot,
  verifyListItem,
  verifyListItems,
  verifyTile,
  verifyTiles,
} from "@r3mes/protocol";
import { counting, describe, outcome } from "./describe.ts";
import type { VectorCase, VectorFile } from "./vectorFile.ts";

const tag = "remes/test/1";

/** Slot i of the lists in these vectors: the leaf of i as a u32. */
function slot(i: number): Hash {
  return leafHash(createWriter().u32(i).finish());
}

function slots(count: number): Hash[] {
  return Array.from({ length: count }, (_, i) => slot(i));
}

function hashCases(): readonly VectorCase[] {
  const preimage = new Uint8Array(64).fill(7);
  return [
    { name: "the leaf of nothing", leaf: "", hash: leafHash(new Uint8Array()) },
    { name: "the leaf of one zero byte", leaf: "00", hash: leafHash(Uint8Array.of(0)) },
    {
      name: "the leaf of 64 bytes is not the node of their halves",
      leaf: preimage,
      hash: leafHash(preimage),
    },
    {
      name: "the node of the same halves",
      left: preimage.slice(32),
      right: preimage.slice(32),
      hash: nodeHash(preimage.slice(32), preimage.slice(32)),
    },
    {
      name: "a node tells left from right",
      left: counting(0),
      right: counting(32),
      hash: nodeHash(counting(0), counting(32)),
    },
    {
      name: "a node with its children swapped",
      left: counting(32),
      right: counting(0),
      hash: nodeHash(counting(32), counting(0)),
    },
    ...[0, 1, 2, 10, 31, 32].map((height) => ({
      name: `the empty tree of height ${height}`,
      height,
      hash: emptyHash(height),
    })),
  ];
}

function listCases(): readonly VectorCase[] {
  const counts = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 100, 255, 256, 257, 1000];
  return counts.map((count) => {
    const name = `${count} items`;
    return { name, tag, count, depth: treeDepth(count), root: listRoot(tag, slots(count)) };
  });
}

type ItemProof = {
  readonly index: number;
  readonly slot: Uint8Array;
  readonly siblings: readonly Uint8Array[];
};

/** A proof against the list of `count` items, with the verdict of the verifier. */
function proofCase(
  name: string,
  count: number,
  item: ItemProof,
  root = listRoot(tag, slots(count)),
): VectorCase {
  const verdict = outcome("verified", () => {
    verifyListItem({ tag, count, root }, item);
    return true;
  });
  return { name, tag, count, root, ...item, ...verdict };
}

function proofCases(): readonly VectorCase[] {
  const five = buildTree(slots(5));
  const honest = (index: number): ItemProof => ({
    index,
    slot: slot(index),
    siblings: proveSlot(five, index),
  });
  const [first, second, third] = honest(4).siblings as [Hash, Hash, Hash];
  const upper = nodeHash(slot(0), slot(1));
  const shorter = listRoot(tag, slots(4));
  const duplicated = [...slots(5), slot(4)];
  return [
    proofCase("the only item", 1, { index: 0, slot: slot(0), siblings: [] }),
    ...[0, 1, 2, 3, 4].map((index) => proofCase(`item ${index} of five`, 5, honest(index))),
    proofCase("item 999 of a thousand", 1000, {
      index: 999,
      slot: slot(999),
      siblings: proveSlot(buildTree(slots(1000)), 999),
    }),
    proofCase("an index at the length", 5, {
      index: 5,
      slot: emptyHash(0),
      siblings: proveSlot(five, 5),
    }),
    proofCase("an index beyond the tree", 5, { ...honest(0), index: 8 }),
    proofCase("an item of the empty list", 0, { index: 0, slot: emptyHash(0), siblings: [] }),
    proofCase("a sibling too many", 5, {
      ...honest(4),
      siblings: [first, second, third, emptyHash(0)],
    }),
    proofCase("a sibling too few", 5, { ...honest(4), siblings: [first, second] }),
    proofCase("no siblings", 5, { ...honest(4), siblings: [] }),
    proofCase("siblings swapped", 5, { ...honest(4), siblings: [second, first, third] }),
    proofCase("a sibling of another item", 5, { ...honest(4), siblings: [slot(3), second, third] }),
    proofCase("the slot of another item", 5, { ...honest(2), slot: slot(3) }),
    proofCase("the right slot at another index", 5, { ...honest(2), index: 3 }),
    proofCase("a node presented as an item", 5, {
      index: 0,
      slot: upper,
      siblings: honest(0).siblings.slice(1),
    }),
    proofCase("a node presented as an item, with the depth padded", 5, {
      index: 0,
      slot: upper,
      siblings: [...honest(0).siblings.slice(1), emptyHash(3)],
    }),
    proofCase(
      "a shortened list under the root of the whole",
      4,
      { index: 3, slot: slot(3), siblings: proveSlot(buildTree(slots(4)), 3) },
      listRoot(tag, slots(5)),
    ),
    proofCase("the whole list under the root of a shortened one", 5, honest(0), shorter),
    proofCase(
      "the last item duplicated to fill the tree",
      6,
      { index: 5, slot: slot(4), siblings: proveSlot(buildTree(duplicated), 5) },
      listRoot(tag, slots(5)),
    ),
    proofCase(
      "a list of the same items under another tag",
      5,
      honest(0),
      listRoot("remes/test/2", slots(5)),
    ),
  ];
}

type ItemsProof = {
  readonly indices: readonly number[];
  readonly slots: readonly Uint8Array[];
  readonly siblings: readonly Uint8Array[];
};

function multiproofCase(name: string, count: number, items: ItemsProof): VectorCase {
  const root = listRoot(tag, slots(count));
  const verdict = outcome("verified", () => {
    verifyListItems({ tag, count, root }, items);
    return true;
  });
  return { name, tag, count, root, ...items, ...verdict };
}

function multiproofCases(): readonly VectorCase[] {
  const honest = (count: number, indices: readonly number[]): ItemsProof => ({
    indices,
    slots: indices.map(slot),
    siblings: proveSlots(buildTree(slots(count)), indices),
  });
  const three = honest(11, [1, 4, 5]);
  const [first, second, ...others] = three.siblings as Hash[];
  // A verifier that walks such indices ends with two tops, and would compare the first of them alone.
  const smuggled = (index: number): ItemsProof => ({
    indices: [5, index],
    slots: [slot(5), emptyHash(0)],
    siblings: proveSlot(buildTree(slots(11)), 5).flatMap((sibling) => [sibling, emptyHash(0)]),
  });
  return [
    multiproofCase("one item is its single proof", 11, honest(11, [6])),
    multiproofCase("the only item", 1, honest(1, [0])),
    multiproofCase("a pair of neighbours", 11, honest(11, [4, 5])),
    multiproofCase("neighbours that share no parent", 11, honest(11, [5, 6])),
    multiproofCase("the two ends", 11, honest(11, [0, 10])),
    multiproofCase("three items", 11, three),
    multiproofCase("every item of eight needs no hash", 8, honest(8, [0, 1, 2, 3, 4, 5, 6, 7])),
    multiproofCase("every item of five needs the empty siblings", 5, honest(5, [0, 1, 2, 3, 4])),
    multiproofCase("a strided run", 100, honest(100, [3, 13, 23, 33, 43, 53, 63, 73, 83, 93])),
    multiproofCase("no items", 11, { indices: [], slots: [], siblings: [] }),
    multiproofCase("descending indices", 11, {
      ...three,
      indices: [4, 1, 5],
      slots: [4, 1, 5].map(slot),
    }),
    multiproofCase("a repeated index", 11, {
      ...three,
      indices: [1, 4, 4],
      slots: [1, 4, 4].map(slot),
    }),
    multiproofCase("an index at the length", 11, { ...three, indices: [1, 4, 11] }),
    multiproofCase("a sibling too many", 11, {
      ...three,
      siblings: [...three.siblings, emptyHash(0)],
    }),
    multiproofCase("a sibling too few", 11, { ...three, siblings: three.siblings.slice(0, -1) }),
    multiproofCase("siblings swapped", 11, { ...three, siblings: [second!, first!, ...others] }),
    multiproofCase("a sibling that could be computed is sent", 11, {
      ...three,
      siblings: [first!, slot(5), second!, ...others],
    }),
    multiproofCase("slots swapped", 11, { ...three, slots: [1, 5, 4].map(slot) }),
    multiproofCase("a slot too few", 11, { ...three, slots: [1, 4].map(slot) }),
    multiproofCase("the slot of another item", 11, { ...three, slots: [2, 4, 5].map(slot) }),
    multiproofCase("items of another list", 12, three),
    multiproofCase("a repeated index that smuggles in an unproven slot", 11, smuggled(5)),
    multiproofCase("a descending index that smuggles in an unproven slot", 11, smuggled(1)),
  ];
}

/** Byte j of tile i (row-major in the grid) of the tensors in these vectors. */
function tiles(layout: TensorLayout): Uint8Array[] {
  const count = tensorGrid(layout).reduce((product, extent) => product * extent, 1);
  return Array.from({ length: count }, (_, i) =>
    Uint8Array.from({ length: tileBytes(layout) }, (_byte, j) => 31 * i + j),
  );
}

const layouts: readonly (readonly [string, TensorLayout])[] = [
  ["one element", { tensor: 0, type: "i8", shape: [1], tile: [1, 1] }],
  ["a vector cut into tiles of eight", { tensor: 1, type: "i32", shape: [20], tile: [1, 8] }],
  [
    "a column has another root than a row",
    { tensor: 1, type: "i32", shape: [20, 1], tile: [8, 1] },
  ],
  ["a matrix, both dimensions padded", { tensor: 2, type: "i8", shape: [24, 72], tile: [8, 24] }],
  [
    "the same matrix under another number",
    { tensor: 3, type: "i8", shape: [24, 72], tile: [8, 24] },
  ],
  ["the same matrix of another type", { tensor: 2, type: "u8", shape: [24, 72], tile: [8, 24] }],
  [
    "edges are padded: the shape still tells",
    { tensor: 2, type: "i8", shape: [23, 71], tile: [8, 24] },
  ],
  ["three dimensions", { tensor: 4, type: "i16", shape: [3, 5, 4], tile: [2, 4] }],
  ["four dimensions", { tensor: 5, type: "i64", shape: [2, 3, 4, 5], tile: [4, 2] }],
  [
    "ternary weights, four to a byte",
    { tensor: 6, type: "ternary", shape: [32, 512], tile: [32, 256] },
  ],
  ["ternary bytes are rounded up", { tensor: 6, type: "ternary", shape: [1, 5], tile: [1, 5] }],
  ["a dataset shard of 1,500 tokens", { tensor: 0, type: "u32", shape: [1500], tile: [1, 1024] }],
  [
    "the largest numbers in the header",
    { tensor: 4294967295, type: "u16", shape: [1, 1], tile: [1, 65535] },
  ],
];

const refusedLayouts: readonly (readonly [string, TensorLayout])[] = [
  ["no dimension", { tensor: 0, type: "i8", shape: [], tile: [1, 1] }],
  ["an extent of zero", { tensor: 0, type: "i8", shape: [4, 0], tile: [1, 1] }],
  ["an extent of 2^31", { tensor: 0, type: "i8", shape: [2147483648], tile: [1, 1024] }],
  ["a tile without columns", { tensor: 0, type: "i8", shape: [4, 4], tile: [1, 0] }],
  ["a tile of 65,536 columns", { tensor: 0, type: "i8", shape: [4, 4], tile: [1, 65536] }],
];

function tensorCases(): readonly VectorCase[] {
  const sound = layouts.map(([name, layout]): VectorCase => {
    const grid = tensorGrid(layout);
    const last = tileIndex(
      layout,
      grid.map((extent) => extent - 1),
    );
    return {
      name,
      ...layout,
      grid,
      depth: tensorDepth(layout),
      tileBytes: tileBytes(layout),
      lastTile: last,
      root: tensorRoot(layout, tiles(layout)),
    };
  });
  const refused = refusedLayouts.map(([name, layout]): VectorCase => {
    return { name, ...layout, ...outcome("depth", () => tensorDepth(layout)) };
  });
  return [...sound, ...refused];
}

const matrix: TensorLayout = { tensor: 2, type: "i8", shape: [24, 72], tile: [8, 24] };

function tileCases(): readonly VectorCase[] {
  const all = tiles(matrix);
  const tree = tensorTree(matrix, all);
  const root = tensorRoot(matrix, all);
  const bytesAt = (index: number) => {
    const [row, column] = tilePosition(matrix, index) as [number, number];
    return all[3 * row + column]!;
  };
  const proven = (
    name: string,
    index: number,
    change: {
      index?: number;
      bytes?: Uint8Array;
      siblings?: readonly Uint8Array[];
      tensor?: number;
    } = {},
  ): VectorCase => {
    const { tensor = matrix.tensor, ...other } = change;
    const tile = { index, bytes: bytesAt(index), siblings: proveSlot(tree, index), ...other };
    const layout = { ...matrix, tensor };
    const verdict = outcome("verified", () => {
      verifyTile({ ...layout, root }, tile);
      return true;
    });
    return { name, ...layout, root, ...tile, ...verdict };
  };
  return [
    ...[0, 2, 4, 6, 10].map((index) => proven(`tile ${index}`, index)),
    proven("the padding between rows", 2, { index: 3 }),
    proven("the padding below the last row", 2, { index: 12 }),
    proven("an index beyond the tree", 2, { index: 16 }),
    proven("the tile of another position", 2, { index: 6 }),
    proven("one bit changed", 2, {
      bytes: bytesAt(2).map((byte, i) => (i === 100 ? byte ^ 1 : byte)),
    }),
    proven("a byte too few", 2, { bytes: bytesAt(2).slice(1) }),
    proven("a byte too many", 2, { bytes: Uint8Array.of(...bytesAt(2), 0) }),
    proven("a sibling too few", 2, { siblings: proveSlot(tree, 2).slice(1) }),
    proven("another tensor", 2, { tensor: 3 }),
  ];
}

function rowCases(): readonly VectorCase[] {
  const all = tiles(matrix);
  const root = tensorRoot(matrix, all);
  const indices = [4, 5, 6];
  const proof = {
    indices,
    bytes: [3, 4, 5].map((i) => all[i]!),
    siblings: proveSlots(tensorTree(matrix, all), indices),
  };
  verifyTiles({ ...matrix, root }, proof);
  return [
    { name: "a row of tiles is nearly a subtree", ...matrix, root, ...proof, verified: true },
  ];
}

function rootCases(): readonly VectorCase[] {
  const roots = [counting(0), counting(32), counting(64)];
  const records = [new Uint8Array(), counting(1, 100)];
  const place = { pool: 1n, round: 2n, chunk: 3n, t: 4 };
  const last = {
    pool: 2n ** 64n - 1n,
    round: 2n ** 64n - 1n,
    chunk: 2n ** 64n - 1n,
    t: 2 ** 32 - 1,
  };
  const named = {
    operation: operationRoot,
    trace: traceRoot,
    steps: stepsRoot,
    backbone: backboneRoot,
    adapter: adapterRoot,
    dataset: datasetRoot,
  };
  return [
    ...Object.entries(named).map(([kind, root]) => ({
      name: kind,
      kind,
      roots,
      root: root(roots),
    })),
    { name: "state", kind: "state", ...place, roots, root: stateRoot(place, roots) },
    {
      name: "state at the extremes",
      kind: "state",
      ...last,
      roots: roots.slice(1),
      root: stateRoot(last, roots.slice(1)),
    },
    { name: "program", kind: "program", records, root: programRoot(records) },
    { name: "submissions", kind: "submissions", records, root: submissionsRoot(records) },
    updateCase("update", [1, 4_194_304], [1, 93], roots.slice(0, 2)),
    updateCase("update of one tensor without a change", [0], [0], roots.slice(0, 1)),
  ];
}

function updateCase(name: string, scales: number[], kept: number[], roots: Uint8Array[]) {
  const items = roots.map((signsRoot, i) => ({ scale: scales[i]!, kept: kept[i]!, signsRoot }));
  return { name, kind: "update", scales, kept, roots, root: updateRoot(items) };
}

export function merkleVectors(): readonly VectorFile[] {
  const files: readonly VectorFile[] = [
    { path: "merkle/hashes.json", about: "Leaves, nodes and empty trees.", cases: hashCases() },
    {
      path: "merkle/list.json",
      about: "Roots of lists; slot i is the leaf of i as a u32.",
      cases: listCases(),
    },
    {
      path: "merkle/proof.json",
      about: "Proofs of one item of a list as in list.json: verified, or refused with a code.",
      cases: proofCases(),
    },
    {
      path: "merkle/tensor.json",
      about:
        "Roots of tensors; byte j of tile i, counted row by row in the grid, is 31 i + j modulo 256.",
      cases: tensorCases(),
    },
    {
      path: "merkle/tile.json",
      about: "Proofs of one tile of a tensor as in tensor.json.",
      cases: tileCases(),
    },
    {
      path: "merkle/roots.json",
      about: "The named roots; byte i of an update is i modulo 256.",
      cases: rootCases(),
    },
    {
      path: "multiproof/list.json",
      about: "Proofs of several items of a list as in merkle/list.json.",
      cases: multiproofCases(),
    },
    {
      path: "multiproof/tiles.json",
      about: "Proofs of several tiles of a tensor as in merkle/tensor.json.",
      cases: rowCases(),
    },
  ];
  return files.map((file) => ({
    ...file,
    cases: file.cases.map((vector) => describe(vector) as VectorCase),
  }));
}
