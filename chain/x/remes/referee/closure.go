package referee

import "encoding/binary"

// Range names the leaves First, First+Stride, …, First+(Count-1)·Stride of the tensor in a slot.
type Range struct {
	Slot   uint32
	First  uint32
	Count  uint32
	Stride uint32
}

// Closure is one answer of a module's closure: the ranges to verify next, and whether it must be
// asked again with them, because the index of a further leaf is in their bytes.
type Closure struct {
	Ranges []Range
	More   bool
}

const (
	closureHeaderBytes = 16
	rangeBytes         = 16
)

// decodeClosure reads a response by spec/referee.md section 3; have is the number of ranges that
// the request held already. An answer outside the bounds is no answer.
func decodeClosure(response []byte, have int) (c Closure, ok bool) {
	if len(response) < closureHeaderBytes {
		return Closure{}, false
	}
	field := func(at int) uint32 { return binary.LittleEndian.Uint32(response[at:]) }
	n, more := field(0), field(4)
	switch {
	case n > uint32(RangesMax-have), len(response) != closureHeaderBytes+rangeBytes*int(n):
		return Closure{}, false
	case more > 1, more == 1 && n == 0, field(8) != 0, field(12) != 0:
		return Closure{}, false
	}
	c.More = more == 1
	leaves := uint64(0)
	for at := closureHeaderBytes; at < len(response); at += rangeBytes {
		r := Range{field(at), field(at + 4), field(at + 8), field(at + 12)}
		if !r.valid() {
			return Closure{}, false
		}
		leaves += uint64(r.Count)
		c.Ranges = append(c.Ranges, r)
	}
	return c, leaves <= LeavesMax
}

func (r Range) valid() bool {
	if r.Slot >= SlotsMax || r.Count == 0 || r.Count > LeavesMax || r.Stride == 0 {
		return false
	}
	last := uint64(r.First) + uint64(r.Count-1)*uint64(r.Stride)
	return last < 1<<32
}
