package referee

import "fmt"

// control handles the instructions that open, close or leave blocks, and those whose operand types
// depend on what is there.
func (b *body) control(op byte, at int) {
	switch op {
	case opBlock, opLoop, opIf:
		b.pay(costPlain)
		b.open(op)
	case opElse:
		b.pay(costPlain)
		b.otherwise()
	case opEnd:
		b.pay(costPlain)
		b.close()
	case opNop:
		b.pay(costPlain)
	case opUnreachable:
		b.pay(costPlain)
		b.stopHere()
	case opBranch, opBranchIf, opReturn:
		b.pay(costPlain)
		b.branch(op)
	case opBranchTable:
		b.pay(costBranchTable)
		b.branchTable()
	case opCall:
		b.pay(costCall)
		b.call()
	case opDrop:
		b.pay(costPlain)
		b.pop(typeAny)
	case opSelect:
		b.pay(costPlain)
		b.pop(typeI32)
		first := b.pop(typeAny)
		b.push(b.pop(first))
	default:
		b.refuseOpcode(at, fmt.Sprintf("opcode 0x%02x", op))
	}
}

func (b *body) open(op byte) {
	result := valueType(b.byte())
	switch result {
	case typeNone, typeI32, typeI64, typeV128:
	case 0x7d, 0x7c, 0x70, 0x6f:
		b.fail(ReasonValueType, fmt.Sprintf("type 0x%02x", byte(result)))
	default:
		b.fail(ReasonSignature, "block with parameters or several results")
	}
	b.blocks++
	b.within(b.blocks, blocksOfFunctionMax, "blocks of a function")
	b.within(uint32(len(b.frames)), nestingMax, "nesting of blocks")
	if op == opIf {
		b.pop(typeI32)
	}
	region := b.top().charge
	if op == opLoop {
		region = len(b.charges)
		b.charges = append(b.charges, charge{at: b.at, cost: costHead})
	}
	b.frames = append(b.frames,
		frame{opcode: op, result: result, height: len(b.stack), charge: region})
}

// leave checks that a block ends with its result and nothing else on the stack.
func (b *body) leave() {
	b.pop(b.top().result)
	if b.err == nil && len(b.stack) != b.top().height {
		b.fail(ReasonTypeCheck, "operands left in a block")
	}
}

func (b *body) otherwise() {
	if b.top().opcode != opIf {
		b.fail(ReasonTypeCheck, "else without if")
		return
	}
	b.leave()
	b.top().opcode = opElse
	b.top().unreachable = false
}

func (b *body) close() {
	if b.top().opcode == opIf && b.top().result != typeNone {
		b.fail(ReasonTypeCheck, "if with a result and no else")
	}
	b.leave()
	result := b.top().result
	b.frames = b.frames[:len(b.frames)-1]
	if len(b.frames) > 0 {
		b.push(result)
	}
}

func (b *body) branch(op byte) {
	carried := b.result
	if op != opReturn {
		depth := b.u32()
		if op == opBranchIf {
			b.pop(typeI32)
		}
		carried = b.label(depth)
	}
	b.pop(carried)
	if op == opBranchIf {
		b.push(carried)
	} else {
		b.stopHere()
	}
}

func (b *body) branchTable() {
	n := b.count(branchTargetsMax, "targets of a br_table")
	b.pop(typeI32)
	carried := b.label(b.u32())
	for range n {
		if b.label(b.u32()) != carried {
			b.fail(ReasonTypeCheck, "targets of a br_table that differ in type")
		}
		if b.err != nil {
			return
		}
	}
	b.pop(carried)
	b.stopHere()
}

func (b *body) call() {
	index := b.u32()
	if b.err != nil || uint64(index) >= uint64(len(b.module.functions)) {
		b.fail(ReasonTypeCheck, "call of no function")
		return
	}
	callee := b.module.functions[index]
	for i := len(callee.parameters) - 1; i >= 0; i-- {
		b.pop(callee.parameters[i])
	}
	b.push(callee.result)
	b.calls = append(b.calls, index)
}
