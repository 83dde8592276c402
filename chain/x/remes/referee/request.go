package referee

import (
	"encoding/binary"
	"fmt"
)

// Task is one tile of one operation, as spec/referee.md section 2 writes it into a request. Op and
// Constants are opaque here; they come from the chain's state, never from a party to a case.
type Task struct {
	Op        []byte
	Constants []byte
	Tile      uint32
	Inputs    []Input // in the order that closure named them
	Fuel      uint64  // what the operation declares beyond FuelConstant
}

// Input is the payload of the leaves of one range, concatenated in the order of the range.
type Input struct {
	Slot  uint32
	First uint32
	Bytes []byte
}

// TaskError says that a task does not fit a request. Its code in the catalogue is
// TILE_INPUT_INVALID.
type TaskError struct {
	What  string
	Value uint64
	Max   uint64
}

func (e *TaskError) Error() string {
	return fmt.Sprintf("TILE_INPUT_INVALID: %s: %d, at most %d", e.What, e.Value, e.Max)
}

const (
	requestVersion     = 1
	requestHeaderBytes = 32
	inputEntryBytes    = 16
)

// encode writes the one encoding that a task has.
func (t Task) encode() ([]byte, error) {
	inputBytes, err := t.check()
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, requestBufferBytes)
	for _, field := range []uint32{
		requestVersion, t.Tile, uint32(len(t.Op)), uint32(len(t.Constants)),
		uint32(len(t.Inputs)), uint32(inputBytes), 0, 0,
	} {
		out = binary.LittleEndian.AppendUint32(out, field)
	}
	out = pad(append(out, t.Op...))
	out = pad(append(out, t.Constants...))
	offset := len(out) + inputEntryBytes*len(t.Inputs)
	for _, input := range t.Inputs {
		for _, field := range []uint32{
			input.Slot, input.First, uint32(offset), uint32(len(input.Bytes)),
		} {
			out = binary.LittleEndian.AppendUint32(out, field)
		}
		offset += padded(len(input.Bytes))
	}
	for _, input := range t.Inputs {
		out = pad(append(out, input.Bytes...))
	}
	return out, nil
}

func (t Task) check() (inputBytes int, err error) {
	for _, input := range t.Inputs {
		inputBytes += len(input.Bytes)
		if input.Slot >= SlotsMax {
			return 0, &TaskError{"slot of an input", uint64(input.Slot), SlotsMax - 1}
		}
	}
	switch {
	case len(t.Op) == 0:
		return 0, &TaskError{"empty op record", 0, OpBytesMax}
	case len(t.Op) > OpBytesMax:
		return 0, &TaskError{"bytes of the op record", uint64(len(t.Op)), OpBytesMax}
	case len(t.Constants) > ConstantsBytesMax:
		return 0, &TaskError{"bytes of the step constants", uint64(len(t.Constants)),
			ConstantsBytesMax}
	case len(t.Inputs) > RangesMax:
		return 0, &TaskError{"input ranges", uint64(len(t.Inputs)), RangesMax}
	case inputBytes > InputBytesMax:
		return 0, &TaskError{"bytes of the inputs", uint64(inputBytes), InputBytesMax}
	case t.Fuel > FuelMax-FuelConstant:
		return 0, &TaskError{"declared fuel", t.Fuel, FuelMax - FuelConstant}
	}
	return inputBytes, nil
}

func padded(n int) int { return (n + bufferAlignment - 1) / bufferAlignment * bufferAlignment }

func pad(out []byte) []byte { return append(out, make([]byte, padded(len(out))-len(out))...) }
