package referee

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// callWith runs execute with a chosen amount of fuel and shows what is left of it, trap or not.
func callWith(t testing.TB, m *Module, task Task, fuel uint64) call {
	t.Helper()
	request, err := task.encode()
	if err != nil {
		t.Fatal(err)
	}
	held, err := m.referee.acquire(m)
	if err != nil {
		t.Fatal(err)
	}
	defer m.referee.release(held)
	return held.call(exportExecute, request, fuel)
}

func TestExactlyEnoughFuelIsEnough(t *testing.T) {
	task := randomProduct(4, 1024)
	for _, build := range builds {
		var needed, left uint64
		for name, engine := range engines {
			m := register(t, engine, read(t, build))
			_, outcome := execute(t, m, task.task())
			if needed != 0 && needed != outcome.Fuel {
				t.Fatalf("%s: %d and %d fuel", build, needed, outcome.Fuel)
			}
			needed = outcome.Fuel
			enough := callWith(t, m, task.task(), needed)
			if enough.trapped || enough.left != 0 || !bytes.Equal(enough.response, task.result()) {
				t.Fatalf("%s on the %s with %d: %+v", build, name, needed, enough)
			}
			less := callWith(t, m, task.task(), needed-1)
			if !less.trapped || less.left == 0 {
				t.Fatalf("%s on the %s with one unit less: %+v", build, name, less)
			}
			if left != 0 && left != less.left {
				t.Fatalf("%s stops with %d left on one engine and %d on the other", build, left,
					less.left)
			}
			left = less.left
		}
	}
}

// TestEnginesStopAtTheSamePoint tries amounts of fuel from none to enough: what is left tells at
// which head the module stopped.
func TestEnginesStopAtTheSamePoint(t *testing.T) {
	task := randomProduct(4, 256).task()
	for _, build := range builds {
		compiler := register(t, EngineCompiler, read(t, build))
		interpreter := register(t, EngineInterpreter, read(t, build))
		_, outcome := execute(t, compiler, task)
		for step := range uint64(40) {
			fuel := outcome.Fuel * step / 39
			a, b := callWith(t, compiler, task, fuel), callWith(t, interpreter, task, fuel)
			if a.trapped != b.trapped || a.left != b.left || a.trapped == (step == 39) {
				t.Fatalf("%s with %d: %+v and %+v", build, fuel, a, b)
			}
		}
	}
}

// TestFuelIsWhatTheTableSays charges small modules by hand, from spec/referee.md section 8.
func TestFuelIsWhatTheTableSays(t *testing.T) {
	i32, v128, none := byte(typeI32), byte(typeV128), byte(typeNone)
	drop := func(v ...byte) []byte { return append(v, opDrop) }
	const head = 4
	for _, c := range []struct {
		name string
		want uint64
		body []byte
	}{
		{"constant and end", head + 2, code(opI32Const, 1)},
		{"nops", head + 2 + 3, code(opNop, opNop, opNop, opI32Const, 1)},
		{"a load costs 2", head + 2 + 2 + 2,
			code(append(drop(opI32Const, 0, 0x28, 2, 0), opI32Const, 1)...)},
		{"a store costs 2", head + 2 + 2 + 2,
			code(opI32Const, 0, opI32Const, 0, 0x36, 2, 0, opI32Const, 1)},
		{"a division costs 8", head + 2 + 8 + 3,
			code(append(drop(opI32Const, 6, opI32Const, 2, 0x6d), opI32Const, 1)...)},
		{"a vector costs 2", head + 2 + 2 + 2 + 1,
			code(append(append(vectorZero(), prefixVec, 77, opDrop), opI32Const, 1)...)},
		{"a vector load costs 3", head + 2 + 1 + 3 + 1,
			code(append(drop(opI32Const, 0, prefixVec, 0, 4, 0), opI32Const, 1)...)},
		{"i64x2.mul costs 4", head + 2 + 2 + 2 + 4 + 1,
			code(append(append(append(vectorZero(), vectorZero()...), prefixVec, 0xd5, 1, opDrop),
				opI32Const, 1)...)},
		{"locals cost 1, of v128 2", head + 2 + 3 + 4,
			codeWith([][]byte{{3, i32}, {2, v128}}, opI32Const, 1)},
		{"both arms of an if", head + 2 + 2 + 2 + 1 + 1 + 1,
			code(opI32Const, 0, opIf, none, opNop, opNop, opElse, opNop, opEnd, opI32Const, 1)},
		{"code that is never reached", head + 2 + 1 + 2, code(opI32Const, 1, opReturn, opNop, opNop)},
		{"a branch table costs 4", head + 2 + 1 + 1 + 4 + 1,
			code(opBlock, none, opI32Const, 0, opBranchTable, 1, 0, 0, opEnd, opI32Const, 1)},
		{"a call costs 8", 2*head + 1 + 8 + 1 + 2, code(opLocalGet, 0, opCall, 0)},
		{"ten passages of a loop", (head + 1 + 1 + 1 + 1) + 10*(head+4+2+1+1), countTo(10)},
		{"a loop inside a loop",
			(head + 1 + 1 + 1 + 1) + 3*(head+1+4+2+1+1) + 3*(head+3+1), loopInLoop()},
	} {
		d := newDraft()
		d.bodies[1] = c.body
		for name, engine := range engines {
			_, outcome := execute(t, register(t, engine, d.bytes()), Task{Op: []byte{1}})
			if outcome.Code != Done || outcome.Fuel != c.want {
				t.Errorf("%s on the %s: %+v, want %d", c.name, name, outcome, c.want)
			}
		}
	}
}

// countTo passes a loop's head n times.
func countTo(n byte) []byte {
	return codeWith([][]byte{{1, byte(typeI32)}}, opLoop, byte(typeNone),
		opLocalGet, 1, opI32Const, 1, 0x6a, opLocalTee, 1, opI32Const, n, 0x48, opBranchIf, 0,
		opEnd, opI32Const, 1)
}

// loopInLoop passes the outer head three times and the inner head once in each.
func loopInLoop() []byte {
	none := byte(typeNone)
	return codeWith([][]byte{{1, byte(typeI32)}}, opLoop, none,
		opLoop, none, opNop, opNop, opNop, opEnd,
		opLocalGet, 1, opI32Const, 1, 0x6a, opLocalTee, 1, opI32Const, 3, 0x48, opBranchIf, 0,
		opEnd, opI32Const, 1)
}

func TestAnEndlessLoopEnds(t *testing.T) {
	wasm := executing(opLoop, byte(typeNone), opBranch, 0, opEnd, opUnreachable)
	for name, engine := range engines {
		m := register(t, engine, wasm)
		if _, outcome := execute(t, m, Task{Op: []byte{1}}); outcome != (Outcome{Code: Trapped,
			Fuel: FuelConstant}) {
			t.Errorf("%s: %+v", name, outcome)
		}
		if c := callWith(t, m, Task{Op: []byte{1}}, 1_000_003); !c.trapped || c.left != 0 {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

// TestFuelAboveWhatI64HoldsIsUnsigned compares as the injected code must: a signed comparison would
// let a limit of 2^63 look negative.
func TestFuelAboveWhatI64HoldsIsUnsigned(t *testing.T) {
	for name, engine := range engines {
		m := register(t, engine, executing(opI32Const, 1))
		if c := callWith(t, m, Task{Op: []byte{1}}, 1<<64-1); c.trapped || c.left != 1<<64-1-2-4 {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

// TestCostsAreThoseOfTheSpecification holds the tables against the rows of spec/referee.md section
// 8, by name.
func TestCostsAreThoseOfTheSpecification(t *testing.T) {
	slow := []string{"i64x2.mul", "i8x16.shl", "i8x16.shr_s", "i8x16.shr_u", "i8x16.shuffle",
		"i8x16.swizzle"}
	for _, op := range slices.Concat(scalarOpcodes[:], vectorOpcodes[:]) {
		if op == nil {
			continue
		}
		prefix, verb, _ := strings.Cut(op.name, ".")
		isVector := prefix != "i32" && prefix != "i64"
		isMemory := strings.HasPrefix(verb, "load") || strings.HasPrefix(verb, "store")
		want := uint32(1)
		switch {
		case op.name == "i8x16.popcnt":
			want = 8
		case slices.Contains(slow, op.name), strings.Contains(verb, "_sat_") && verb != "q15mulr_sat_s":
			want = 4
		case isVector && isMemory:
			want = 3
		case isVector, isMemory:
			want = 2
		case strings.HasPrefix(verb, "div"), strings.HasPrefix(verb, "rem"):
			want = 8
		}
		if op.cost != want {
			t.Errorf("%s costs %d, want %d", op.name, op.cost, want)
		}
	}
}
