package referee

import (
	"math"
	"testing"
)

func TestUnsignedNumbers(t *testing.T) {
	for _, v := range []uint32{0, 1, 127, 128, 16_383, 16_384, 1<<28 - 1, 1 << 28, math.MaxUint32} {
		r := &reader{bytes: appendUnsigned(nil, v)}
		if got := r.u32(); got != v || r.err != nil || !r.done() {
			t.Errorf("%d read as %d, %v", v, got, r.err)
		}
		long := appendUnsigned(nil, v)
		if len(long) < 5 {
			long[len(long)-1] |= 0x80
			r = &reader{bytes: append(long, 0)}
			if r.u32(); r.err == nil || r.err.Reason != ReasonNotCanonical {
				t.Errorf("%d in a longer form: %v", v, r.err)
			}
		}
	}
	for _, bytes := range [][]byte{
		nil, {0x80}, {0xff, 0xff, 0xff, 0xff, 0x10}, {0xff, 0xff, 0xff, 0xff, 0xff, 0x01}, {0x80,
			0x80, 0x80, 0x80, 0x80},
	} {
		if r := (&reader{bytes: bytes}); r.u32() != 0 || r.err == nil ||
			r.err.Reason != ReasonMalformed {
			t.Errorf("%x: %v", bytes, r.err)
		}
	}
}

func TestSignedNumbers(t *testing.T) {
	for _, bits := range []int{32, 64} {
		limit := int64(1)<<(bits-1) - 1
		for _, v := range []int64{0, 1, -1, 63, 64, -64, -65, 8191, 8192, -8192, -8193, limit,
			-limit, -limit - 1} {
			form := appendSigned(nil, v)
			r := &reader{bytes: form}
			if got := r.signed(bits); got != v || r.err != nil || !r.done() {
				t.Errorf("%d of %d bits read as %d, %v", v, bits, got, r.err)
			}
			if len(form) < (bits+6)/7 {
				form[len(form)-1] |= 0x80
				r = &reader{bytes: append(form, byte(v>>63)&0x7f)}
				if r.signed(bits); r.err == nil || r.err.Reason != ReasonNotCanonical {
					t.Errorf("%d in a longer form: %v", v, r.err)
				}
			}
		}
	}
	for _, v := range []int64{1 << 31, -1<<31 - 1, 1 << 33, -1 << 33} {
		if r := (&reader{bytes: appendSigned(nil, v)}); r.signed(32) != 0 || r.err == nil {
			t.Errorf("%d read as 32 bits", v)
		}
	}
}

func TestAReaderStopsAtItsFirstFault(t *testing.T) {
	r := &reader{bytes: []byte{1, 2, 3}}
	r.take(4, "part")
	first := r.err
	if r.byte() != 0 || r.u32() != 0 || r.signed(64) != 0 || r.take(1, "part") != nil ||
		!r.done() || r.err != first {
		t.Fatal("read on after a fault")
	}
}
