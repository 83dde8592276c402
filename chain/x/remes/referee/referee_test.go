package referee

import (
	"bytes"
	"sync"
	"testing"
)

// numbered is a module that differs from others in one constant.
func numbered(n byte) []byte { return executing(opNop, opI32Const, n) }

func kept(r *Referee) int {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return len(r.byHash)
}

// keeps gives the compiled form of a module where it is kept, else nil.
func keeps(r *Referee, m *Module) *compiled {
	held := r.find(m.hash)
	if held != nil {
		r.release(held)
	}
	return held
}

func TestCompiledModulesAreKeptUpToTheirNumber(t *testing.T) {
	r := New(Options{CompiledMax: 2})
	defer r.Close()
	var modules []*Module
	for n := byte(1); n <= 4; n++ {
		m, err := r.Register(numbered(n))
		if err != nil {
			t.Fatal(err)
		}
		modules = append(modules, m)
	}
	if kept(r) != 2 || keeps(r, modules[0]) != nil {
		t.Fatal("an old module is kept")
	}
	for i, m := range modules {
		if tile, outcome := execute(t, m, Task{Op: []byte{1}}); len(tile) != i+1 {
			t.Fatalf("module %d after eviction: %+v", i, outcome)
		}
	}
	if kept(r) != 2 {
		t.Fatalf("%d modules kept", kept(r))
	}
}

func TestTheLeastRecentlyUsedModuleGoesFirst(t *testing.T) {
	r := New(Options{CompiledMax: 2})
	defer r.Close()
	first, _ := r.Register(numbered(1))
	second, _ := r.Register(numbered(2))
	execute(t, first, Task{Op: []byte{1}})
	if _, err := r.Register(numbered(3)); err != nil {
		t.Fatal(err)
	}
	if keeps(r, first) == nil || keeps(r, second) != nil {
		t.Fatal("another module went")
	}
}

func TestRegisteringTwiceCompilesOnce(t *testing.T) {
	r := New(Options{CompiledMax: 2})
	defer r.Close()
	first, _ := r.Register(numbered(1))
	held := keeps(r, first)
	second, err := r.Register(numbered(1))
	if err != nil || second.Hash() != first.Hash() || keeps(r, first) != held {
		t.Fatal("compiled again", err)
	}
	if !bytes.Equal(first.metered, second.metered) {
		t.Fatal("metered differently")
	}
}

// TestEvictionWaitsForItsUser closes the referee while a module is held: the call goes on.
func TestEvictionWaitsForItsUser(t *testing.T) {
	r := New(Options{CompiledMax: 1})
	m, _ := r.Register(numbered(5))
	held, err := r.acquire(m)
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	request, _ := Task{Op: []byte{1}}.encode()
	if c := held.call(exportExecute, request, 100); c.trapped || len(c.response) != 5 {
		t.Fatalf("%+v", c)
	}
	r.release(held)
	if c := held.call(exportExecute, request, 100); !c.trapped {
		t.Fatal("not closed by its last user")
	}
	if tile, _ := execute(t, m, Task{Op: []byte{1}}); len(tile) != 5 {
		t.Fatal("not compiled again")
	}
	r.Close()
}

// TestManyCallersAtOnce registers and runs more modules than are kept, from several goroutines; the
// race detector and the results are the judges.
func TestManyCallersAtOnce(t *testing.T) {
	r := New(Options{CompiledMax: 2})
	defer r.Close()
	var group sync.WaitGroup
	failures := make(chan any, 400)
	for worker := range 8 {
		group.Go(func() {
			for i := range 50 {
				n := byte(1 + (worker+i)%5)
				m, err := r.Register(numbered(n))
				if err != nil {
					failures <- err
					continue
				}
				if tile, outcome, err := m.Execute(Task{Op: []byte{1}}); err != nil ||
					len(tile) != int(n) {
					failures <- outcome
				}
			}
		})
	}
	group.Wait()
	close(failures)
	for failure := range failures {
		t.Error(failure)
	}
	if kept(r) > 2 {
		t.Fatalf("%d modules kept", kept(r))
	}
}

func TestEnginesShareTheMeteredModule(t *testing.T) {
	compiler := register(t, EngineCompiler, read(t, builds[0]))
	interpreter := register(t, EngineInterpreter, read(t, builds[0]))
	if !bytes.Equal(compiler.metered, interpreter.metered) {
		t.Fatal("the engine changed the module")
	}
}
