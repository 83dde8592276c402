package referee

import (
	"bytes"
	"encoding/hex"
	"errors"
	"testing"
)

// TestRequestIsWrittenAsSpecified holds one request, byte by byte, against spec/referee.md
// section 2.
func TestRequestIsWrittenAsSpecified(t *testing.T) {
	task := Task{Op: []byte("op record of 20 byte"), Constants: []byte{9}, Tile: 0x01020304,
		Inputs: []Input{
			{Slot: 2, First: 5, Bytes: []byte("seventeen bytes..")},
			{Slot: 63, First: 1<<32 - 1, Bytes: nil},
			{Slot: 0, First: 0, Bytes: []byte{0xff}},
		}}
	want := "01000000" + "04030201" + "14000000" + "01000000" + // version, tile, lengths
		"03000000" + "12000000" + "0000000000000000" + // ranges, bytes of input
		"6f70207265636f7264206f6620323020" + "62797465" + "000000000000000000000000" + // op record
		"09" + "000000000000000000000000000000" + // constants
		"02000000" + "05000000" + "80000000" + "11000000" + // table
		"3f000000" + "ffffffff" + "a0000000" + "00000000" +
		"00000000" + "00000000" + "a0000000" + "01000000" +
		"736576656e7465656e2062797465732e" + "2e" + "000000000000000000000000000000" +
		"ff" + "000000000000000000000000000000"
	got, err := task.encode()
	if err != nil || hex.EncodeToString(got) != want {
		t.Fatalf("%x %v", got, err)
	}
}

func TestTheLargestRequestFillsItsBuffer(t *testing.T) {
	task := Task{Op: make([]byte, OpBytesMax), Constants: make([]byte, ConstantsBytesMax),
		Tile: 1<<32 - 1}
	for i := range RangesMax {
		n := InputBytesMax/RangesMax - 15
		if i == RangesMax-1 {
			n = InputBytesMax - (RangesMax-1)*n
		}
		task.Inputs = append(task.Inputs, Input{Slot: uint32(i), Bytes: bytes.Repeat([]byte{1}, n)})
	}
	got, err := task.encode()
	if err != nil || len(got) > requestBufferBytes || len(got) < requestBufferBytes-64 {
		t.Fatal(len(got), err)
	}
}

func TestTasksThatFitNoRequest(t *testing.T) {
	inputs := func(n, bytes int) (list []Input) {
		for range n {
			list = append(list, Input{Bytes: make([]byte, bytes)})
		}
		return list
	}
	one := []byte{1}
	for name, task := range map[string]Task{
		"no op record":        {},
		"long op record":      {Op: make([]byte, OpBytesMax+1)},
		"long constants":      {Op: one, Constants: make([]byte, ConstantsBytesMax+1)},
		"too many ranges":     {Op: one, Inputs: inputs(RangesMax+1, 0)},
		"too many bytes":      {Op: one, Inputs: inputs(2, InputBytesMax/2+1)},
		"slot out of range":   {Op: one, Inputs: []Input{{Slot: SlotsMax}}},
		"fuel above the most": {Op: one, Fuel: FuelMax - FuelConstant + 1},
		"fuel that overflows": {Op: one, Fuel: 1<<64 - 1},
	} {
		var taskError *TaskError
		if _, err := task.encode(); !errors.As(err, &taskError) {
			t.Errorf("%s: %v", name, err)
		}
		if _, _, err := register(t, EngineBest, newDraft().bytes()).Execute(task); err == nil {
			t.Errorf("%s was executed", name)
		}
	}
}
