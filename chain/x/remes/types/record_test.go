package types

import (
	"bytes"
	"testing"
)

// The records of the arithmetic vectors: every kind of operation that a referee executes.
func TestRecordsOfEveryKind(t *testing.T) {
	type recordCase struct {
		Record bytesText
		Tile   uint32
		Inputs []struct{ Slot, First, Count, Stride uint32 }
		Bytes  bytesText
	}
	forEachCase(t, "arithmetic/tiles.json", func(t *testing.T, c recordCase) {
		record, err := ParseRecord(c.Record)
		if err != nil {
			t.Fatal(err)
		}
		if !record.Output.HasTile(uint64(c.Tile)) || record.Output.TileBytes() != len(c.Bytes) {
			t.Fatalf("tile %d of %d bytes is not of %v", c.Tile, len(c.Bytes), record.Output)
		}
		for _, input := range c.Inputs {
			layout := record.Inputs[input.Slot]
			last := uint64(input.First) + uint64(input.Count-1)*uint64(input.Stride)
			if layout == nil || !layout.HasTile(last) {
				t.Fatalf("slot %d has no leaf %d", input.Slot, last)
			}
		}
		for _, broken := range [][]byte{
			c.Record[:len(c.Record)-1], append(bytes.Clone(c.Record), 0), nil,
			append(bytes.Clone(c.Record[:5]), 255, 255, 255, 255), // no output
		} {
			if _, err := ParseRecord(broken); err == nil {
				t.Fatalf("%x was read as a record", broken)
			}
		}
	})
}

func FuzzRecord(f *testing.F) {
	f.Add([]byte{1, 0, 0, 0, 0, 1, 0, 0, 0, 3, 8, 0, 0, 0, 8, 0, 0, 0, 8, 0, 8, 0})
	f.Fuzz(func(t *testing.T, text []byte) {
		record, err := ParseRecord(text)
		if err == nil && record.Output.TileBytes() <= 0 {
			t.Fatal("a record without an output was accepted")
		}
	})
}
