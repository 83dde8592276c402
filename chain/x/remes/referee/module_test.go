package referee

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
)

var engines = map[string]Engine{"compiler": EngineCompiler, "interpreter": EngineInterpreter}

var builds = []string{"tile.wasm", "tile-simd.wasm"}

func register(t testing.TB, engine Engine, wasm []byte) *Module {
	t.Helper()
	r := New(Options{Engine: engine, CompiledMax: 4})
	t.Cleanup(r.Close)
	m, err := r.Register(wasm)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func execute(t testing.TB, m *Module, task Task) ([]byte, Outcome) {
	t.Helper()
	tile, outcome, err := m.Execute(task)
	if err != nil {
		t.Fatal(err)
	}
	return tile, outcome
}

// products are random tiles of several depths and the extremes that random data never meets.
func products() (list []product) {
	for seed, depth := range []uint32{256, 512, 1024, 4096, 6912} {
		list = append(list, randomProduct(uint64(seed), depth))
	}
	for _, activation := range []int8{-128, -1, 0, 127} {
		for code := range byte(4) {
			list = append(list, extremeProduct(256, 0, activation, code))
		}
	}
	return append(list, extremeProduct(8192, 30, -128, 3), extremeProduct(8192, 0, -128, 0),
		extremeProduct(256, 31, 127, 3), extremeProduct(256, 1<<32-1, -128, 2))
}

func TestTilesEqualTheDefinition(t *testing.T) {
	for _, build := range builds {
		fuel := map[int]uint64{}
		for name, engine := range engines {
			m := register(t, engine, read(t, build))
			for i, p := range products() {
				tile, outcome := execute(t, m, p.task())
				if outcome.Code != Done || !bytes.Equal(tile, p.result()) {
					t.Fatalf("%s on the %s, product %d: %+v", build, name, i, outcome)
				}
				if used, ok := fuel[i]; ok && used != outcome.Fuel {
					t.Fatalf("%s, product %d: %d fuel on one engine, %d on the other",
						build, i, used, outcome.Fuel)
				}
				fuel[i] = outcome.Fuel
			}
		}
	}
}

func TestClosureNamesTheLeavesOfATile(t *testing.T) {
	p := randomProduct(9, 512)
	p.tile = 7
	task := p.task()
	task.Inputs = nil
	want := Closure{Ranges: []Range{
		{Slot: 0, First: 16, Count: 16, Stride: 1}, {Slot: 1, First: 4, Count: 2, Stride: 1},
	}}
	for name, engine := range engines {
		got, outcome, err := register(t, engine, read(t, builds[0])).Closure(task)
		if err != nil || outcome.Code != Done || got.More ||
			!slices.Equal(got.Ranges, want.Ranges) {
			t.Fatalf("%s: %+v %+v %v", name, got, outcome, err)
		}
	}
}

// gatherTask is kernel 2 of testdata/tile.ts: eight leaves of a table, by index.
func gatherTask(tableLeaves uint32) Task {
	op := binary.LittleEndian.AppendUint32([]byte{2, 0, 0, 0}, tableLeaves)
	return Task{Op: op, Tile: 3}
}

func TestRunFollowsIndicesInTheData(t *testing.T) {
	indices := []uint32{5, 0, 5, 41, 40, 1 << 31, 7, 1<<32 - 1}
	var asked []Range
	leaf := func(r Range) ([]byte, error) {
		asked = append(asked, r)
		if r.Slot == 0 {
			var out []byte
			for _, i := range indices {
				out = binary.LittleEndian.AppendUint32(out, i)
			}
			return out, nil
		}
		return bytes.Repeat([]byte{byte(r.First)}, 64), nil
	}
	for name, engine := range engines {
		asked = nil
		tile, outcome, err := register(t, engine, read(t, builds[1])).Run(gatherTask(41), leaf)
		if err != nil || outcome.Code != Done {
			t.Fatal(name, outcome, err)
		}
		want := []Range{{0, 3, 1, 1}}
		var content []byte
		for _, i := range indices {
			want = append(want, Range{1, min(i, 40), 1, 1})
			content = append(content, bytes.Repeat([]byte{byte(min(i, 40))}, 64)...)
		}
		if !slices.Equal(asked, want) || !bytes.Equal(tile, content) {
			t.Fatalf("%s asked for %v", name, asked)
		}
	}
}

func TestRunGivesBackTheErrorOfItsReader(t *testing.T) {
	missing := errors.New("no proof of that leaf")
	m := register(t, EngineBest, read(t, builds[0]))
	_, _, err := m.Run(gatherTask(4), func(Range) ([]byte, error) { return nil, missing })
	if !errors.Is(err, missing) {
		t.Fatal(err)
	}
}

func TestRunRefusesMoreInputThanARequestHolds(t *testing.T) {
	m := register(t, EngineBest, read(t, builds[0]))
	_, _, err := m.Run(gatherTask(4), func(Range) ([]byte, error) {
		return make([]byte, InputBytesMax+1), nil
	})
	var taskError *TaskError
	if !errors.As(err, &taskError) {
		t.Fatal(err)
	}
}

// TestRunEndsAModuleThatAlwaysAsksForMore names one further leaf in every answer.
func TestRunEndsAModuleThatAlwaysAsksForMore(t *testing.T) {
	d := newDraft()
	d.data = [][]byte{dataAt(0x2a000, closureResponse(1, 1, Range{0, 0, 1, 1}))}
	d.bodies[0] = code(opI32Const, 32)
	reads := 0
	for name, engine := range engines {
		m := register(t, engine, d.bytes())
		_, outcome, err := m.Run(Task{Op: []byte{1}}, func(Range) ([]byte, error) {
			reads++
			return nil, nil
		})
		if err != nil || outcome.Code != Trapped {
			t.Fatal(name, outcome, err)
		}
	}
	if reads != 2*closureCallsMax {
		t.Fatalf("%d reads", reads)
	}
}

func TestRefusalsKeepTheirNumber(t *testing.T) {
	p := randomProduct(1, 256)
	changed := func(change func(task *Task)) Task {
		task := p.task()
		change(&task)
		return task
	}
	field := func(at int, value uint32) Task {
		return changed(func(task *Task) { binary.LittleEndian.PutUint32(task.Op[at:], value) })
	}
	for _, c := range []struct {
		name string
		want int32
		task Task
	}{
		{"unknown kernel", -2, field(0, 3)},
		{"short op record", -2, changed(func(task *Task) { task.Op = task.Op[:19] })},
		{"no depth", -2, field(4, 0)},
		{"tile outside the grid", -3,
			changed(func(task *Task) { task.Tile = p.panels * p.columns })},
		{"depth above the module's limit", -4, field(4, 8192+256)},
		{"no inputs", -5, changed(func(task *Task) { task.Inputs = nil })},
		{"swapped inputs", -5, changed(func(task *Task) { slices.Reverse(task.Inputs) })},
		{"another leaf", -5, changed(func(task *Task) { task.Inputs[0].First++ })},
		{"short input", -5,
			changed(func(task *Task) { task.Inputs[1].Bytes = task.Inputs[1].Bytes[1:] })},
	} {
		fuel := uint64(0)
		for name, engine := range engines {
			tile, outcome := execute(t, register(t, engine, read(t, builds[0])), c.task)
			if outcome.Code != Refused || outcome.Refusal != c.want || tile != nil {
				t.Errorf("%s on the %s: %+v", c.name, name, outcome)
			}
			if fuel != 0 && fuel != outcome.Fuel {
				t.Errorf("%s: %d fuel on one engine, %d on the other", c.name, fuel, outcome.Fuel)
			}
			fuel = outcome.Fuel
		}
	}
}

// TestInstancesShareNoState runs one module many times at once: a sum that survived a call, or a
// buffer that two calls shared, would change a tile.
func TestInstancesShareNoState(t *testing.T) {
	for name, engine := range engines {
		m := register(t, engine, read(t, builds[1]))
		var group sync.WaitGroup
		failures := make(chan string, 64)
		for worker := range uint64(4) {
			group.Go(func() {
				for i := range uint64(8) {
					p := randomProduct(worker*100+i, 256)
					tile, outcome, err := m.Execute(p.task())
					if err != nil || outcome.Code != Done || !bytes.Equal(tile, p.result()) {
						failures <- fmt.Sprint(name, outcome, err)
					}
				}
			})
		}
		group.Wait()
		close(failures)
		for failure := range failures {
			t.Error(failure)
		}
	}
}

// TestAnInstanceFindsNothingOfTheOneBefore counts in memory and in a global.
func TestAnInstanceFindsNothingOfTheOneBefore(t *testing.T) {
	d := newDraft()
	d.globals = append(d.globals, globalI32(1, 7))
	d.bodies[1] = code(
		opGlobalGet, 2, opI32Const, 1, 0x6a, opGlobalSet, 2,
		opI32Const, 0, opI32Const, 0, 0x28, 2, 0, opI32Const, 1, 0x6a, 0x36, 2, 0,
		opI32Const, 0, 0x28, 2, 0, opGlobalGet, 2, 0x6a)
	for name, engine := range engines {
		m := register(t, engine, d.bytes())
		for range 3 {
			tile, outcome := execute(t, m, Task{Op: []byte{1}})
			if outcome.Code != Done || len(tile) != 1+8 {
				t.Fatalf("%s: %d bytes, %+v", name, len(tile), outcome)
			}
		}
	}
}
