package referee

// reader walks over a part of a module and stops at its first fault: afterwards every read gives
// zero and done is true, so that callers check once per loop, not once per byte.
type reader struct {
	bytes []byte
	at    int // offset in bytes
	base  int // offset of bytes in the module
	err   *Refusal
}

func (r *reader) fail(reason Reason, what string) {
	r.failWith(&Refusal{Reason: reason, What: what})
}

func (r *reader) failWith(refusal *Refusal) {
	if r.err == nil {
		refusal.Offset = r.base + r.at
		r.err = refusal
	}
}

func (r *reader) done() bool { return r.err != nil || r.at == len(r.bytes) }

func (r *reader) byte() byte {
	if r.err != nil {
		return 0
	}
	if r.at == len(r.bytes) {
		r.fail(ReasonMalformed, "unexpected end")
		return 0
	}
	b := r.bytes[r.at]
	r.at++
	return b
}

// take gives the next n bytes as a view that cannot be appended into its neighbours.
func (r *reader) take(n uint32, what string) []byte {
	if r.err != nil {
		return nil
	}
	if uint64(n) > uint64(len(r.bytes)-r.at) {
		r.fail(ReasonMalformed, what+" is longer than what holds it")
		return nil
	}
	part := r.bytes[r.at : r.at+int(n) : r.at+int(n)]
	r.at += int(n)
	return part
}

// part gives the next n bytes as a reader of their own.
func (r *reader) part(n uint32, what string) *reader {
	base := r.base + r.at
	return &reader{bytes: r.take(n, what), base: base, err: r.err}
}

// join takes over the fault of a part, or reports bytes that the part did not use.
func (r *reader) join(part *reader, what string) {
	if part.err == nil && part.at != len(part.bytes) {
		part.fail(ReasonMalformed, what+" has trailing bytes")
	}
	if r.err == nil {
		r.err = part.err
	}
}

// u32 reads an unsigned LEB128 number in its shortest form.
func (r *reader) u32() uint32 {
	var value uint64
	for shift := 0; shift < 35; shift += 7 {
		b := r.byte()
		if r.err != nil {
			return 0
		}
		value |= uint64(b&0x7f) << shift
		if b >= 0x80 {
			continue
		}
		if b == 0 && shift > 0 {
			r.fail(ReasonNotCanonical, "number with a needless byte")
			return 0
		}
		if value > 1<<32-1 {
			break
		}
		return uint32(value)
	}
	r.fail(ReasonMalformed, "number wider than 32 bits")
	return 0
}

// count reads a number of things and refuses more than max before anything is made of it.
func (r *reader) count(max uint32, what string) uint32 {
	n := r.u32()
	r.within(n, max, what)
	if r.err != nil {
		return 0
	}
	return n
}

// within refuses a value above its limit.
func (r *reader) within(value, max uint32, what string) {
	if value > max {
		r.failWith(&Refusal{Reason: ReasonLimit, What: what, Value: uint64(value),
			Max: uint64(max)})
	}
}

// signed reads a signed LEB128 number of the given width in its shortest form.
func (r *reader) signed(bits int) int64 {
	var value int64
	var previous byte
	for shift := 0; shift < bits; shift += 7 {
		b := r.byte()
		if r.err != nil {
			return 0
		}
		value |= int64(b&0x7f) << shift
		if b >= 0x80 {
			previous = b
			continue
		}
		if shift > 0 && (b == 0x00 && previous&0x40 == 0 || b == 0x7f && previous&0x40 != 0) {
			r.fail(ReasonNotCanonical, "number with a needless byte")
			return 0
		}
		if shift+7 < 64 {
			value = value << (64 - 7 - shift) >> (64 - 7 - shift)
		} else if b != 0x00 && b != 0x7f {
			break
		}
		if value>>(bits-1) != value>>63 {
			break
		}
		return value
	}
	r.fail(ReasonMalformed, "number wider than its type")
	return 0
}

// appendUnsigned writes the shortest unsigned LEB128 form.
func appendUnsigned(out []byte, v uint32) []byte {
	for ; v >= 0x80; v >>= 7 {
		out = append(out, byte(v)|0x80)
	}
	return append(out, byte(v))
}

// appendSigned writes the shortest signed LEB128 form.
func appendSigned(out []byte, v int64) []byte {
	for {
		b := byte(v & 0x7f)
		v >>= 7
		if v == 0 && b&0x40 == 0 || v == -1 && b&0x40 != 0 {
			return append(out, b)
		}
		out = append(out, b|0x80)
	}
}
