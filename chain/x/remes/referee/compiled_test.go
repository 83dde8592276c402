package referee

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"
)

// trapping is one module for each way in which an admitted module can stop.
func trapping() map[string][]byte {
	i32 := func(v int64) []byte { return appendSigned([]byte{opI32Const}, v) }
	i64 := func(v int64) []byte { return appendSigned([]byte{opI64Const}, v) }
	do := func(parts ...[]byte) []byte {
		return executing(append(slices.Concat(parts...), opDrop, opI32Const, 1)...)
	}
	end := int64(5*pageBytes) - 1
	return map[string][]byte{
		"unreachable":                     executing(opUnreachable),
		"i32 divided by zero":             do(i32(1), i32(0), []byte{0x6d}),
		"i32 divided by zero, unsigned":   do(i32(1), i32(0), []byte{0x6e}),
		"i32 remainder by zero":           do(i32(1), i32(0), []byte{0x6f}),
		"i32 remainder by zero, unsigned": do(i32(1), i32(0), []byte{0x70}),
		"i32 quotient that overflows":     do(i32(-1<<31), i32(-1), []byte{0x6d}),
		"i64 divided by zero":             do(i64(1), i64(0), []byte{0x7f}),
		"i64 divided by zero, unsigned":   do(i64(1), i64(0), []byte{0x80}),
		"i64 remainder by zero":           do(i64(1), i64(0), []byte{0x81}),
		"i64 remainder by zero, unsigned": do(i64(1), i64(0), []byte{0x82}),
		"i64 quotient that overflows":     do(i64(-1<<63), i64(-1), []byte{0x7f}),
		"load across the end":             do(i32(end), []byte{0x28, 0, 0}),
		"load far outside":                do(i32(-1), []byte{0x28, 0, 0}),
		"load at an offset of 4 GiB": do(i32(-1),
			[]byte{0x28, 0, 0xff, 0xff, 0xff, 0xff, 0x0f}),
		"store across the end":       do(i32(end), i32(0), []byte{0x36, 0, 0}, i32(0)),
		"vector load across the end": do(i32(end), []byte{prefixVec, 0, 0, 0}),
		"vector store across the end": do(i32(end), vectorZero(),
			[]byte{prefixVec, 11, 0, 0}, i32(0)),
		"lane load across the end": do(i32(end), vectorZero(),
			[]byte{prefixVec, 85, 0, 0, 7}),
		"splat load across the end": do(i32(end), []byte{prefixVec, 9, 0, 0}),
		"fuel": executing(opLoop, byte(typeNone), opBranch, 0, opEnd,
			opUnreachable),
		"trap after a charge": executing(opLoop, byte(typeNone), opUnreachable,
			opEnd, opUnreachable),
		"trap in a function that is called": calledTrap(),
	}
}

func calledTrap() []byte {
	d := newDraft()
	d.bodies = [][]byte{code(opUnreachable), code(opLocalGet, 0, opCall, 0)}
	return d.bytes()
}

func TestEveryTrapIsOne(t *testing.T) {
	for name, wasm := range trapping() {
		var left []uint64
		for _, engine := range engines {
			m := register(t, engine, wasm)
			tile, outcome := execute(t, m, Task{Op: []byte{1}, Fuel: 7})
			if tile != nil || outcome != (Outcome{Code: Trapped, Fuel: FuelConstant + 7}) {
				t.Errorf("%s: %+v", name, outcome)
			}
			left = append(left, callWith(t, m, Task{Op: []byte{1}}, 1000).left)
		}
		if left[0] != left[1] {
			t.Errorf("%s: one engine leaves %d fuel, the other %d", name, left[0], left[1])
		}
	}
}

// TestDeepCallsEndAlike calls through every function there may be, each with as many locals as fit:
// the deepest and widest stack that is admitted is far below the limit of either engine.
func TestDeepCallsEndAlike(t *testing.T) {
	d := newDraft()
	d.functions, d.bodies = nil, nil
	locals := [][]byte{{localsOfModuleMax/functionsMax - 1, byte(typeV128)}}
	for i := range functionsMax {
		d.functions = append(d.functions, []byte{0})
		body := []byte{opLocalGet, 0, opI32Const, 1, 0x6a}
		if i+1 < functionsMax {
			body = appendUnsigned(append(body, opCall), uint32(i+1))
		}
		d.bodies = append(d.bodies, codeWith(locals, body...))
	}
	wasm := d.bytes()
	for name, engine := range engines {
		m := register(t, engine, wasm)
		task := Task{Op: []byte{1}}
		request, _ := task.encode()
		if c := callWith(t, m, task, FuelMax); c.trapped ||
			c.result != int32(len(request)+functionsMax-1) {
			t.Fatalf("%s: trapped %v, result %d", name, c.trapped, c.result)
		}
	}
}

// TestAWideStackEndsAlike holds every operand that is admitted, as vectors, in nested calls.
func TestAWideStackEndsAlike(t *testing.T) {
	const functions = 12
	d := newDraft()
	d.functions, d.bodies = nil, nil
	for i := range functions {
		d.functions = append(d.functions, []byte{0})
		body := slices.Repeat([]byte{opLocalGet, 0, prefixVec, 17}, operandsMax-2)
		if i+1 < functions {
			body = append(body, opLocalGet, 0, opCall, byte(i+1), opDrop)
		}
		body = append(body, slices.Repeat([]byte{prefixVec, 0xae, 1}, operandsMax-3)...)
		d.bodies = append(d.bodies, code(append(body, prefixVec, 27, 0)...))
	}
	wasm := d.bytes()
	task := Task{Op: []byte{1}}
	request, _ := task.encode()
	for name, engine := range engines {
		c := callWith(t, register(t, engine, wasm), task, FuelMax)
		if c.trapped || c.result != int32(len(request)*(operandsMax-2)) {
			t.Fatalf("%s: trapped %v, result %d", name, c.trapped, c.result)
		}
	}
}

// TestNoTextOfAnEngineEscapes prints all that a caller can get and looks for an engine's words.
func TestNoTextOfAnEngineEscapes(t *testing.T) {
	words := []string{"wasm", "wazero", "error", "stack", "unreachable", "out of bounds",
		"divide", "trap:", "0x"}
	var said []string
	for _, wasm := range trapping() {
		tile, outcome := execute(t, register(t, EngineBest, wasm), Task{Op: []byte{1}})
		said = append(said, fmt.Sprintf("%v %+v", tile, outcome))
	}
	_, err := compile([32]byte{}, []byte("\x00asm\x01\x00\x00\x00\x03"), EngineBest)
	var refusal *Refusal
	if !errors.As(err, &refusal) || refusal.Reason != ReasonEngineRefused {
		t.Fatal(err)
	}
	for _, line := range append(said, err.Error()) {
		for _, word := range words {
			if bytes.Contains([]byte(line), []byte(word)) {
				t.Errorf("%q holds %q", line, word)
			}
		}
	}
}

// TestAPanicOfTheEngineIsATrap calls a module that is closed, which the engine answers with a
// failure of its own, and a compiled value without runtime, which panics.
func TestAPanicOfTheEngineIsATrap(t *testing.T) {
	made, err := compile([32]byte{}, mustAdmit(t, newDraft().bytes()), EngineBest)
	if err != nil {
		t.Fatal(err)
	}
	made.close()
	if c := made.call(exportExecute, nil, 100); !c.trapped {
		t.Fatalf("%+v", c)
	}
	if c := (&compiled{}).call(exportExecute, nil, 100); !c.trapped {
		t.Fatalf("%+v", c)
	}
}

// TestAnEngineThatRefusesGivesNoCode shows both ways in which one may: an error, by a module that
// is none, and a panic, by a configuration that is none.
func TestAnEngineThatRefusesGivesNoCode(t *testing.T) {
	metered := mustAdmit(t, newDraft().bytes())
	for _, config := range EngineBest.configs() {
		if runtime, code := compileWith(config, metered[:20]); runtime != nil || code != nil {
			t.Error("half a module was compiled")
		}
		if _, code := compileWith(config, metered); code == nil {
			t.Error("a whole module was not")
		}
	}
	if _, code := compileWith(nil, metered); code != nil {
		t.Error("compiled by no engine")
	}
	if len(EngineBest.configs()) != 2 || len(EngineCompiler.configs()) != 1 {
		t.Error("only the best engine has a second one")
	}
}

func mustAdmit(t testing.TB, wasm []byte) []byte {
	t.Helper()
	metered, err := Admit(wasm)
	if err != nil {
		t.Fatal(err)
	}
	return metered
}
