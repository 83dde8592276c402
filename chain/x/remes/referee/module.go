package referee

import (
	"crypto/sha256"
)

// Module is a registered referee, ready to be called any number of times, also at once: every call
// has an instance of its own and leaves nothing behind.
type Module struct {
	referee *Referee
	hash    [sha256.Size]byte // of the bytes as registered
	metered []byte
}

// Hash is the SHA-256 of the module's bytes as registered.
func (m *Module) Hash() [sha256.Size]byte { return m.hash }

// Closure asks which leaves the task needs beyond the inputs that it holds. The error is a
// *TaskError, for a task that fits no request.
func (m *Module) Closure(task Task) (Closure, Outcome, error) {
	response, outcome, err := m.answer(exportClosure, task)
	if err != nil || outcome.Code != Done {
		return Closure{}, outcome, err
	}
	c, ok := decodeClosure(response, len(task.Inputs))
	if !ok {
		return Closure{}, Outcome{Code: Trapped, Fuel: task.fuelLimit()}, nil
	}
	return c, outcome, nil
}

// Execute computes the tile of a task that holds all its inputs: the payload of the output leaf,
// without leaf header. The error is a *TaskError, for a task that fits no request.
func (m *Module) Execute(task Task) (tile []byte, outcome Outcome, err error) {
	tile, outcome, err = m.answer(exportExecute, task)
	if err == nil && outcome.Code == Done && len(tile) == 0 {
		return nil, Outcome{Code: Trapped, Fuel: task.fuelLimit()}, nil
	}
	return tile, outcome, err
}

// Run gathers what the task needs and executes the tile.
func (m *Module) Run(task Task, read func(Range) ([]byte, error)) ([]byte, Outcome, error) {
	task, gathered, err := m.Gather(task, read)
	if err != nil || gathered.Code != Done {
		return nil, gathered, err
	}
	tile, outcome, err := m.Execute(task)
	return tile, outcome.after(gathered.Fuel), err
}

// Gather names the task's leaves and has each range read: the task with all its inputs. The chain's
// read verifies every leaf against its root; a client's read takes it from its own trace. What
// task.Inputs holds is not used. An error is read's own, or a *TaskError where the inputs exceed a
// request.
func (m *Module) Gather(task Task, read func(Range) ([]byte, error)) (Task, Outcome, error) {
	task.Inputs = nil
	spent, leaves := uint64(0), uint64(0)
	for range closureCallsMax {
		c, outcome, err := m.Closure(task)
		if err != nil || outcome.Code != Done {
			return task, outcome.after(spent), err
		}
		spent += outcome.Fuel
		for _, r := range c.Ranges {
			if leaves += uint64(r.Count); leaves > LeavesMax {
				return task, Outcome{Code: Trapped, Fuel: task.fuelLimit()}.after(spent), nil
			}
			content, err := read(r)
			if err != nil {
				return task, Outcome{}, err
			}
			task.Inputs = append(task.Inputs, Input{Slot: r.Slot, First: r.First, Bytes: content})
		}
		if !c.More {
			return task, Outcome{Code: Done, Fuel: spent}, nil
		}
	}
	return task, Outcome{Code: Trapped, Fuel: task.fuelLimit()}.after(spent), nil
}

// after adds what earlier calls of the same task used.
func (o Outcome) after(spent uint64) Outcome {
	o.Fuel += spent
	return o
}

func (t Task) fuelLimit() uint64 { return FuelConstant + t.Fuel }

// answer encodes the task, calls the function and reduces what came of it to an outcome.
func (m *Module) answer(function string, task Task) ([]byte, Outcome, error) {
	request, err := task.encode()
	if err != nil {
		return nil, Outcome{}, err
	}
	limit := task.fuelLimit()
	trapped := Outcome{Code: Trapped, Fuel: limit}
	held, err := m.referee.acquire(m)
	if err != nil {
		return nil, trapped, nil
	}
	defer m.referee.release(held)
	called := held.call(function, request, limit)
	switch {
	case called.trapped || called.result > responseBufferBytes:
		return nil, trapped, nil
	case called.result < 0:
		return nil, Outcome{Code: Refused, Fuel: limit - called.left, Refusal: called.result}, nil
	}
	return called.response, Outcome{Code: Done, Fuel: limit - called.left}, nil
}
