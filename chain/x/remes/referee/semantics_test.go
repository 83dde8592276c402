package referee

import (
	"encoding/binary"
	"math/bits"
	"strconv"
	"strings"
)

// This file defines every admitted instruction in Go, from the text of the WebAssembly
// specification and by its name alone, for opcodes_test.go to hold both engines against. It shares
// nothing with the tables of opcodes.go but the names.

// value holds an operand or a result, little-endian, zero above its type's width.
type value [16]byte

func valueOf(v uint64) (out value) {
	binary.LittleEndian.PutUint64(out[:], v)
	return out
}

func (v value) number() uint64 { return binary.LittleEndian.Uint64(v[:]) }

// lanes cuts a vector into lanes of so many bits.
func (v value) lanes(width int) (out []uint64) {
	for at := 0; at < 16; at += width / 8 {
		lane := uint64(0)
		for i := width/8 - 1; i >= 0; i-- {
			lane = lane<<8 | uint64(v[at+i])
		}
		out = append(out, lane)
	}
	return out
}

func vectorOf(lanes []uint64, width int) (out value) {
	for i, lane := range lanes {
		for b := range width / 8 {
			out[i*width/8+b] = byte(lane >> (8 * b))
		}
	}
	return out
}

func mask(width int) uint64 { return 1<<(width-1)<<1 - 1 }

func signed(v uint64, width int) int64 { return int64(v<<(64-width)) >> (64 - width) }

func clamp(v, low, high int64) uint64 { return uint64(min(max(v, low), high)) }

func clampSigned(v int64, width int) uint64 {
	return clamp(v, -1<<(width-1), 1<<(width-1)-1) & mask(width)
}

func clampUnsigned(v int64, width int) uint64 { return clamp(v, 0, 1<<width-1) }

var shapes = map[string]int{"i8x16": 8, "i16x8": 16, "i32x4": 32, "i64x2": 64}

// define gives the result of an instruction, or that it traps. An instruction that it does not know
// gives known = false, which fails the test.
func define(name string, v []value, immediate []byte) (result value, trapped, known bool) {
	prefix, verb, _ := strings.Cut(name, ".")
	switch width := shapes[prefix]; {
	case prefix == "v128":
		result, known = defineBits(verb, v)
	case width == 0:
		return defineScalar(map[string]int{"i32": 32, "i64": 64}[prefix], verb, v)
	default:
		result, known = defineVector(width, verb, v, immediate)
	}
	return result, false, known
}

func defineBits(verb string, v []value) (out value, known bool) {
	for i := range 16 {
		switch verb {
		case "not":
			out[i] = ^v[0][i]
		case "and":
			out[i] = v[0][i] & v[1][i]
		case "andnot":
			out[i] = v[0][i] &^ v[1][i]
		case "or":
			out[i] = v[0][i] | v[1][i]
		case "xor":
			out[i] = v[0][i] ^ v[1][i]
		case "bitselect":
			out[i] = v[0][i]&v[2][i] | v[1][i]&^v[2][i]
		case "any_true":
			if v[0][i] != 0 {
				return valueOf(1), true
			}
		default:
			return out, false
		}
	}
	return out, true
}

func defineScalar(width int, verb string, v []value) (out value, trapped, known bool) {
	a := v[0].number()
	switch verb {
	case "wrap_i64":
		return valueOf(a & mask(32)), false, true
	case "extend_i32_s":
		return valueOf(uint64(signed(a, 32))), false, true
	case "extend_i32_u":
		return valueOf(a), false, true
	case "eqz":
		return valueOf(truth(a == 0)), false, true
	}
	if len(v) == 1 {
		r, ok := unary(verb, a, width)
		return valueOf(r), false, ok
	}
	b := v[1].number()
	if yes, ok := compare(verb, a, b, width); ok {
		return valueOf(truth(yes)), false, true
	}
	if r, trap, ok := divide(verb, a, b, width); ok {
		return valueOf(r), trap, true
	}
	if r, ok := shift(verb, a, b, width); ok {
		return valueOf(r), false, true
	}
	r, ok := binaryOf(verb, a, b, width)
	return valueOf(r), false, ok
}

func truth(yes bool) uint64 {
	if yes {
		return 1
	}
	return 0
}

func unary(verb string, a uint64, width int) (uint64, bool) {
	switch verb {
	case "clz":
		return uint64(bits.LeadingZeros64(a) - (64 - width)), true
	case "ctz":
		return uint64(min(bits.TrailingZeros64(a), width)), true
	case "popcnt":
		return uint64(bits.OnesCount64(a)), true
	case "extend8_s", "extend16_s", "extend32_s":
		from, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(verb, "extend"), "_s"))
		return uint64(signed(a, from)) & mask(width), true
	case "neg":
		return -a & mask(width), true
	case "abs":
		return uint64(max(signed(a, width), -signed(a, width))) & mask(width), true
	}
	return 0, false
}

func compare(verb string, a, b uint64, width int) (yes, known bool) {
	sa, sb := signed(a, width), signed(b, width)
	switch verb {
	case "eq":
		return a == b, true
	case "ne":
		return a != b, true
	case "lt_s":
		return sa < sb, true
	case "lt_u":
		return a < b, true
	case "gt_s":
		return sa > sb, true
	case "gt_u":
		return a > b, true
	case "le_s":
		return sa <= sb, true
	case "le_u":
		return a <= b, true
	case "ge_s":
		return sa >= sb, true
	case "ge_u":
		return a >= b, true
	}
	return false, false
}

func divide(verb string, a, b uint64, width int) (r uint64, trapped, known bool) {
	sa, sb := signed(a, width), signed(b, width)
	switch verb {
	case "div_s", "div_u", "rem_s", "rem_u":
	default:
		return 0, false, false
	}
	overflows := b == mask(width) && a == 1<<(width-1)
	switch {
	case b == 0, verb == "div_s" && overflows:
		return 0, true, true
	case verb == "rem_s" && overflows:
		return 0, false, true
	case verb == "div_s":
		r = uint64(sa / sb)
	case verb == "div_u":
		r = a / b
	case verb == "rem_s":
		r = uint64(sa % sb)
	case verb == "rem_u":
		r = a % b
	}
	return r & mask(width), false, true
}

// shift takes its count modulo the width, as WebAssembly does for lanes and scalars alike.
func shift(verb string, a, count uint64, width int) (uint64, bool) {
	n := int(count % uint64(width))
	switch verb {
	case "shl":
		return a << n & mask(width), true
	case "shr_u":
		return a >> n, true
	case "shr_s":
		return uint64(signed(a, width)>>n) & mask(width), true
	case "rotl":
		return (a<<n | a>>(width-n)) & mask(width), true
	case "rotr":
		return (a>>n | a<<(width-n)) & mask(width), true
	}
	return 0, false
}

func binaryOf(verb string, a, b uint64, width int) (uint64, bool) {
	sa, sb := signed(a, width), signed(b, width)
	switch verb {
	case "add":
		return (a + b) & mask(width), true
	case "sub":
		return (a - b) & mask(width), true
	case "mul":
		return (a * b) & mask(width), true
	case "and":
		return a & b, true
	case "or":
		return a | b, true
	case "xor":
		return a ^ b, true
	case "add_sat_s":
		return clampSigned(sa+sb, width), true
	case "add_sat_u":
		return clampUnsigned(int64(a+b), width), true
	case "sub_sat_s":
		return clampSigned(sa-sb, width), true
	case "sub_sat_u":
		return clampUnsigned(int64(a)-int64(b), width), true
	case "min_s":
		return uint64(min(sa, sb)) & mask(width), true
	case "max_s":
		return uint64(max(sa, sb)) & mask(width), true
	case "min_u":
		return min(a, b), true
	case "max_u":
		return max(a, b), true
	case "avgr_u":
		return (a + b + 1) / 2, true
	case "q15mulr_sat_s":
		return clampSigned((sa*sb+0x4000)>>15, width), true
	}
	return 0, false
}

func defineVector(width int, verb string, v []value, immediate []byte) (value, bool) {
	if out, ok := defineLanes(width, verb, v, immediate); ok {
		return out, true
	}
	if out, ok := defineWidening(width, verb, v); ok {
		return out, true
	}
	a := v[0].lanes(width)
	out := make([]uint64, len(a))
	for i := range a {
		var ok bool
		switch {
		case len(v) == 1:
			out[i], ok = unary(verb, a[i], width)
		case strings.HasPrefix(verb, "sh"):
			out[i], ok = shift(verb, a[i], v[1].number(), width)
		default:
			b := v[1].lanes(width)
			var yes bool
			if yes, ok = compare(verb, a[i], b[i], width); ok {
				out[i] = truth(yes) * mask(width)
			} else {
				out[i], ok = binaryOf(verb, a[i], b[i], width)
			}
		}
		if !ok {
			return value{}, false
		}
	}
	return vectorOf(out, width), true
}

// defineLanes are the instructions that move lanes or fold them into a number.
func defineLanes(width int, verb string, v []value, immediate []byte) (out value, known bool) {
	a := v[0].lanes(width)
	switch verb {
	case "splat":
		lanes := make([]uint64, 128/width)
		for i := range lanes {
			lanes[i] = v[0].number() & mask(width)
		}
		return vectorOf(lanes, width), true
	case "extract_lane", "extract_lane_u":
		return valueOf(a[immediate[0]]), true
	case "extract_lane_s":
		return valueOf(uint64(signed(a[immediate[0]], width)) & mask(32)), true
	case "replace_lane":
		a[immediate[0]] = v[1].number() & mask(width)
		return vectorOf(a, width), true
	case "shuffle":
		both := append(v[0][:], v[1][:]...)
		for i, lane := range immediate {
			out[i] = both[lane]
		}
		return out, true
	case "swizzle":
		for i, lane := range v[1] {
			if lane < 16 {
				out[i] = v[0][lane]
			}
		}
		return out, true
	case "all_true", "bitmask":
		all, sum := uint64(1), uint64(0)
		for i, lane := range a {
			all &= truth(lane != 0)
			sum |= lane >> (width - 1) << i
		}
		if verb == "all_true" {
			return valueOf(all), true
		}
		return valueOf(sum), true
	}
	return out, false
}

// defineWidening are the instructions between lanes of two widths.
func defineWidening(width int, verb string, v []value) (out value, known bool) {
	isSigned := strings.HasSuffix(verb, "_s")
	extend := func(lane uint64, from int) int64 {
		if isSigned {
			return signed(lane, from)
		}
		return int64(lane)
	}
	half := func(lanes []uint64) []uint64 {
		if strings.Contains(verb, "high") {
			return lanes[len(lanes)/2:]
		}
		return lanes[:len(lanes)/2]
	}
	var lanes []uint64
	word, _, _ := strings.Cut(verb, "_")
	switch word {
	case "extend":
		for _, lane := range half(v[0].lanes(width / 2)) {
			lanes = append(lanes, uint64(extend(lane, width/2))&mask(width))
		}
	case "extmul":
		b := half(v[1].lanes(width / 2))
		for i, lane := range half(v[0].lanes(width / 2)) {
			lanes = append(lanes, uint64(extend(lane, width/2)*extend(b[i], width/2))&mask(width))
		}
	case "extadd", "dot":
		from := v[0].lanes(width / 2)
		for i := 0; i < len(from); i += 2 {
			x, y := extend(from[i], width/2), extend(from[i+1], width/2)
			if word == "dot" {
				b := v[1].lanes(width / 2)
				x, y = x*signed(b[i], width/2), y*signed(b[i+1], width/2)
			}
			lanes = append(lanes, uint64(x+y)&mask(width))
		}
	case "narrow":
		for _, lane := range append(v[0].lanes(width*2), v[1].lanes(width*2)...) {
			if isSigned {
				lanes = append(lanes, clampSigned(signed(lane, width*2), width))
			} else {
				lanes = append(lanes, clampUnsigned(signed(lane, width*2), width))
			}
		}
	default:
		return out, false
	}
	return vectorOf(lanes, width), true
}

// defineLoad gives what a load reads from memory at an address; held is the vector of a lane load.
func defineLoad(name string, memory []byte, held value, lane int) (out value, known bool) {
	prefix, verb, _ := strings.Cut(name, ".")
	word := strings.TrimPrefix(verb, "load")
	full := map[string]int{"i32": 4, "i64": 8, "v128": 16}[prefix]
	if word == "" {
		copy(out[:full], memory)
		return out, true
	}
	digits, rest, _ := strings.Cut(word, "_")
	if from, times, found := strings.Cut(digits, "x"); found {
		width, _ := strconv.Atoi(from)
		count, _ := strconv.Atoi(times)
		var half value
		copy(half[:width*count/8], memory)
		return defineWidening(width*2, "extend_low_"+rest, []value{half})
	}
	width, err := strconv.Atoi(digits)
	if err != nil {
		return out, false
	}
	part := value{}
	copy(part[:width/8], memory)
	switch rest {
	case "s":
		return valueOf(uint64(signed(part.number(), width)) & mask(full*8)), true
	case "u", "zero":
		return part, true
	case "splat":
		for i := range out {
			out[i] = memory[i%(width/8)]
		}
		return out, true
	case "lane":
		copy(held[lane*width/8:], memory[:width/8])
		return held, true
	}
	return out, false
}

// defineStore gives the bytes that a store writes.
func defineStore(name string, held value, lane int) (out []byte, known bool) {
	prefix, verb, _ := strings.Cut(name, ".")
	word := strings.TrimSuffix(strings.TrimPrefix(verb, "store"), "_lane")
	if word == "" {
		return held[:map[string]int{"i32": 4, "i64": 8, "v128": 16}[prefix]], true
	}
	width, err := strconv.Atoi(word)
	return held[lane*width/8 : (lane+1)*width/8], err == nil
}
