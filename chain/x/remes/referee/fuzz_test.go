package referee

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// FuzzAdmit gives bytes to the registration pass. It must not panic or hang, must give the same
// answer twice, and whatever it admits must compile, be refused once metered, and end alike on both
// engines, with the same result and the same fuel.
func FuzzAdmit(f *testing.F) {
	for _, build := range builds {
		f.Add(read(f, build))
	}
	for _, c := range refusals() {
		if len(c.wasm) < 4096 {
			f.Add(c.wasm)
		}
	}
	for _, wasm := range trapping() {
		f.Add(wasm)
	}
	f.Fuzz(func(t *testing.T, wasm []byte) {
		if len(wasm) > 8192 {
			return // compiling what is large is slow and finds nothing more
		}
		metered, err := Admit(wasm)
		if err != nil {
			if metered != nil || err.(*Refusal).Reason == "" {
				t.Fatalf("%v with %d bytes", err, len(metered))
			}
			return
		}
		if again, err := Admit(wasm); err != nil || !bytes.Equal(metered, again) {
			t.Fatal("admitted differently the second time")
		}
		if _, err := Admit(metered); err == nil {
			t.Fatal("metered twice")
		}
		compareEngines(t, metered)
	})
}

// compareEngines calls both functions on both engines; it tells whether execute trapped.
func compareEngines(t *testing.T, metered []byte) (trapped bool) {
	request, _ := Task{Op: []byte{1}, Tile: 3}.encode()
	functions := []string{exportClosure, exportExecute}
	var results [][]call
	for _, engine := range []Engine{EngineCompiler, EngineInterpreter} {
		c, err := compile([32]byte{}, metered, engine)
		if err != nil {
			t.Fatal("admitted, yet the engine refuses it")
		}
		var ended []call
		for _, function := range functions {
			ended = append(ended, c.call(function, request, 20_000))
		}
		c.close()
		results = append(results, ended)
	}
	for i, function := range functions {
		a, b := results[0][i], results[1][i]
		if a.trapped != b.trapped || a.left != b.left || a.result != b.result ||
			!bytes.Equal(a.response, b.response) {
			t.Fatalf("%s: compiler %v %d %d, interpreter %v %d %d", function,
				a.trapped, a.result, a.left, b.trapped, b.result, b.left)
		}
		trapped = a.trapped
	}
	return trapped
}

// FuzzExecuteInputs gives any op record, tile and inputs to both builds of the test module on both
// engines. Its functions are total: an answer or a refusal, never a trap, the same everywhere.
func FuzzExecuteInputs(f *testing.F) {
	small := randomProduct(2, 256).task()
	f.Add(small.Op, small.Tile, small.Inputs[0].Bytes, small.Inputs[1].Bytes)
	gather := gatherTask(9)
	f.Add(gather.Op, gather.Tile, make([]byte, 32), make([]byte, 64))
	f.Add([]byte{}, uint32(0), []byte{}, []byte{})
	var modules [][]*Module
	for _, build := range builds {
		modules = append(modules, []*Module{
			register(f, EngineCompiler, read(f, build)), register(f, EngineInterpreter,
				read(f, build)),
		})
	}
	f.Fuzz(func(t *testing.T, op []byte, tile uint32, first, second []byte) {
		task := Task{Op: op, Tile: tile, Fuel: 4_000_000}
		task.Inputs = []Input{{Slot: 0, Bytes: first}, {Slot: 1, Bytes: second}}
		if len(op) == 20 {
			if depth := binary.LittleEndian.Uint32(op[4:]); depth > 512 && depth <= 8192 {
				return // slow on the interpreter, and the same code
			}
			named, _, err := modules[0][0].Closure(task)
			if err == nil && len(named.Ranges) == 2 {
				for i, r := range named.Ranges {
					task.Inputs[i].First = r.First
				}
			}
		}
		var tiles [][]byte
		for _, engines := range modules {
			var fuel []uint64
			for _, m := range engines {
				payload, outcome, err := m.Execute(task)
				if err == nil && outcome.Code == Trapped {
					t.Fatal("trapped")
				}
				tiles, fuel = append(tiles, payload), append(fuel, outcome.Fuel)
			}
			if fuel[0] != fuel[1] {
				t.Fatalf("%d fuel on the compiler, %d on the interpreter", fuel[0], fuel[1])
			}
		}
		for _, payload := range tiles[1:] {
			if !bytes.Equal(payload, tiles[0]) {
				t.Fatal("tiles differ")
			}
		}
	})
}
