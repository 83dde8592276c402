package referee

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// These tests run every admitted instruction of the tables on both engines, with extreme operands,
// and compare them with each other and with semantics_test.go. This is how a defect of an engine is
// found before a dispute meets it: pin the engine's version, and run them when it changes.

// sample gives operands of a type: limits of every lane width, patterns, and some random ones.
func sample(t valueType) (list []value) {
	words := []uint64{0, 1, 2, 7, 31, 32, 63, 64, 127, 128, 255, 256, 1<<15 - 1, 1 << 15, 1<<16 - 1,
		1<<31 - 1, 1 << 31, 1<<32 - 1, 1 << 32, 1<<63 - 1, 1 << 63, 1<<64 - 1, 0x5555555555555555,
		0x80017fff80017fff, 0x8000000080000000, 0x7f80ff017f80ff01}
	random := rand.New(rand.NewPCG(7, uint64(t)))
	for range 4 {
		words = append(words, random.Uint64())
	}
	if t != typeV128 {
		for _, w := range words {
			if t == typeI32 {
				w &= 1<<32 - 1
			}
			if v := valueOf(w); !slices.Contains(list, v) {
				list = append(list, v)
			}
		}
		return list
	}
	for _, unit := range []string{"\x00", "\x01", "\x7f", "\x80", "\xff", "\x00\x80", "\xff\x7f",
		"\x01\x80",
		"\x00\x00\x00\x80", "\xff\xff\xff\x7f", "\x00\x00\x00\x00\x00\x00\x00\x80",
		"\xff\xff\xff\xff\xff\xff\xff\x7f", "\x80\x7f\x00\xff",
		"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f",
		"\xf0\x0f\x10\x11\x7f\x80\x81\x03\x1f\x20\xff\x0e\x00\x02\x04\x08"} {
		list = append(list, value(bytes.Repeat([]byte(unit), 16/len(unit))))
	}
	for range 5 {
		list = append(list, vectorOf([]uint64{random.Uint64(), random.Uint64()}, 64))
	}
	return list
}

// tuples are all combinations of operands, thinned to most where there are more.
func tuples(types []valueType, most int) (list [][]value) {
	list = [][]value{nil}
	for _, t := range types {
		var longer [][]value
		for _, head := range list {
			for _, v := range sample(t) {
				longer = append(longer, append(slices.Clone(head), v))
			}
		}
		list = longer
	}
	return thin(list, most)
}

// thin keeps every so many, counted so that the last operand does not stand still.
func thin(list [][]value, most int) (kept [][]value) {
	if len(list) <= most {
		return list
	}
	step := len(list)/most + 1
	for step%2 == 0 || step%5 == 0 || step%7 == 0 {
		step++
	}
	for i := 0; i < len(list); i += step {
		kept = append(kept, list[i])
	}
	return kept
}

const (
	tupleBytes  = 48
	tuplesMost  = InputBytesMax / tupleBytes
	inputOffset = 0x1000 + requestHeaderBytes + 16 + inputEntryBytes
)

// encodedOpcode is an opcode as a module writes it.
func encodedOpcode(op int, isVector bool, immediate []byte) []byte {
	if isVector {
		return append(appendUnsigned([]byte{prefixVec}, uint32(op)), immediate...)
	}
	return append([]byte{byte(op)}, immediate...)
}

func loadOf(t valueType, offset uint32) []byte {
	code := map[valueType][]byte{typeI32: {0x28, 0}, typeI64: {0x29, 0},
		typeV128: {prefixVec, 0, 0}}[t]
	return appendUnsigned(slices.Clone(code), offset)
}

func storeOf(t valueType, offset uint32) []byte {
	code := map[valueType][]byte{typeI32: {0x36, 0}, typeI64: {0x37, 0},
		typeV128: {prefixVec, 11, 0}}[t]
	return appendUnsigned(slices.Clone(code), offset)
}

func constantOf(t valueType, v value) []byte {
	switch t {
	case typeI32:
		return appendSigned([]byte{opI32Const}, int64(int32(uint32(v.number()))))
	case typeI64:
		return appendSigned([]byte{opI64Const}, int64(v.number()))
	}
	return append([]byte{prefixVec, 12}, v[:]...)
}

// returning ends a body with the number of bytes answered.
func returning(groups [][]byte, body []byte, n int) []byte {
	return codeWith(groups, appendSigned(append(body, opI32Const), int64(n))...)
}

// overTuples is a body that applies an instruction to each tuple of the input: operands that the
// engine cannot know when it compiles. Result i lands at i times the slot.
func overTuples(op *opcode, instruction []byte, n, slot int, storing bool) []byte {
	i32 := byte(typeI32)
	body := []byte{opLoop, byte(typeNone)}
	if !storing {
		body = append(body, opLocalGet, 2)
	}
	for j, t := range op.operands {
		body = append(append(body, opLocalGet, 1), loadOf(t, uint32(inputOffset+16*j))...)
	}
	body = append(body, instruction...)
	if !storing {
		body = append(body, storeOf(op.result, 0x2a000)...)
	}
	advance := func(local byte, by int64) {
		body = appendSigned(append(body, opLocalGet, local, opI32Const), by)
		body = append(body, 0x6a, opLocalSet, local)
	}
	advance(1, tupleBytes)
	advance(2, int64(slot))
	body = append(body, opLocalGet, 1)
	body = appendSigned(append(body, opI32Const), int64(n*tupleBytes))
	body = append(body, 0x49, opBranchIf, 0, opEnd)
	return returning([][]byte{{2, i32}}, body, n*slot)
}

// overConstants is a body that applies an instruction to tuples written into the code; the first
// operands are loaded all the same, so that engines meet constants in every place.
func overConstants(op *opcode, instruction []byte, list [][]value, loaded int) (body []byte) {
	for i, tuple := range list {
		body = append(body, opI32Const, 0)
		for j, t := range op.operands {
			if j < loaded {
				body = append(append(body, opI32Const, 0),
					loadOf(t, uint32(inputOffset+tupleBytes*i+16*j))...)
			} else {
				body = append(body, constantOf(t, tuple[j])...)
			}
		}
		body = append(append(body, instruction...), storeOf(op.result, uint32(0x2a000+16*i))...)
	}
	return returning(nil, body, 16*len(list))
}

func tupleTask(list [][]value) Task {
	var content []byte
	for _, tuple := range list {
		slot := make([]byte, tupleBytes)
		for j, v := range tuple {
			copy(slot[16*j:], v[:])
		}
		content = append(content, slot...)
	}
	return Task{Op: []byte{1}, Inputs: []Input{{Bytes: content}}}
}

// judge runs a body on both engines and compares with what is expected.
func judge(t *testing.T, name string, body []byte, data [][]byte, task Task, want []byte) {
	t.Helper()
	d := newDraft()
	d.bodies[1], d.data = body, data
	var outcomes []Outcome
	for engineName, engine := range engines {
		r := New(Options{Engine: engine})
		m, err := r.Register(d.bytes())
		if err != nil {
			t.Fatalf("%s on the %s: %v", name, engineName, err)
		}
		got, outcome := execute(t, m, task)
		outcomes = append(outcomes, outcome)
		r.Close()
		if (outcome.Code == Done) != (want != nil) {
			t.Errorf("%s on the %s: %+v", name, engineName, outcome)
		} else if !bytes.Equal(got, want) {
			at := firstDifference(got, want)
			t.Errorf("%s on the %s: %x, want %x in slot %d", name, engineName,
				got[at:at+16], want[at:at+16], at/16)
		}
	}
	if outcomes[0] != outcomes[1] {
		t.Errorf("%s: %+v on one engine, %+v on the other", name, outcomes[0], outcomes[1])
	}
}

func firstDifference(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i / 16 * 16
		}
	}
	return 0
}

// immediates are the forms of an instruction worth trying.
func immediates(op *opcode) (list [][]byte) {
	switch op.immediate {
	case immediateLane:
		for lane := range op.lanes {
			list = append(list, []byte{lane})
		}
	case immediateShuffle:
		random := rand.New(rand.NewPCG(3, 3))
		identity, reverse, interleave, any := make([]byte, 16), make([]byte, 16), make([]byte,
			16), make([]byte, 16)
		for i := range byte(16) {
			identity[i], reverse[i] = i, 31-i
			interleave[i], any[i] = i/2+i%2*16, byte(random.Uint32N(32))
		}
		list = [][]byte{identity, reverse, interleave, any, make([]byte, 16)}
	case immediateMemory:
		list = [][]byte{{0, 0}, {op.width, 5}}
	case immediateMemLane:
		for lane := range op.lanes {
			list = append(list, []byte{0, 5 * (lane & 1), lane})
		}
	default:
		list = [][]byte{nil}
	}
	return list
}

func TestEveryInstructionIsTheDefinitionOnBothEngines(t *testing.T) {
	tested := 0
	for _, table := range []*opcodeTable{&scalarOpcodes, &vectorOpcodes} {
		for code, op := range table {
			if op == nil || op.immediate == immediateBytes {
				continue
			}
			tested++
			for _, immediate := range immediates(op) {
				instruction := encodedOpcode(code, table == &vectorOpcodes, immediate)
				switch {
				case strings.Contains(op.name, ".store"):
					judgeStore(t, op, instruction, immediate)
				case op.immediate == immediateMemory || op.immediate == immediateMemLane:
					judgeLoad(t, op, instruction, immediate)
				default:
					judgePlain(t, op, instruction, immediate)
				}
			}
		}
	}
	want := -1 // v128.const, which the constants of every vector instruction try
	for code := range 256 {
		want += int(truth(isIntegerOpcode(code)) + truth(isIntegerVectorOpcode(code)))
	}
	if tested != want {
		t.Errorf("%d instructions tested of %d", tested, want)
	}
}

// judgePlain tries operands that are loaded, constants, and a mixture; those that trap go one by
// one.
func judgePlain(t *testing.T, op *opcode, instruction, immediate []byte) {
	var going, trapping [][]value
	for _, tuple := range tuples(op.operands, tuplesMost) {
		_, trapped, known := define(op.name, tuple, immediate)
		switch {
		case !known:
			t.Fatalf("%s has no definition", op.name)
		case trapped:
			trapping = append(trapping, tuple)
		default:
			going = append(going, tuple)
		}
	}
	answers := func(list [][]value) (want []byte) {
		for _, tuple := range list {
			v, _, _ := define(op.name, tuple, immediate)
			want = append(want, v[:]...)
		}
		return want
	}
	judge(t, op.name, overTuples(op, instruction, len(going), 16, false), nil,
		tupleTask(going), answers(going))
	few := thin(going, 48)
	for loaded := range len(op.operands) {
		judge(t, op.name+" of constants", overConstants(op, instruction, few, loaded), nil,
			tupleTask(few), answers(few))
	}
	for _, tuple := range thin(trapping, 6) {
		one := [][]value{tuple}
		judge(t, op.name, overTuples(op, instruction, 1, 16, false), nil, tupleTask(one), nil)
		judge(t, op.name+" of constants", overConstants(op, instruction, one, 0), nil,
			tupleTask(one), nil)
	}
}

const memoryEnd = 5 * pageBytes

// loadedAt is where loads read: behind the buffers, filled by a data segment.
const loadedAt = 0x3a000

func accessed(op *opcode) int { return 1 << op.width }

// judgeLoad reads at unaligned places, at a constant one, at the very end of memory, and beyond.
func judgeLoad(t *testing.T, op *opcode, instruction, immediate []byte) {
	content := slices.Concat(vectorBytes(typeV128), vectorBytes(typeV128))[:64]
	data := [][]byte{dataAt(loadedAt, content), dataAt(memoryEnd-16, content[:16])}
	offset, lane := int(immediate[1]), 0
	if op.immediate == immediateMemLane {
		lane = int(immediate[2])
	}
	held := sample(typeV128)[len(sample(typeV128))-1]
	expect := func(memory []byte) []byte {
		v, known := defineLoad(op.name, memory, held, lane)
		if !known {
			t.Fatalf("%s has no definition", op.name)
		}
		return v[:]
	}
	tuple := func(at int) []value { return []value{valueOf(uint64(at - offset)), held} }
	var list [][]value
	var want []byte
	for i := range 40 {
		list, want = append(list, tuple(loadedAt+i)), append(want, expect(content[i:])...)
	}
	last := memoryEnd - accessed(op)
	list, want = append(list, tuple(last)), append(want, expect(content[16-accessed(op):16])...)
	judge(t, op.name, overTuples(op, instruction, len(list), 16, false), data, tupleTask(list),
		want)
	judge(t, op.name+" of constants", overConstants(op, instruction, list, 0), data,
		tupleTask(list), want)
	for _, at := range []int{last + 1, memoryEnd, 1<<32 - 1 + offset} {
		one := [][]value{tuple(at)}
		judge(t, op.name, overTuples(op, instruction, 1, 16, false), data, tupleTask(one), nil)
		judge(t, op.name+" of constants", overConstants(op, instruction, one, 0), data,
			tupleTask(one), nil)
	}
}

func vectorBytes(t valueType) (out []byte) {
	list := sample(t)
	for _, v := range list[len(list)-5:] {
		out = append(out, v[:]...)
	}
	return out
}

// judgeStore writes every operand at unaligned places of its slot of 32 bytes, and outside.
func judgeStore(t *testing.T, op *opcode, instruction, immediate []byte) {
	offset, lane := int(immediate[1]), 0
	if op.immediate == immediateMemLane {
		lane = int(immediate[2])
	}
	var list [][]value
	var want []byte
	for i, v := range sample(op.operands[1]) {
		bytes, known := defineStore(op.name, v, lane)
		if !known || len(bytes) != accessed(op) {
			t.Fatalf("%s has no definition", op.name)
		}
		slot := make([]byte, 32)
		copy(slot[i%16:], bytes)
		list = append(list, []value{valueOf(uint64(0x2a000 + 32*i + i%16 - offset)), v})
		want = append(want, slot...)
	}
	judge(t, op.name, overTuples(op, instruction, len(list), 32, true), nil, tupleTask(list), want)
	held := list[0][1]
	last := memoryEnd - accessed(op)
	end := [][]value{{valueOf(uint64(last - offset)), held}}
	judge(t, op.name, overTuples(op, instruction, 1, 32, true), nil, tupleTask(end),
		make([]byte, 32))
	for _, at := range []int{last + 1, memoryEnd, 1<<32 - 1 + offset} {
		one := [][]value{{valueOf(uint64(at - offset)), held}}
		judge(t, op.name, overTuples(op, instruction, 1, 32, true), nil, tupleTask(one), nil)
	}
}
