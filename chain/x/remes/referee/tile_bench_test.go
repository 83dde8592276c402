package referee

import (
	"encoding/binary"
	"os"
	"testing"
)

// widest is the depth of the largest product of a 2-billion-parameter BitNet: 8 rows, 32 columns and
// this make 1.77 M multiply-adds, close to the bound of a tile.
const widest = 6_912

// widened is the tile of a linear layer of the vectors, with a deeper input: its record, and the
// bytes of each slot to repeat.
func widened(b *testing.B) (record []byte, slots map[uint32][]byte) {
	b.Helper()
	var content struct{ Cases []tileVector }
	decode(b, "vectors/arithmetic/tiles.json", &content)
	for _, v := range content.Cases {
		if v.Name != "linear, output 0" {
			continue
		}
		record = append(record, v.Record...)
		const header, layout, columns = 5, 17, 9
		for _, place := range []int{1, 2} { // the activations and the weights
			at := header + place*layout + columns
			binary.LittleEndian.PutUint32(record[at:], widest)
		}
		slots = map[uint32][]byte{}
		for _, input := range v.Inputs {
			slots[input.Slot] = input.Bytes
		}
		return record, slots
	}
	b.Fatal("no tile of a linear layer")
	return nil, nil
}

// BenchmarkTile is what a validator does for one disputed tile, from the record to the output: the
// module that models register, closure and execution, each in a fresh instance.
func BenchmarkTile(b *testing.B) {
	record, slots := widened(b)
	sizes := map[uint32]int{ // of one tile of each slot
		0: 8 * 32, 1: 32 * 256 / 4,
	}
	for _, engine := range []string{"compiler", "interpreter"} {
		for _, build := range []string{"referee.wasm", "referee-scalar.wasm"} {
			wasm, err := os.ReadFile("../../../../packages/engine/src/kernels/referee/" + build)
			if err != nil {
				b.Fatal(err)
			}
			m := register(b, engines[engine], wasm)
			b.Run(engine+"/"+build, func(b *testing.B) {
				var fuel uint64
				for b.Loop() {
					_, outcome, err := m.Run(
						Task{Op: record, Tile: 1, Fuel: FuelMax - FuelConstant},
						func(r Range) ([]byte, error) {
							size := len(slots[r.Slot])
							if fixed, has := sizes[r.Slot]; has {
								size = fixed * int(r.Count)
							}
							return repeated(slots[r.Slot], size), nil
						})
					if err != nil || outcome.Code != Done {
						b.Fatalf("%v, %v", outcome, err)
					}
					fuel = outcome.Fuel
				}
				b.ReportMetric(float64(fuel), "fuel/op")
			})
		}
	}
}

func repeated(pattern []byte, size int) []byte {
	out := make([]byte, 0, size+len(pattern))
	for len(out) < size {
		out = append(out, pattern...)
	}
	return out[:size]
}
