package types

import (
	"crypto/sha256"
	"math/bits"
)

// Trees of spec/encoding.md section 4: 2^depth slots of 32 bytes, leaves and nodes under different
// prefixes, absent slots filled with the empty tree of their height. Nothing is duplicated or
// promoted.

const (
	prefixLeaf  = 0x00
	prefixNode  = 0x01
	prefixState = 0x03
)

// emptyTrees[k] is the empty tree of depth k; emptyTrees[0] is the empty slot.
var emptyTrees = func() (trees [LimitTreeDepthMax + 1]Hash) {
	for k := range LimitTreeDepthMax {
		trees[k+1] = nodeHash(trees[k], trees[k])
	}
	return trees
}()

// LeafHash is the slot that holds bytes.
func LeafHash(bytes []byte) Hash {
	var room [128]byte // keeps short leaves off the heap
	preimage := append(room[:0], prefixLeaf)
	return sha256.Sum256(append(preimage, bytes...))
}

func nodeHash(left, right Hash) Hash {
	var preimage [1 + 2*HashSize]byte
	preimage[0] = prefixNode
	copy(preimage[1:], left[:])
	copy(preimage[1+HashSize:], right[:])
	return sha256.Sum256(preimage[:])
}

// TreeDepth is the depth of the tree of n items: 0 for n ≤ 1, else ⌈log2 n⌉.
func TreeDepth(n uint64) int {
	if n <= 1 {
		return 0
	}
	return bits.Len64(n - 1)
}

// TreeRoot is the tree of the smallest depth that holds the slots.
func TreeRoot(slots []Hash) Hash {
	if len(slots) == 0 {
		return emptyTrees[0]
	}
	level := append([]Hash(nil), slots...)
	for height := range TreeDepth(uint64(len(slots))) {
		level = foldLevel(level, height)
	}
	return level[0]
}

// foldLevel replaces a level by the one above it, in place.
func foldLevel(level []Hash, height int) []Hash {
	half := (len(level) + 1) / 2
	for i := range half {
		right := emptyTrees[height]
		if 2*i+1 < len(level) {
			right = level[2*i+1]
		}
		level[i] = nodeHash(level[2*i], right)
	}
	return level[:half]
}

// verifySlot computes the tree that a slot and its siblings lead to. The number of siblings must be
// the depth.
func verifySlot(depth int, index uint64, slot Hash, siblings []Hash) (Hash, error) {
	if len(siblings) != depth {
		return Hash{}, ErrMerkleProofShapeInvalid.Wrapf(
			"%d hashes, the tree is %d deep", len(siblings), depth,
		)
	}
	hash := slot
	for k, sibling := range siblings {
		if index>>k&1 == 0 {
			hash = nodeHash(hash, sibling)
		} else {
			hash = nodeHash(sibling, hash)
		}
	}
	return hash, nil
}

// indexed is a hash and its place in its level.
type indexed struct {
	index uint64
	hash  Hash
}

// verifySlots computes the tree that several slots and a multiproof lead to. Indices ascend
// strictly, and the proof holds exactly the hashes that cannot be computed.
func verifySlots(depth int, indices []uint64, slots, proof []Hash) (Hash, error) {
	if len(indices) == 0 || len(indices) > LimitMultiproofLeavesMax || len(indices) != len(slots) {
		return Hash{}, ErrMerkleProofShapeInvalid.Wrapf(
			"%d indices for %d leaves", len(indices), len(slots),
		)
	}
	level := make([]indexed, len(indices))
	for i, index := range indices {
		if i > 0 && index <= indices[i-1] {
			return Hash{}, ErrMerkleProofShapeInvalid.Wrapf("index %d does not ascend", index)
		}
		level[i] = indexed{index, slots[i]}
	}
	for range depth {
		var ok bool
		if level, proof, ok = climb(level, proof); !ok {
			return Hash{}, ErrMerkleProofShapeInvalid.Wrap("too few hashes")
		}
	}
	if len(proof) != 0 {
		return Hash{}, ErrMerkleProofShapeInvalid.Wrapf("%d hashes too many", len(proof))
	}
	return level[0].hash, nil
}

// climb replaces the known hashes of a level by those of the level above, in place, and takes what
// it needs from the proof.
func climb(level []indexed, proof []Hash) (above []indexed, rest []Hash, ok bool) {
	above = level[:0]
	for i := 0; i < len(level); i++ {
		entry := level[i]
		if entry.index%2 == 0 && i+1 < len(level) && level[i+1].index == entry.index+1 {
			above = append(above, indexed{entry.index / 2, nodeHash(entry.hash, level[i+1].hash)})
			i++
			continue
		}
		if len(proof) == 0 {
			return nil, nil, false
		}
		hash := nodeHash(entry.hash, proof[0])
		if entry.index%2 == 1 {
			hash = nodeHash(proof[0], entry.hash)
		}
		proof = proof[1:]
		above = append(above, indexed{entry.index / 2, hash})
	}
	return above, proof, true
}

// ProveSlots is the multiproof of the slots at strictly ascending indices; of one index it is the
// proof of that leaf. The chain only verifies; this is for those who ask it to.
func ProveSlots(slots []Hash, indices []uint64) []Hash {
	var proof []Hash
	level := append([]Hash(nil), slots...)
	needed := append([]uint64(nil), indices...)
	for height := range TreeDepth(uint64(len(slots))) {
		at := func(index uint64) Hash {
			if index < uint64(len(level)) {
				return level[index]
			}
			return emptyTrees[height]
		}
		above := needed[:0]
		for i := 0; i < len(needed); i++ {
			index := needed[i]
			if index%2 == 0 && i+1 < len(needed) && needed[i+1] == index+1 {
				i++
			} else {
				proof = append(proof, at(index^1))
			}
			above = append(above, index/2)
		}
		needed = above
		level = foldLevel(level, height)
	}
	return proof
}
