package referee

import (
	"container/list"
	"crypto/sha256"
	"sync"
)

// Engine chooses how wazero runs a module. Results and fuel are equal on all; only speed differs.
type Engine int

const (
	// EngineBest is the compiler where the platform has one, the interpreter elsewhere and for a
	// module that the compiler does not take.
	EngineBest Engine = iota
	EngineCompiler
	EngineInterpreter
)

// Options of a referee. CompiledMax bounds the compiled modules kept; at least one is.
type Options struct {
	Engine      Engine
	CompiledMax int
}

// Referee registers modules and keeps the most recently used ones compiled. It is safe for use by
// several goroutines: queries may simulate while a block executes. What it keeps changes how long a
// call takes and nothing else, so callers must price a call as if nothing were kept.
type Referee struct {
	options Options
	mutex   sync.Mutex
	byHash  map[[sha256.Size]byte]*list.Element
	recent  *list.List // of *compiled, the most recently used first
}

// New makes a referee that holds no module.
func New(options Options) *Referee {
	options.CompiledMax = max(1, options.CompiledMax)
	return &Referee{
		options: options,
		byHash:  map[[sha256.Size]byte]*list.Element{},
		recent:  list.New(),
	}
}

// Register admits a module and compiles it; for bytes that are kept already it does neither again.
// Every error is a *Refusal.
func (r *Referee) Register(wasm []byte) (*Module, error) {
	m := &Module{referee: r, hash: sha256.Sum256(wasm)}
	if held := r.find(m.hash); held != nil {
		m.metered = held.metered
		r.release(held)
		return m, nil
	}
	metered, err := Admit(wasm)
	if err != nil {
		return nil, err
	}
	m.metered = metered
	held, err := r.acquire(m)
	if err != nil {
		return nil, err
	}
	r.release(held)
	return m, nil
}

// Close gives back the compiled modules. Calls in flight end first; later ones compile again.
func (r *Referee) Close() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for r.recent.Len() > 0 {
		r.evict(r.recent.Back())
	}
}

// find gives a kept module and counts its user, or nil.
func (r *Referee) find(hash [sha256.Size]byte) *compiled {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	element := r.byHash[hash]
	if element == nil {
		return nil
	}
	r.recent.MoveToFront(element)
	held := element.Value.(*compiled)
	held.users++
	return held
}

// acquire gives the compiled form of a module, compiling it where it is not kept. Compilation holds
// no lock, so that a slow one delays nobody else; of two at once the first to finish is kept.
func (r *Referee) acquire(m *Module) (*compiled, error) {
	if held := r.find(m.hash); held != nil {
		return held, nil
	}
	made, err := compile(m.hash, m.metered, r.options.Engine)
	if err != nil {
		return nil, err
	}
	r.mutex.Lock()
	if r.byHash[m.hash] == nil {
		made.users = 1
		r.byHash[m.hash] = r.recent.PushFront(made)
		for r.recent.Len() > r.options.CompiledMax {
			r.evict(r.recent.Back())
		}
		r.mutex.Unlock()
		return made, nil
	}
	r.mutex.Unlock()
	made.close()
	return r.acquire(m)
}

func (r *Referee) release(held *compiled) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	held.users--
	if held.users == 0 && held.evicted {
		held.close()
	}
}

// evict forgets a module; the last user closes it. The mutex is held.
func (r *Referee) evict(element *list.Element) {
	held := r.recent.Remove(element).(*compiled)
	delete(r.byHash, held.hash)
	held.evicted = true
	if held.users == 0 {
		held.close()
	}
}
