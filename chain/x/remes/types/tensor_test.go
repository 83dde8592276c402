package types

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// layoutCase is a tensor as the vectors write it.
type layoutCase struct {
	Tensor uint32
	Type   string
	Shape  []uint32
	Tile   []uint32
}

var elementNames = []string{"", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "ternary"}

func (c layoutCase) layout() Layout {
	return Layout{
		Tensor: c.Tensor, Type: ElementType(slices.Index(elementNames, c.Type)), Shape: c.Shape,
		TileRows: extent(c.Tile[0]), TileColumns: extent(c.Tile[1]),
	}
}

// extent is an extent of a tile; one that its header cannot hold is none.
func extent(n uint32) uint16 {
	if n > LimitTileExtentMax {
		return 0
	}
	return uint16(n)
}

// tilesOf are the places of a tensor's tiles, ascending.
func tilesOf(l Layout) []uint64 {
	var tiles []uint64
	for index := range uint64(1) << l.Depth() {
		if l.HasTile(index) {
			tiles = append(tiles, index)
		}
	}
	return tiles
}

func TestRootsOfTensors(t *testing.T) {
	type tensorCase struct {
		layoutCase
		Grid                       []uint32
		Depth, TileBytes, LastTile int
		Root                       bytesText
		Refused                    string
	}
	forEachCase(t, "merkle/tensor.json", func(t *testing.T, c tensorCase) {
		l := c.layout()
		if err := l.Check(); (err != nil) != (c.Refused != "") {
			t.Fatal(err)
		}
		if c.Refused != "" {
			return
		}
		requireEqual(t, l.Depth(), c.Depth)
		requireEqual(t, l.TileBytes(), c.TileBytes)
		tiles := tilesOf(l)
		requireEqual(t, tiles[len(tiles)-1], uint64(c.LastTile))
		slots := make([]Hash, 1<<c.Depth)
		for i, index := range tiles {
			payload := make([]byte, c.TileBytes)
			for j := range payload {
				payload[j] = byte(31*i + j)
			}
			slots[index] = l.TileLeaf(uint32(index), payload)
		}
		requireEqual(t, l.Root(TreeRoot(slots)), c.Root.hash())
	})
}

type tileCase struct {
	layoutCase
	Root     bytesText
	Index    uint64
	Bytes    bytesText
	Indices  []uint64
	Siblings []bytesText
	Refused  string
}

func requireTiles(
	t *testing.T, c tileCase, indices []uint64, payload []byte,
) {
	t.Helper()
	root, err := c.layout().RootOfTiles(indices, payload, hashes(c.Siblings))
	if err == nil && root != c.Root.hash() {
		err = ErrMerkleProofInvalid
	}
	requireCode(t, err, c.Refused)
}

func TestProofsOfOneTile(t *testing.T) {
	forEachCase(t, "merkle/tile.json", func(t *testing.T, c tileCase) {
		requireTiles(t, c, []uint64{c.Index}, c.Bytes)
	})
}

func TestProofsOfSeveralTiles(t *testing.T) {
	type tilesCase struct {
		layoutCase
		Root     bytesText
		Indices  []uint64
		Bytes    []bytesText
		Siblings []bytesText
		Refused  string
	}
	forEachCase(t, "multiproof/tiles.json", func(t *testing.T, c tilesCase) {
		var payload []byte
		for _, tile := range c.Bytes {
			payload = append(payload, tile...)
		}
		one := tileCase{layoutCase: c.layoutCase, Root: c.Root, Siblings: c.Siblings, Refused: c.Refused}
		requireTiles(t, one, c.Indices, payload)
	})
}

// A node covers something exactly if one of the slots below it holds a tile.
func TestPaddingIsWhatHoldsNoTile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := Layout{Type: 1, TileRows: 8, TileColumns: 32, Shape: []uint32{
			rapid.Uint32Range(1, 70).Draw(t, "rows"), rapid.Uint32Range(1, 300).Draw(t, "columns"),
		}}
		tiles := tilesOf(l)
		for height := 0; height <= l.Depth(); height++ {
			for index := range uint64(1) << (l.Depth() - height) {
				holds := slices.ContainsFunc(tiles, func(tile uint64) bool { return tile>>height == index })
				if l.covers(height, index) != holds {
					t.Fatalf("node %d of height %d of %v", index, height, l.Shape)
				}
			}
		}
	})
}

func TestLayoutsThatNoTensorHasAreRefused(t *testing.T) {
	fits := Layout{Type: 3, Shape: []uint32{16, 32}, TileRows: 8, TileColumns: 32}
	if err := fits.Check(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Layout){
		"no type":              func(l *Layout) { l.Type = 0 },
		"an unknown type":      func(l *Layout) { l.Type = 10 },
		"no dimension":         func(l *Layout) { l.Shape = nil },
		"five dimensions":      func(l *Layout) { l.Shape = []uint32{1, 1, 1, 1, 1} },
		"an empty dimension":   func(l *Layout) { l.Shape = []uint32{0, 1} },
		"a dimension too long": func(l *Layout) { l.Shape = []uint32{1 << 31, 1} },
		"no rows in a tile":    func(l *Layout) { l.TileRows = 0 },
		"no columns in a tile": func(l *Layout) { l.TileColumns = 0 },
		"33 levels":            func(l *Layout) { l.Shape = []uint32{1 << 23, 1 << 18} },
	} {
		l := fits
		change(&l)
		if l.Check() == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
