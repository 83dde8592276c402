package referee

import "strings"

// valueType is the byte that WebAssembly gives a type of values.
type valueType byte

const (
	typeI32  valueType = 0x7f
	typeI64  valueType = 0x7e
	typeV128 valueType = 0x7b
	typeNone valueType = 0x40 // the type of a block without a result
	typeAny  valueType = 0    // what code after a branch may find on the stack
)

// prefixVec precedes the opcodes of SIMD128.
const prefixVec = 0xfd

// immediate says what follows an opcode.
type immediate byte

const (
	immediateNone    immediate = iota
	immediateMemory            // alignment and offset
	immediateLane              // one lane
	immediateMemLane           // alignment, offset and one lane
	immediateBytes             // sixteen bytes
	immediateShuffle           // sixteen lanes of two vectors
)

// opcode is one admitted instruction whose effect on the stack is fixed. Control flow, locals,
// globals and constants are written out in body.go.
type opcode struct {
	name      string
	operands  []valueType
	result    valueType // typeNone if it leaves nothing
	immediate immediate
	width     byte // log2 of the bytes that a load or store accesses
	lanes     byte // how many lanes an immediate may name
	cost      uint32
}

// Costs in units of fuel. One unit is about one dispatch of the interpreter, the slowest engine:
// measured there, a unit of any instruction takes between a third of and twice the usual time, so
// that equal fuel is about equal time. The compiler is 10 to 30 times faster throughout.
const (
	costPlain         = 1
	costMemory        = 2
	costDivision      = 8
	costVector        = 2
	costVectorMemory  = 3
	costVectorSlow    = 4
	costVectorSlowest = 8
	costCall          = 8
	costBranchTable   = 4
	costLocal         = 1
	costVectorLocal   = 2
	costHead          = 4 // the charge itself
)

var (
	scalarOpcodes = scalarTable()
	vectorOpcodes = vectorTable()
)

type opcodeTable [256]*opcode

// signature reads "il>v": operands from the bottom of the stack upward, then the result.
func signature(text string) (operands []valueType, result valueType) {
	letters := map[byte]valueType{'i': typeI32, 'l': typeI64, 'v': typeV128}
	result = typeNone
	before, after, _ := strings.Cut(text, ">")
	for i := range len(before) {
		operands = append(operands, letters[before[i]])
	}
	if after != "" {
		result = letters[after[0]]
	}
	return operands, result
}

// add writes consecutive opcodes that share a prefix, a signature and a cost.
func (t *opcodeTable) add(first int, prefix, types string, cost uint32, names string) {
	for i, name := range strings.Fields(names) {
		operands, result := signature(types)
		t[first+i] = &opcode{name: prefix + name, operands: operands, result: result, cost: cost}
	}
}

// memory writes consecutive loads or stores; widths holds log2 of the bytes each accesses.
func (t *opcodeTable) memory(first int, prefix, types string, cost uint32, names, widths string) {
	t.add(first, prefix, types, cost, names)
	for i := range len(widths) {
		t[first+i].immediate = immediateMemory
		t[first+i].width = widths[i] - '0'
	}
}

// lane marks consecutive opcodes that name one of so many lanes.
func (t *opcodeTable) lane(first, count int, kind immediate, lanes byte) {
	for i := first; i < first+count; i++ {
		t[i].immediate, t[i].lanes = kind, lanes
	}
}

const (
	comparisons = "eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u"
	divisions   = "div_s div_u rem_s rem_u"
	bitwise     = "and or xor shl shr_s shr_u rotl rotr"
)

func scalarTable() (t opcodeTable) {
	t.memory(0x28, "", "i>i", costMemory, "i32.load", "2")
	t.memory(0x29, "", "i>l", costMemory, "i64.load", "3")
	t.memory(0x2c, "i32.", "i>i", costMemory, "load8_s load8_u load16_s load16_u", "0011")
	t.memory(0x30, "i64.", "i>l", costMemory,
		"load8_s load8_u load16_s load16_u load32_s load32_u", "001122")
	t.memory(0x36, "", "ii", costMemory, "i32.store", "2")
	t.memory(0x37, "", "il", costMemory, "i64.store", "3")
	t.memory(0x3a, "i32.", "ii", costMemory, "store8 store16", "01")
	t.memory(0x3c, "i64.", "il", costMemory, "store8 store16 store32", "012")

	t.add(0x45, "i32.", "i>i", costPlain, "eqz")
	t.add(0x46, "i32.", "ii>i", costPlain, comparisons)
	t.add(0x50, "i64.", "l>i", costPlain, "eqz")
	t.add(0x51, "i64.", "ll>i", costPlain, comparisons)
	t.add(0x67, "i32.", "i>i", costPlain, "clz ctz popcnt")
	t.add(0x6a, "i32.", "ii>i", costPlain, "add sub mul")
	t.add(0x6d, "i32.", "ii>i", costDivision, divisions)
	t.add(0x71, "i32.", "ii>i", costPlain, bitwise)
	t.add(0x79, "i64.", "l>l", costPlain, "clz ctz popcnt")
	t.add(0x7c, "i64.", "ll>l", costPlain, "add sub mul")
	t.add(0x7f, "i64.", "ll>l", costDivision, divisions)
	t.add(0x83, "i64.", "ll>l", costPlain, bitwise)
	t.add(0xa7, "i32.", "l>i", costPlain, "wrap_i64")
	t.add(0xac, "i64.", "i>l", costPlain, "extend_i32_s extend_i32_u")
	t.add(0xc0, "i32.", "i>i", costPlain, "extend8_s extend16_s")
	t.add(0xc2, "i64.", "l>l", costPlain, "extend8_s extend16_s extend32_s")
	return t
}

func vectorTable() (t opcodeTable) {
	vectorMemory(&t)
	vectorLanes(&t)
	t.add(77, "v128.", "v>v", costVector, "not")
	t.add(78, "v128.", "vv>v", costVector, "and andnot or xor")
	t.add(82, "v128.", "vvv>v", costVector, "bitselect")
	t.add(83, "v128.", "v>i", costVector, "any_true")
	t.add(35, "i8x16.", "vv>v", costVector, comparisons)
	t.add(45, "i16x8.", "vv>v", costVector, comparisons)
	t.add(55, "i32x4.", "vv>v", costVector, comparisons)
	t.add(214, "i64x2.", "vv>v", costVector, "eq ne lt_s gt_s le_s ge_s")

	sums := func(first int, shape string) {
		t.add(first, shape, "vv>v", costVector, "add")
		t.add(first+1, shape, "vv>v", costVectorSlow, "add_sat_s add_sat_u")
		t.add(first+3, shape, "vv>v", costVector, "sub")
		t.add(first+4, shape, "vv>v", costVectorSlow, "sub_sat_s sub_sat_u")
	}
	const extremes = "min_s min_u max_s max_u"
	t.add(96, "i8x16.", "v>v", costVector, "abs neg")
	t.add(98, "i8x16.", "v>v", costVectorSlowest, "popcnt")
	t.add(99, "i8x16.", "v>i", costVector, "all_true bitmask")
	t.add(101, "i8x16.", "vv>v", costVector, "narrow_i16x8_s narrow_i16x8_u")
	t.add(107, "i8x16.", "vi>v", costVectorSlow, "shl shr_s shr_u")
	sums(110, "i8x16.")
	t.add(118, "i8x16.", "vv>v", costVector, extremes)
	t.add(123, "i8x16.", "vv>v", costVector, "avgr_u")

	t.add(124, "i16x8.", "v>v", costVector, "extadd_pairwise_i8x16_s extadd_pairwise_i8x16_u")
	t.add(126, "i32x4.", "v>v", costVector, "extadd_pairwise_i16x8_s extadd_pairwise_i16x8_u")

	t.add(128, "i16x8.", "v>v", costVector, "abs neg")
	t.add(130, "i16x8.", "vv>v", costVector, "q15mulr_sat_s")
	t.add(131, "i16x8.", "v>i", costVector, "all_true bitmask")
	t.add(133, "i16x8.", "vv>v", costVector, "narrow_i32x4_s narrow_i32x4_u")
	sums(142, "i16x8.")
	t.add(149, "i16x8.", "vv>v", costVector, "mul "+extremes)
	t.add(155, "i16x8.", "vv>v", costVector, "avgr_u")

	t.add(160, "i32x4.", "v>v", costVector, "abs neg")
	t.add(163, "i32x4.", "v>i", costVector, "all_true bitmask")
	t.add(174, "i32x4.", "vv>v", costVector, "add")
	t.add(177, "i32x4.", "vv>v", costVector, "sub")
	t.add(181, "i32x4.", "vv>v", costVector, "mul "+extremes+" dot_i16x8_s")

	t.add(192, "i64x2.", "v>v", costVector, "abs neg")
	t.add(195, "i64x2.", "v>i", costVector, "all_true bitmask")
	t.add(206, "i64x2.", "vv>v", costVector, "add")
	t.add(209, "i64x2.", "vv>v", costVector, "sub")
	t.add(213, "i64x2.", "vv>v", costVectorSlow, "mul")

	widening := func(extend, shift, extmul int, shape, narrow string) {
		halves := func(verb string) string {
			return verb + "low_" + narrow + "_s " + verb + "high_" + narrow + "_s " +
				verb + "low_" + narrow + "_u " + verb + "high_" + narrow + "_u"
		}
		t.add(extend, shape, "v>v", costVector, halves("extend_"))
		t.add(shift, shape, "vi>v", costVector, "shl shr_s shr_u")
		t.add(extmul, shape, "vv>v", costVector, halves("extmul_"))
	}
	widening(135, 139, 156, "i16x8.", "i8x16")
	widening(167, 171, 188, "i32x4.", "i16x8")
	widening(199, 203, 220, "i64x2.", "i32x4")
	return t
}

func vectorMemory(t *opcodeTable) {
	t.memory(0, "v128.", "i>v", costVectorMemory,
		"load load8x8_s load8x8_u load16x4_s load16x4_u load32x2_s load32x2_u", "4333333")
	t.memory(7, "v128.", "i>v", costVectorMemory,
		"load8_splat load16_splat load32_splat load64_splat", "0123")
	t.memory(11, "v128.", "iv", costVectorMemory, "store", "4")
	t.memory(84, "v128.", "iv>v", costVectorMemory,
		"load8_lane load16_lane load32_lane load64_lane", "0123")
	t.memory(88, "v128.", "iv", costVectorMemory,
		"store8_lane store16_lane store32_lane store64_lane", "0123")
	t.memory(92, "v128.", "i>v", costVectorMemory, "load32_zero load64_zero", "23")
	for _, first := range []int{84, 88} {
		for i := range 4 {
			t.lane(first+i, 1, immediateMemLane, 16>>i)
		}
	}
}

func vectorLanes(t *opcodeTable) {
	t.add(12, "v128.", ">v", costVector, "const")
	t.lane(12, 1, immediateBytes, 0)
	t.add(13, "i8x16.", "vv>v", costVectorSlow, "shuffle")
	t.lane(13, 1, immediateShuffle, 32)
	t.add(14, "i8x16.", "vv>v", costVectorSlow, "swizzle")
	t.add(15, "", "i>v", costVector, "i8x16.splat i16x8.splat i32x4.splat")
	t.add(18, "", "l>v", costVector, "i64x2.splat")
	t.add(21, "i8x16.", "v>i", costVector, "extract_lane_s extract_lane_u")
	t.add(23, "i8x16.", "vi>v", costVector, "replace_lane")
	t.add(24, "i16x8.", "v>i", costVector, "extract_lane_s extract_lane_u")
	t.add(26, "i16x8.", "vi>v", costVector, "replace_lane")
	t.add(27, "i32x4.", "v>i", costVector, "extract_lane")
	t.add(28, "i32x4.", "vi>v", costVector, "replace_lane")
	t.add(29, "i64x2.", "v>l", costVector, "extract_lane")
	t.add(30, "i64x2.", "vl>v", costVector, "replace_lane")
	t.lane(21, 3, immediateLane, 16)
	t.lane(24, 3, immediateLane, 8)
	t.lane(27, 2, immediateLane, 4)
	t.lane(29, 2, immediateLane, 2)
}
