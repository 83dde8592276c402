package referee

import (
	"encoding/binary"
	"slices"
	"testing"
)

// closureResponse writes a response of closure with whatever it is told.
func closureResponse(count, more uint32, ranges ...Range) []byte {
	out := binary.LittleEndian.AppendUint32(nil, count)
	out = binary.LittleEndian.AppendUint32(out, more)
	out = append(out, make([]byte, 8)...)
	for _, r := range ranges {
		for _, field := range []uint32{r.Slot, r.First, r.Count, r.Stride} {
			out = binary.LittleEndian.AppendUint32(out, field)
		}
	}
	return out
}

func TestClosureResponses(t *testing.T) {
	const last = 1<<32 - 1
	one := Range{0, 0, 1, 1}
	dirty := closureResponse(1, 0, one)
	dirty[15] = 1
	for _, c := range []struct {
		name     string
		response []byte
		have     int
		want     bool
	}{
		{"no range", closureResponse(0, 0), 0, true},
		{"no range but more", closureResponse(0, 1), 0, false},
		{"one range", closureResponse(1, 0, one), 0, true},
		{"one range and more", closureResponse(1, 1, one), 0, true},
		{"more than more", closureResponse(1, 2, one), 0, false},
		{"empty", nil, 0, false},
		{"header cut off", closureResponse(0, 0)[:15], 0, false},
		{"range cut off", closureResponse(1, 0, one)[:31], 0, false},
		{"fewer ranges than said", closureResponse(2, 0, one), 0, false},
		{"more ranges than said", closureResponse(1, 0, one, one), 0, false},
		{"4 billion ranges", closureResponse(last, 0, one), 0, false},
		{"zero that is not", dirty, 0, false},
		{"64 ranges", closureResponse(64, 0, slices.Repeat([]Range{one}, 64)...), 0, true},
		{"65 ranges", closureResponse(65, 0, slices.Repeat([]Range{one}, 65)...), 0, false},
		{"64 ranges after one", closureResponse(64, 0, slices.Repeat([]Range{one}, 64)...), 1,
			false},
		{"63 ranges after one", closureResponse(63, 0, slices.Repeat([]Range{one}, 63)...), 1,
			true},
		{"slot 63", closureResponse(1, 0, Range{63, 0, 1, 1}), 0, true},
		{"slot 64", closureResponse(1, 0, Range{64, 0, 1, 1}), 0, false},
		{"no leaf", closureResponse(1, 0, Range{0, 0, 0, 1}), 0, false},
		{"no stride", closureResponse(1, 0, Range{0, 0, 1, 0}), 0, false},
		{"the last leaf there is", closureResponse(1, 0, Range{0, last, 1, last}), 0, true},
		{"a leaf beyond", closureResponse(1, 0, Range{0, last, 2, 1}), 0, false},
		{"a wide stride", closureResponse(1, 0, Range{0, 1, 2, last - 1}), 0, true},
		{"a stride beyond", closureResponse(1, 0, Range{0, 1, 2, last}), 0, false},
		{"4,096 leaves", closureResponse(1, 0, Range{0, 0, 4096, 1}), 0, true},
		{"4,097 leaves", closureResponse(2, 0, Range{0, 0, 4096, 1}, one), 0, false},
		{"4 billion leaves", closureResponse(1, 0, Range{0, 0, last, 1}), 0, false},
	} {
		if _, ok := decodeClosure(c.response, c.have); ok != c.want {
			t.Errorf("%s: %v", c.name, ok)
		}
	}
}

// TestAnAnswerOutsideTheContractIsATrap lets modules return each wrong answer.
func TestAnAnswerOutsideTheContractIsATrap(t *testing.T) {
	d := newDraft()
	d.data = [][]byte{dataAt(0x2a000, closureResponse(1, 0, Range{64, 0, 1, 1}))}
	returns := func(n int64) []byte { return append(appendSigned([]byte{0, opI32Const}, n), opEnd) }
	for name, engine := range engines {
		for _, n := range []int64{0, responseBufferBytes + 1, 1<<31 - 1} {
			d.bodies = [][]byte{returns(n), returns(n)}
			m := register(t, engine, d.bytes())
			if _, outcome := execute(t, m, Task{Op: []byte{1},
				Fuel: 5}); outcome != (Outcome{Code: Trapped, Fuel: FuelConstant + 5}) {
				t.Errorf("execute of %d bytes on the %s: %+v", n, name, outcome)
			}
		}
		for _, n := range []int64{0, 16, 32, 33, responseBufferBytes + 1} {
			d.bodies = [][]byte{returns(n), returns(n)}
			_, outcome, err := register(t, engine, d.bytes()).Closure(Task{Op: []byte{1}, Fuel: 5})
			if err != nil || outcome != (Outcome{Code: Trapped, Fuel: FuelConstant + 5}) {
				t.Errorf("closure of %d bytes on the %s: %+v %v", n, name, outcome, err)
			}
		}
	}
}
