package types

import "crypto/sha256"

// Tensors of spec/encoding.md section 6: cut into tiles, each tile a leaf of a tree in which every
// dimension is padded to a power of two by itself.

const prefixTensor = 0x02

// ElementType is the code of what a tensor holds.
type ElementType uint8

// elementBits are the bits of an element, by code; 0 is no type.
var elementBits = [...]int{0, 8, 16, 32, 64, 8, 16, 32, 64, 2}

const elementU32 ElementType = 7

// Layout is everything of a tensor but its values.
type Layout struct {
	// Tensor is its number in the step program.
	Tensor uint32
	Type   ElementType
	// Shape is 1 to 4 dimensions; [n] counts as [1, n].
	Shape []uint32
	// TileRows and TileColumns cut the last two dimensions; the others are cut into ones.
	TileRows, TileColumns uint16
}

// Check refuses a layout that no tensor has. It fails with ErrEncodingInvalid.
func (l Layout) Check() error {
	known := l.Type >= 1 && int(l.Type) < len(elementBits)
	if !known || len(l.Shape) == 0 || len(l.Shape) > LimitTensorDimensionsMax ||
		l.TileRows == 0 || l.TileColumns == 0 {
		return ErrEncodingInvalid.Wrapf("tensor %d: type, dimensions or tile", l.Tensor)
	}
	for _, extent := range l.Shape {
		if extent == 0 || extent > LimitTensorExtentMax {
			return ErrEncodingInvalid.Wrapf("tensor %d: a dimension of %d", l.Tensor, extent)
		}
	}
	if l.Depth() > LimitTreeDepthMax {
		return ErrEncodingInvalid.Wrapf("tensor %d: %d levels of tiles", l.Tensor, l.Depth())
	}
	return nil
}

// grid is the number of tiles in each dimension, slowest first; at least two dimensions.
func (l Layout) grid() []uint32 {
	shape := l.Shape
	if len(shape) == 1 {
		shape = []uint32{1, shape[0]}
	}
	grid := append([]uint32(nil), shape...)
	last := len(grid) - 1
	grid[last-1] = divCeil(grid[last-1], uint32(l.TileRows))
	grid[last] = divCeil(grid[last], uint32(l.TileColumns))
	return grid
}

func divCeil(a, b uint32) uint32 { return uint32((uint64(a) + uint64(b) - 1) / uint64(b)) }

// Depth is the depth of the tensor's tree of tiles.
func (l Layout) Depth() int {
	depth := 0
	for _, tiles := range l.grid() {
		depth += TreeDepth(uint64(tiles))
	}
	return depth
}

// HasTile says that an index is the place of a tile, and not of the padding.
func (l Layout) HasTile(index uint64) bool {
	return index>>l.Depth() == 0 && l.covers(0, index)
}

// covers says that the node of a height and an index has a tile below it. A subtree begins at a
// place where every dimension that it cuts is at a multiple of its size, so its first slot lies
// inside the grid if any does.
func (l Layout) covers(height int, index uint64) bool {
	first := index << height
	grid := l.grid()
	for i := len(grid) - 1; i >= 0; i-- {
		bits := TreeDepth(uint64(grid[i]))
		if first&(1<<bits-1) >= uint64(grid[i]) {
			return false
		}
		first >>= bits
	}
	return true
}

// TileBytes is the size of every tile.
func (l Layout) TileBytes() int {
	elements := int(l.TileRows) * int(l.TileColumns)
	return (elements*elementBits[l.Type] + 7) / 8
}

// TileLeaf is the slot of a tile.
func (l Layout) TileLeaf(index uint32, payload []byte) Hash {
	e := encoder{bytes: make([]byte, 0, 16+len(payload))}
	e.u8(prefixLeaf)
	e.u8(uint8(l.Type))
	e.u16(l.TileRows)
	e.u16(l.TileColumns)
	e.u16(0)
	e.u32(l.Tensor)
	e.u32(index)
	e.bytes = append(e.bytes, payload...)
	return sha256.Sum256(e.bytes)
}

// Root is the root of a tensor with this layout and this tree of tiles.
func (l Layout) Root(tree Hash) Hash {
	var e encoder
	e.u8(prefixTensor)
	e.u32(l.Tensor)
	e.u8(uint8(l.Type))
	e.u8(uint8(len(l.Shape)))
	for _, extent := range l.Shape {
		e.u32(extent)
	}
	e.u16(l.TileRows)
	e.u16(l.TileColumns)
	e.hash(tree)
	return sha256Of(e.bytes)
}

// RootOfTiles computes the root of a tensor from some of its tiles, joined in the ascending order
// of their indices, and the multiproof of the rest.
func (l Layout) RootOfTiles(indices []uint64, payload []byte, proof []Hash) (Hash, error) {
	size := l.TileBytes()
	if len(payload) != size*len(indices) {
		return Hash{}, ErrEncodingInvalid.Wrapf(
			"%d bytes for %d tiles of %d", len(payload), len(indices), size,
		)
	}
	leaves := make([]Hash, len(indices))
	for i, index := range indices {
		if !l.HasTile(index) {
			return Hash{}, ErrMerkleIndexInvalid.Wrapf("tensor %d has no tile %d", l.Tensor, index)
		}
		leaves[i] = l.TileLeaf(uint32(index), payload[i*size:(i+1)*size])
	}
	tree, err := verifySlots(l.Depth(), indices, leaves, proof)
	return l.Root(tree), err
}
