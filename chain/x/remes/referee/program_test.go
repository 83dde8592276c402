package referee

import (
	"bytes"
	"flag"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// programmer writes a valid program from a stream of choices: nested expressions of every admitted
// instruction, branches, loops and calls, over a few locals of each type. Whatever the program
// does, both engines must do the same, to the unit of fuel.
type programmer struct {
	choices []byte
	code    []byte
	nesting int   // blocks around the present place
	loops   []int // of those, by depth, which are loops
	callee  bool  // whether function 0 may be called
	budget  int
}

// Locals of every program: the parameter, then three of each type.
var programLocals = [][]byte{{3, byte(typeI32)}, {3, byte(typeI64)}, {3, byte(typeV128)}}

func localOf(t valueType, i int) byte {
	first := map[valueType]int{typeI32: 1, typeI64: 4, typeV128: 7}[t]
	return byte(first + i%3)
}

// producing lists the instructions by the type of their result, each with its encoding.
type written struct {
	op       *opcode
	code     int
	isVector bool
}

var producing = func() map[valueType][]written {
	out := map[valueType][]written{}
	for _, table := range []*opcodeTable{&scalarOpcodes, &vectorOpcodes} {
		for code, op := range table {
			if op != nil && op.immediate != immediateBytes {
				out[op.result] = append(out[op.result], written{op, code, table == &vectorOpcodes})
			}
		}
	}
	return out
}()

func (p *programmer) choose(n int) int {
	if len(p.choices) == 0 {
		return 0
	}
	c := p.choices[0]
	p.choices = p.choices[1:]
	return int(c) % n
}

func (p *programmer) emit(bytes ...byte) { p.code = append(p.code, bytes...) }

var anyType = []valueType{typeI32, typeI64, typeV128}

// expression leaves one value of a type on the stack.
func (p *programmer) expression(t valueType, depth int) {
	p.budget--
	choice := p.choose(8)
	if depth == 0 || p.budget < 0 {
		choice %= 2
	}
	switch choice {
	case 0:
		p.emit(opLocalGet, localOf(t, p.choose(3)))
	case 1:
		list := sample(t)
		p.emit(constantOf(t, list[p.choose(len(list))])...)
	case 2:
		p.expression(t, depth-1)
		p.expression(t, depth-1)
		p.expression(typeI32, depth-1)
		p.emit(opSelect)
	case 3:
		p.expression(typeI32, depth-1)
		p.emit(opIf, byte(t))
		p.inside(false, func() { p.expression(t, depth-1) })
		p.emit(opElse)
		p.inside(false, func() { p.expression(t, depth-1) })
		p.emit(opEnd)
	default:
		list := producing[t]
		p.instruction(list[(p.choose(256)*256+p.choose(256))%len(list)], depth)
	}
}

// inside writes the contents of a block.
func (p *programmer) inside(loop bool, write func()) {
	p.nesting++
	if loop {
		p.loops = append(p.loops, p.nesting)
	}
	write()
	if loop {
		p.loops = p.loops[:len(p.loops)-1]
	}
	p.nesting--
}

// instruction writes operands and an instruction; an address is mostly kept inside the memory.
func (p *programmer) instruction(w written, depth int) {
	isMemory := w.op.immediate == immediateMemory || w.op.immediate == immediateMemLane
	for j, t := range w.op.operands {
		p.expression(t, depth-1)
		if isMemory && j == 0 && p.choose(16) > 0 {
			p.emit(appendSigned([]byte{opI32Const}, 0x3fff0)...)
			p.emit(0x71)
		}
	}
	list := immediates(w.op)
	p.emit(encodedOpcode(w.code, w.isVector, list[p.choose(len(list))])...)
}

// statement changes a local or the memory, or branches, and leaves the stack as it was.
func (p *programmer) statement(depth int) {
	if p.budget--; p.budget < 0 || depth == 0 {
		return
	}
	t := anyType[p.choose(3)]
	switch p.choose(9) {
	case 0:
		stores := producing[typeNone]
		p.instruction(stores[p.choose(len(stores))], depth)
	case 1:
		p.emit(opLoop, byte(typeNone))
		p.inside(true, func() { p.statements(depth - 1) })
		p.emit(opEnd)
	case 2:
		p.emit(opBlock, byte(typeNone))
		p.inside(false, func() { p.statements(depth - 1) })
		p.emit(opEnd)
	case 3:
		if len(p.loops) > 0 { // back to a loop's head
			p.expression(typeI32, depth-1)
			p.emit(opBranchIf, byte(p.nesting-p.loops[p.choose(len(p.loops))]))
		}
	case 4:
		p.expression(typeI32, depth-1)
		p.emit(opIf, byte(typeNone))
		p.inside(false, func() { p.statements(depth - 1) })
		p.emit(opEnd)
	case 5:
		if p.callee {
			p.expression(typeI32, depth-1)
			p.emit(opCall, 0, opLocalSet, localOf(typeI32, p.choose(3)))
		}
	case 6:
		p.emit(opBlock, byte(typeNone), opBlock, byte(typeNone))
		p.expression(typeI32, 1)
		p.emit(opBranchTable, 2, 0, 1, byte(p.choose(2)), opEnd)
		p.expression(t, depth-1)
		p.emit(opLocalSet, localOf(t, p.choose(3)), opEnd)
	default:
		p.expression(t, depth)
		p.emit(opLocalTee, localOf(t, p.choose(3)), opDrop)
	}
}

func (p *programmer) statements(depth int) {
	for range 1 + p.choose(5) {
		p.statement(depth)
	}
}

// program makes a module of two functions: closure is called by execute, and execute answers with
// all its locals.
func program(choices []byte) []byte {
	d := newDraft()
	d.data = [][]byte{dataAt(0, vectorBytes(typeV128)), dataAt(0x3fff0, vectorBytes(typeV128)[:32])}
	p := &programmer{choices: choices, budget: 200}
	p.statements(4)
	p.expression(typeI32, 3)
	d.bodies[0] = codeWith(programLocals, p.code...)

	p = &programmer{choices: p.choices, budget: 600, callee: true}
	for len(p.choices) > 0 && p.budget > 0 {
		p.statement(6)
	}
	at := uint32(0x2a000)
	for _, t := range anyType {
		for i := range 3 {
			p.emit(opI32Const, 0, opLocalGet, localOf(t, i))
			p.emit(storeOf(t, at)...)
			at += 16
		}
	}
	d.bodies[1] = returning(programLocals, p.code, 9*16)
	return d.bytes()
}

// agree runs a program on both engines. A program that the limits refuse is not run.
func agree(t *testing.T, choices []byte) (ran, trapped bool) {
	wasm := program(choices)
	metered, err := Admit(wasm)
	if err != nil {
		if err.(*Refusal).Reason != ReasonLimit {
			t.Fatalf("a valid program is refused: %v", err)
		}
		return false, false
	}
	return true, compareEngines(t, metered)
}

var programs = flag.Uint64("programs", 150, "generated programs that both engines are compared on")

func TestProgramsEndAlike(t *testing.T) {
	trapped := uint64(0)
	for seed := range *programs {
		random := rand.New(rand.NewPCG(seed, 11))
		choices := make([]byte, 40+random.IntN(1200))
		for i := range choices {
			choices[i] = byte(random.Uint32())
		}
		ran, stopped := agree(t, choices)
		if !ran {
			t.Fatalf("seed %d is over a limit", seed)
		}
		if stopped {
			trapped++
		}
	}
	if trapped < *programs/10 || trapped > *programs-*programs/10 {
		t.Errorf("%d of %d programs trapped: they do not try both ends", trapped, *programs)
	}
}

func FuzzPrograms(f *testing.F) {
	f.Add([]byte("any bytes are a program"))
	f.Add(slices.Repeat([]byte{7, 1, 250, 3, 4, 99, 0, 6}, 60))
	f.Add([]byte(strings.Repeat("\x01\x05\x02\x03", 40)))
	f.Fuzz(func(t *testing.T, choices []byte) {
		if len(choices) < 4096 {
			agree(t, choices)
		}
	})
}

// TestControlFlow has programs whose answers are known.
func TestControlFlow(t *testing.T) {
	i32, i64, v128, none := byte(typeI32), byte(typeI64), byte(typeV128), byte(typeNone)
	store := func(t valueType, parts ...[]byte) []byte {
		return slices.Concat([]byte{opI32Const, 0}, slices.Concat(parts...), storeOf(t, 0x2a000))
	}
	long := func(v int64) []byte { return appendSigned([]byte{opI64Const}, v) }
	wide := func(b byte) []byte {
		return append([]byte{prefixVec, 12},
			bytes.Repeat([]byte{b}, 16)...)
	}
	number := func(v uint64) []byte { out := valueOf(v); return out[:] }
	table := func(index byte) []byte {
		return store(typeI32, []byte{opBlock, i32, opBlock, i32, opBlock, i32,
			opI32Const, 10, opI32Const, index, opBranchTable, 2, 0, 1, 2, opEnd,
			opI32Const, 1, 0x6a, opEnd, opI32Const, 30, 0x6a, opEnd})
	}
	locals := [][]byte{{1, i32}, {1, i64}, {1, v128}}
	for _, c := range []struct {
		name string
		want []byte
		body []byte
	}{
		{"select of true", number(5), store(typeI64, long(5), long(6),
			[]byte{opI32Const, 0x40, opSelect})},
		{"select of false", number(6), store(typeI64, long(5), long(6),
			[]byte{opI32Const, 0, opSelect})},
		{"select of vectors", bytes.Repeat([]byte{7}, 16),
			store(typeV128, wide(7), wide(8), []byte{opI32Const, 1, opSelect})},
		{"branch table, first", number(30 + 10 + 1), table(0)},
		{"branch table, second", number(30 + 10), table(1)},
		{"branch table, default", number(10), table(2)},
		{"branch table, beyond", number(10), table(63)},
		{"branch table, negative", number(10), table(0x7f)},
		{"locals begin as zero", number(0), store(typeV128, []byte{opLocalGet, 3})},
		{"tee keeps and gives", number(18),
			store(typeI32, []byte{opI32Const, 9, opLocalTee, 1, opLocalGet, 1, 0x6a})},
		{"if takes the first arm", number(1),
			store(typeI32, []byte{opI32Const, 2, opIf, i32, opI32Const, 1, opElse, opI32Const, 0,
				opEnd})},
		{"if takes the second arm", number(0),
			store(typeI32, []byte{opI32Const, 0, opIf, i32, opI32Const, 1, opElse, opI32Const, 0,
				opEnd})},
		{"branch out of two blocks", number(0), slices.Concat(
			[]byte{opBlock, none, opBlock, none, opBranch, 1, opEnd}, store(typeI64,
				long(1)), []byte{opEnd})},
		{"a loop with a result", number(4), store(typeI32,
			[]byte{opLoop, i32, opLocalGet, 1, opI32Const, 1, 0x6a, opLocalTee, 1, opI32Const, 4,
				0x48,
				opBranchIf, 0, opLocalGet, 1, opEnd})},
	} {
		judge(t, c.name, returning(locals, c.body, 16), nil, Task{Op: []byte{1}}, c.want)
	}
}

// TestCallsPassEveryType gives sixteen parameters, more than any engine keeps in registers, through
// two calls, and takes a vector back.
func TestCallsPassEveryType(t *testing.T) {
	types := []byte{byte(typeI32), byte(typeV128), byte(typeI64)}
	signature := []byte{formFunc, parametersMax}
	var pass, sum []byte
	for i := range byte(parametersMax) {
		signature = append(signature, types[i%3])
		pass = append(pass, opLocalGet, i)
	}
	signature = append(signature, 1, byte(typeV128))
	sum = vectorZero()
	for i := range byte(parametersMax) {
		splat := [][]byte{{prefixVec, 17}, nil, {0xa7, prefixVec, 17}}[i%3]
		sum = slices.Concat(sum, []byte{opLocalGet, i}, splat, []byte{prefixVec, 0xae, 1})
	}
	var arguments []byte
	want := uint32(0)
	for i := range byte(parametersMax) {
		v := valueOf(uint64(i) + 1)
		if i%3 == 1 {
			v = value(bytes.Repeat([]byte{i + 1, 0, 0, 0}, 4))
		}
		arguments = append(arguments, constantOf(valueType(types[i%3]), v)...)
		want += uint32(i) + 1
	}
	d := newDraft()
	d.types = append(d.types, signature)
	d.functions = append(d.functions, []byte{1}, []byte{1})
	d.bodies = append(d.bodies, code(sum...), code(append(pass, opCall, 2)...))
	d.bodies[1] = returning(nil, slices.Concat([]byte{opI32Const, 0}, arguments, []byte{opCall, 3},
		storeOf(typeV128, 0x2a000)), 16)
	for name, engine := range engines {
		tile, outcome := execute(t, register(t, engine, d.bytes()), Task{Op: []byte{1}})
		if outcome.Code != Done || !bytes.Equal(tile,
			bytes.Repeat([]byte{byte(want), 0, 0, 0}, 4)) {
			t.Errorf("%s: %x %+v", name, tile, outcome)
		}
	}
}
