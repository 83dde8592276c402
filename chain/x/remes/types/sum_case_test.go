package types

import (
	"errors"
	"slices"
	"testing"
)

// The tile of what an optimizer keeps is made by the chain alone: no message is as large, so
// nothing but its own bound keeps a record from asking for gigabytes.
func TestATileOfZerosIsNoLargerThanWhatAMessageBrings(t *testing.T) {
	for _, c := range []struct {
		rows, columns uint16
		want          error
	}{{256, 256, nil}, {512, 256, ErrTileInputInvalid}, {1<<16 - 1, 1<<16 - 1, ErrTileInputInvalid}} {
		layout := encodeLayout(&Layout{
			Tensor: 7, Type: elementI32, Shape: []uint32{1 << 17, 1 << 17},
			TileRows: c.rows, TileColumns: c.columns,
		})
		d := Dispute{
			Program: StepProgram{StateTensors: 3, Optimizer: OPTIMIZER_ADAM},
			Case: Case{
				Kind: CASE_KIND_AGGREGATE, Operation: 1,
				Record: slices.Concat([]byte{1, 0, 0, 0, 0}, layout),
				Claim:  Claim{Stage: CASE_STAGE_EXECUTION, Hash: make([]byte, HashSize)},
			},
		}
		tile, err := NewSumTile(d, AgreedRoots{}, &MsgExecuteTile{})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := tile.Judge(); !errors.Is(err, c.want) {
			t.Errorf("a tile of %d x %d: %v", c.rows, c.columns, err)
		}
	}
}
