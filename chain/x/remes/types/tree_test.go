package types

import (
	"encoding/binary"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestLeavesAndNodes(t *testing.T) {
	type hashCase struct {
		Leaf        *bytesText
		Left, Right bytesText
		Empty       *int
		Hash        bytesText
	}
	forEachCase(t, "merkle/hashes.json", func(t *testing.T, c hashCase) {
		switch {
		case c.Leaf != nil:
			requireEqual(t, LeafHash(*c.Leaf), c.Hash.hash())
		case c.Left != nil:
			requireEqual(t, nodeHash(c.Left.hash(), c.Right.hash()), c.Hash.hash())
		case c.Empty != nil:
			requireEqual(t, emptyTrees[*c.Empty], c.Hash.hash())
		default:
			return // not about leaves, nodes or empty trees
		}
	})
}

// numbered are the slots of the vectors: the leaf of each index as a u32.
func numbered(count int) []Hash {
	slots := make([]Hash, count)
	for i := range slots {
		var e encoder
		e.u32(uint32(i))
		slots[i] = LeafHash(e.bytes)
	}
	return slots
}

func TestRootsOfLists(t *testing.T) {
	type listCase struct {
		Tag          string
		Count, Depth int
		Root         bytesText
	}
	forEachCase(t, "merkle/list.json", func(t *testing.T, c listCase) {
		requireEqual(t, TreeDepth(uint64(c.Count)), c.Depth)
		requireEqual(t, rootOf(c.Tag, numbered(c.Count)), c.Root.hash())
	})
}

func TestNamedRoots(t *testing.T) {
	type rootCase struct {
		Kind               string
		Pool, Round, Chunk wide
		T                  uint32
		Scales, Kept       []uint32
		Roots, Records     []bytesText
		Root               bytesText
	}
	forEachCase(t, "merkle/roots.json", func(t *testing.T, c rootCase) {
		got := Hash{}
		switch c.Kind {
		case "operation":
			got = OperationRoot(hashes(c.Roots))
		case "trace":
			got = TraceRoot(hashes(c.Roots))
		case "steps":
			got = StepsRoot(hashes(c.Roots))
		case "backbone":
			got = BackboneRoot(hashes(c.Roots))
		case "adapter":
			got = TreeRoot(hashes(c.Roots))
		case "dataset":
			got = DatasetRoot(hashes(c.Roots))
		case "state":
			got = StateRoot(
				uint64(c.Pool), uint64(c.Round), uint64(c.Chunk), c.T, TreeRoot(hashes(c.Roots)),
			)
		case "update":
			items := make([]Hash, len(c.Roots))
			for i, root := range c.Roots {
				items[i] = UpdateItem(UpdateClaim{Scale: c.Scales[i], Kept: c.Kept[i], SignsRoot: root})
			}
			got = UpdateRoot(items)
		case "program":
			slots := make([]Hash, len(c.Records))
			for i, record := range c.Records {
				slots[i] = LeafHash(record)
			}
			got = ProgramRoot(slots)
		case "submissions":
			records := make([][]byte, len(c.Records))
			for i, record := range c.Records {
				records[i] = record
			}
			got = SubmissionsRoot(records)
		default:
			return // the chain builds no root of an this kind
		}
		requireEqual(t, got, c.Root.hash())
	})
}

type proofCase struct {
	Tag             string
	Count           uint64
	Root            bytesText
	Index           uint64
	Slot            bytesText
	Indices         []uint64
	Slots, Siblings []bytesText
	Refused         string
}

func TestProofsOfOneItem(t *testing.T) {
	forEachCase(t, "merkle/proof.json", func(t *testing.T, c proofCase) {
		err := verifyItem(c.Tag, c.Count, c.Root.hash(), c.Index, c.Slot.hash(), hashes(c.Siblings))
		requireCode(t, err, c.Refused)
	})
}

func TestProofsOfSeveralItems(t *testing.T) {
	forEachCase(t, "multiproof/list.json", func(t *testing.T, c proofCase) {
		err := verifyItems(
			c.Tag, c.Count, c.Root.hash(), c.Indices, hashes(c.Slots), hashes(c.Siblings),
		)
		requireCode(t, err, c.Refused)
		if c.Refused == "" {
			want := ProveSlots(numbered(int(c.Count)), c.Indices)
			if !slices.Equal(want, hashes(c.Siblings)) {
				t.Fatal("the proof built here is another")
			}
		}
	})
}

// Sizes at which trees change shape.
var sizes = rapid.SampledFrom([]int{1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 64, 65, 127, 255, 256, 257})

func TestAnyProofBuiltIsVerified(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		slots := numbered(sizes.Draw(t, "size"))
		root := rootOf("remes/test/1", slots)
		indices := rapid.SliceOfNDistinct(
			rapid.Uint64Range(0, uint64(len(slots)-1)), 1, min(len(slots), 12), rapid.ID).Draw(
			t, "indices",
		)
		slices.Sort(indices)
		proven := make([]Hash, len(indices))
		for i, index := range indices {
			proven[i] = slots[index]
		}
		proof := ProveSlots(slots, indices)
		if err := verifyItems(
			"remes/test/1", uint64(len(slots)), root, indices, proven, proof,
		); err != nil {
			t.Fatal(err)
		}
	})
}

// Whatever single thing is changed, the proof fails: an item, its place, a hash, their number, the
// length of the list.
func TestNoChangedProofIsVerified(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		slots := numbered(sizes.Filter(func(n int) bool { return n > 1 }).Draw(t, "size"))
		count := uint64(len(slots))
		root := rootOf("remes/test/1", slots)
		index := rapid.Uint64Range(0, count-1).Draw(t, "index")
		proof := ProveSlots(slots, []uint64{index})
		slot := slots[index]
		switch rapid.SampledFrom([]string{"slot", "index", "hash", "short", "long", "count"}).Draw(t, "change") {
		case "slot":
			slot[rapid.IntRange(0, HashSize-1).Draw(t, "byte")] ^= 1
		case "index":
			index ^= 1
		case "hash":
			proof[rapid.IntRange(0, len(proof)-1).Draw(t, "level")][0] ^= 1
		case "short":
			proof = proof[:len(proof)-1]
		case "long":
			proof = append(proof, Hash{})
		case "count":
			count++
		}
		if verifyItem("remes/test/1", count, root, index, slot, proof) == nil {
			t.Fatal("verified")
		}
	})
}

// A node cannot be passed off as a leaf: the classic second preimage of trees without prefixes.
func TestANodeIsNotAnItem(t *testing.T) {
	slots := numbered(4)
	node := nodeHash(slots[0], slots[1])
	other := nodeHash(slots[2], slots[3])
	if verifyItem("remes/test/1", 4, rootOf("remes/test/1", slots), 0, node, []Hash{other}) == nil {
		t.Fatal("an inner node was verified as an item of four")
	}
	if verifyItem("remes/test/1", 2, rootOf("remes/test/1", slots), 0, node, []Hash{other}) == nil {
		t.Fatal("an inner node was verified as an item of two")
	}
}

func BenchmarkRootOf100000Leaves(b *testing.B) {
	slots := make([]Hash, 100_000)
	for b.Loop() {
		var number [4]byte
		for i := range slots {
			binary.LittleEndian.PutUint32(number[:], uint32(i))
			slots[i] = LeafHash(number[:])
		}
		rootOf("remes/bench/1", slots)
	}
}
