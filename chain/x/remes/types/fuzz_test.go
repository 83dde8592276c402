package types

import (
	"encoding/binary"
	"slices"
	"testing"
)

// encodeLayout writes a layout as a record holds it (spec/step-program.md section 3).
func encodeLayout(l *Layout) []byte {
	if l == nil {
		return binary.LittleEndian.AppendUint32(nil, noTensor)
	}
	var e encoder
	e.u32(l.Tensor)
	e.u8(uint8(l.Type))
	e.u32(l.Shape[0])
	e.u32(l.Shape[1])
	e.u16(l.TileRows)
	e.u16(l.TileColumns)
	return e.bytes
}

// FuzzParseRecord gives bytes to the decoder of records. What it takes has one encoding, and a
// layout that the rest of the package can compute with.
func FuzzParseRecord(f *testing.F) {
	layout := encodeLayout(&Layout{
		Tensor: 7, Type: elementI32, Shape: []uint32{100, 64}, TileRows: 16, TileColumns: 32,
	})
	f.Add(slices.Concat([]byte{1, 0, 0, 2, 1}, layout, layout, encodeLayout(nil), []byte{1, 2, 3, 4}))
	f.Add(slices.Concat([]byte{1, 0, 0, 0, 0}, layout))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, text []byte) {
		record, err := ParseRecord(text)
		if err != nil {
			return
		}
		again := slices.Concat(slices.Clone(text[:5]), encodeLayout(&record.Output))
		for _, input := range record.Inputs {
			again = append(again, encodeLayout(input)...)
		}
		if again = append(again, text[len(text)-4*int(text[4]):]...); !slices.Equal(again, text) {
			t.Fatalf("%x is read as %x", text, again)
		}
		l := record.Output
		tiles := uint64(countTiles(l))
		last := tileIndexAt(l, tiles-1)
		if tiles == 0 || !l.HasTile(0) || !l.HasTile(last) || l.HasTile(1<<l.Depth()) ||
			l.TileBytes() == 0 {
			t.Fatalf("%v has %d tiles", l, tiles)
		}
	})
}

// FuzzMultiproof proves some slots of a tree, then changes one bit anywhere in what the verifier is
// given: the whole proves the root, and nothing else does.
func FuzzMultiproof(f *testing.F) {
	f.Add(uint16(1), uint64(1), uint16(0))
	f.Add(uint16(5), uint64(0b10011), uint16(77))
	f.Add(uint16(64), ^uint64(0), uint16(3))
	f.Add(uint16(33), uint64(1)<<32, uint16(1_000))
	f.Fuzz(func(t *testing.T, count uint16, chosen uint64, flipped uint16) {
		slots := make([]Hash, 1+count%64)
		for i := range slots {
			slots[i] = LeafHash(binary.LittleEndian.AppendUint16(nil, uint16(i)))
		}
		var indices []uint64
		var shown []Hash
		for i, slot := range slots {
			if chosen>>i&1 == 1 {
				indices, shown = append(indices, uint64(i)), append(shown, slot)
			}
		}
		if len(indices) == 0 {
			return
		}
		total, root := uint64(len(slots)), StepsRoot(slots)
		proof := ProveSlots(slots, indices)
		if err := verifyItems(tagSteps, total, root, indices, shown, proof); err != nil {
			t.Fatal(err)
		}
		given := slices.Concat(shown, proof)
		given[int(flipped)/256%len(given)][flipped/8%HashSize] ^= 1 << (flipped % 8)
		if verifyItems(tagSteps, total, root, indices, given[:len(shown)], given[len(shown):]) == nil {
			t.Fatal("another slot or sibling proves the root")
		}
		if verifyItems(tagSteps, total+1, root, indices, shown, proof) == nil {
			t.Fatal("another length proves the root")
		}
	})
}

// FuzzVerifyTiles gives any indices, payload and hashes to the verifier of tiles: it ends, with an
// error or a root, and without the proof of its own root for padding.
func FuzzVerifyTiles(f *testing.F) {
	layout := encodeLayout(&Layout{
		Tensor: 1, Type: elementI32, Shape: []uint32{3, 5}, TileRows: 2, TileColumns: 2,
	})
	f.Add(layout, []byte{0, 1, 4}, make([]byte, 48), make([]byte, 96))
	f.Add(layout, []byte{}, []byte{}, []byte{})
	f.Fuzz(func(t *testing.T, text, places, payload, hashes []byte) {
		l := (&reader{bytes: text}).layout()
		if l == nil || l.Check() != nil {
			return
		}
		var indices []uint64
		padding := false
		for _, place := range places {
			indices = append(indices, uint64(place))
			padding = padding || !l.HasTile(uint64(place))
		}
		var proof []Hash
		for ; len(hashes) >= HashSize; hashes = hashes[HashSize:] {
			proof = append(proof, Hash(hashes[:HashSize]))
		}
		if _, err := l.RootOfTiles(indices, payload, proof); err == nil && padding {
			t.Fatalf("tiles of the padding are proven: %v", indices)
		}
	})
}
