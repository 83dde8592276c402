package referee

import "fmt"

// body reads the code of one function: it checks every instruction and every type, and notes where
// a charge of fuel belongs and how much it is. It follows the validation algorithm of the
// WebAssembly specification (core, appendix "Validation Algorithm") for the subset of
// spec/referee.md, in which a block has no parameters and at most one result.
type body struct {
	*reader
	module  *module
	locals  []valueType
	result  valueType
	stack   []valueType
	frames  []frame
	blocks  uint32
	calls   []uint32 // functions called, with repeats
	charges []charge
}

// frame is an open block, loop, if or function.
type frame struct {
	opcode      byte
	result      valueType
	height      int // operands below it
	unreachable bool
	charge      int // index in charges of the region that its instructions belong to
}

// charge is the fuel taken at the head of a function or loop.
type charge struct {
	at   int // offset in the body
	cost uint32
}

const (
	opUnreachable  = 0x00
	opNop          = 0x01
	opBlock        = 0x02
	opLoop         = 0x03
	opIf           = 0x04
	opElse         = 0x05
	opEnd          = 0x0b
	opBranch       = 0x0c
	opBranchIf     = 0x0d
	opBranchTable  = 0x0e
	opReturn       = 0x0f
	opCall         = 0x10
	opDrop         = 0x1a
	opSelect       = 0x1b
	opLocalGet     = 0x20
	opLocalSet     = 0x21
	opLocalTee     = 0x22
	opGlobalGet    = 0x23
	opGlobalSet    = 0x24
	opI32Const     = 0x41
	opI64Const     = 0x42
	opI64LessU     = 0x54
	opI64Sub       = 0x7d
	opFunctionBody = opBlock // a function's body is a block to its branches
)

// readBody reads one entry of the code section. At return r.err tells whether it is admitted.
func readBody(r *reader, m *module, signature functionType) *body {
	b := &body{reader: r, module: m, result: signature.result}
	b.readLocals(signature)
	cost := costHead + b.costOfLocals(len(signature.parameters))
	b.charges = []charge{{at: b.at, cost: cost}}
	b.frames = []frame{{opcode: opFunctionBody, result: signature.result}}
	for len(b.frames) > 0 && b.err == nil {
		b.instruction()
	}
	return b
}

func (b *body) readLocals(signature functionType) {
	b.locals = append(b.locals, signature.parameters...)
	for groups := b.count(localsMax, "groups of locals"); groups > 0 && b.err == nil; groups-- {
		n := b.count(localsMax, "locals of a function")
		t := b.valueType()
		if b.within(uint32(len(b.locals))+n, localsMax, "locals of a function"); b.err != nil {
			return
		}
		for range n {
			b.locals = append(b.locals, t)
		}
	}
}

func (b *body) costOfLocals(parameters int) (cost uint32) {
	if b.err != nil {
		return 0
	}
	for _, t := range b.locals[parameters:] {
		if t == typeV128 {
			cost += costVectorLocal
		} else {
			cost += costLocal
		}
	}
	return cost
}

func (b *body) top() *frame { return &b.frames[len(b.frames)-1] }

func (b *body) pay(cost uint32) { b.charges[b.top().charge].cost += cost }

func (b *body) push(t valueType) {
	if t == typeNone {
		return
	}
	b.stack = append(b.stack, t)
	b.within(uint32(len(b.stack)), operandsMax, "operands on the stack")
}

// pop takes one operand; below an unconditional branch the stack yields whatever is asked.
func (b *body) pop(want valueType) valueType {
	if want == typeNone || b.err != nil {
		return want
	}
	if len(b.stack) == b.top().height {
		if !b.top().unreachable {
			b.fail(ReasonTypeCheck, "operand missing")
		}
		return want
	}
	got := b.stack[len(b.stack)-1]
	b.stack = b.stack[:len(b.stack)-1]
	if got != want && got != typeAny && want != typeAny {
		b.fail(ReasonTypeCheck, "operand of another type")
	}
	if got == typeAny {
		return want
	}
	return got
}

// stopHere marks the rest of the block as unreachable.
func (b *body) stopHere() {
	b.stack = b.stack[:b.top().height]
	b.top().unreachable = true
}

// label gives the type that a branch carries: a loop is entered at its head, with nothing.
func (b *body) label(depth uint32) valueType {
	if b.err != nil || uint64(depth) >= uint64(len(b.frames)) {
		b.fail(ReasonTypeCheck, "branch to no block")
		return typeNone
	}
	target := b.frames[len(b.frames)-1-int(depth)]
	if target.opcode == opLoop {
		return typeNone
	}
	return target.result
}

func (b *body) instruction() {
	at := b.at
	op := b.byte()
	if b.err != nil {
		return
	}
	switch {
	case op <= opCall || op == opDrop || op == opSelect:
		b.control(op, at)
	case op >= opLocalGet && op <= opGlobalSet, op == opI32Const, op == opI64Const:
		b.pay(costPlain)
		b.variable(op)
	case op == prefixVec:
		code := b.u32()
		if code > 255 || vectorOpcodes[code] == nil {
			b.refuseOpcode(at, fmt.Sprintf("opcode 0xfd %d", code))
			return
		}
		b.plain(vectorOpcodes[code])
	case scalarOpcodes[op] != nil:
		b.plain(scalarOpcodes[op])
	default:
		b.refuseOpcode(at, fmt.Sprintf("opcode 0x%02x", op))
	}
}

func (b *body) refuseOpcode(at int, name string) {
	if b.err == nil {
		b.err = &Refusal{Reason: ReasonOpcode, What: name, Offset: b.base + at}
	}
}

// plain handles every instruction of the opcode tables.
func (b *body) plain(op *opcode) {
	b.pay(op.cost)
	switch op.immediate {
	case immediateMemory:
		b.memoryArgument(op.width)
	case immediateMemLane:
		b.memoryArgument(op.width)
		b.laneIndex(op.lanes)
	case immediateLane:
		b.laneIndex(op.lanes)
	case immediateBytes:
		b.take(16, "constant")
	case immediateShuffle:
		for range 16 {
			b.laneIndex(op.lanes)
		}
	}
	for i := len(op.operands) - 1; i >= 0; i-- {
		b.pop(op.operands[i])
	}
	b.push(op.result)
}

func (b *body) memoryArgument(width byte) {
	if align := b.u32(); b.err == nil && align > uint32(width) {
		b.fail(ReasonTypeCheck, "alignment above the access")
	}
	b.u32()
}

func (b *body) laneIndex(lanes byte) {
	if lane := b.byte(); b.err == nil && lane >= lanes {
		b.fail(ReasonTypeCheck, "lane out of range")
	}
}

func (b *body) variable(op byte) {
	switch op {
	case opI32Const:
		b.signed(32)
		b.push(typeI32)
	case opI64Const:
		b.signed(64)
		b.push(typeI64)
	case opGlobalGet, opGlobalSet:
		b.global(op)
	default:
		index := b.u32()
		if b.err != nil || uint64(index) >= uint64(len(b.locals)) {
			b.fail(ReasonTypeCheck, "no such local")
			return
		}
		t := b.locals[index]
		if op != opLocalGet {
			b.pop(t)
		}
		if op != opLocalSet {
			b.push(t)
		}
	}
}

func (b *body) global(op byte) {
	index := b.u32()
	if b.err != nil || uint64(index) >= uint64(len(b.module.globals)) {
		b.fail(ReasonTypeCheck, "no such global")
		return
	}
	g := b.module.globals[index]
	if op == opGlobalGet {
		b.push(g.valueType)
		return
	}
	if !g.mutable {
		b.fail(ReasonTypeCheck, "write to an immutable global")
	}
	b.pop(g.valueType)
}

// valueType reads the type of a local, parameter, result or global.
func (r *reader) valueType() valueType {
	t := valueType(r.byte())
	switch t {
	case typeI32, typeI64, typeV128:
	default:
		r.fail(ReasonValueType, fmt.Sprintf("type 0x%02x", byte(t)))
	}
	return t
}
