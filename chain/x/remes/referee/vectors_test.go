package referee

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"testing"
)

// octets are bytes that a vector writes as hexadecimal.
type octets []byte

func (o octets) MarshalJSON() ([]byte, error) { return json.Marshal(hex.EncodeToString(o)) }

func (o *octets) UnmarshalJSON(text []byte) (err error) {
	var digits string
	if err = json.Unmarshal(text, &digits); err == nil {
		*o, err = hex.DecodeString(digits)
	}
	return err
}

type requestVector struct {
	Name      string        `json:"name"`
	Op        octets        `json:"op"`
	Constants octets        `json:"constants"`
	Tile      uint32        `json:"tile"`
	Inputs    []inputVector `json:"inputs"`
	Request   octets        `json:"request,omitempty"`
	Refused   string        `json:"refused,omitempty"`
}

type inputVector struct {
	Slot  uint32 `json:"slot"`
	First uint32 `json:"first"`
	Bytes octets `json:"bytes"`
}

type closureVector struct {
	Name     string     `json:"name"`
	Response octets     `json:"response"`
	Have     int        `json:"have"`
	More     bool       `json:"more,omitempty"`
	Ranges   [][]uint32 `json:"ranges,omitempty"` // slot, first, count, stride
	Refused  string     `json:"refused,omitempty"`
}

type moduleVector struct {
	Name    string `json:"name"`
	Module  octets `json:"module"`
	Metered octets `json:"metered,omitempty"`
	Refused string `json:"refused,omitempty"`
}

type callVector struct {
	Name     string `json:"name"`
	Module   octets `json:"module"`
	Function string `json:"function"`
	Op       octets `json:"op"`
	Tile     uint32 `json:"tile"`
	Fuel     uint64 `json:"fuel"` // declared
	Used     uint64 `json:"used"`
	Response octets `json:"response,omitempty"`
	Number   int32  `json:"number,omitempty"` // the module's, of a refusal
	Refused  string `json:"refused,omitempty"`
}

func vectors[T any](t *testing.T, file string) []T {
	t.Helper()
	var content struct{ Cases []T }
	decode(t, "vectors/referee/"+file, &content)
	if len(content.Cases) == 0 {
		t.Fatal("no cases in ", file)
	}
	return content.Cases
}

func (v requestVector) task() Task {
	task := Task{Op: v.Op, Constants: v.Constants, Tile: v.Tile}
	for _, i := range v.Inputs {
		task.Inputs = append(task.Inputs, Input{Slot: i.Slot, First: i.First, Bytes: i.Bytes})
	}
	return task
}

func TestRequestVectors(t *testing.T) {
	for _, v := range vectors[requestVector](t, "request.json") {
		got, err := v.task().encode()
		if (err != nil) != (v.Refused != "") || !bytes.Equal(got, v.Request) {
			t.Errorf("%s: %x %v", v.Name, got, err)
		}
	}
}

func TestClosureVectors(t *testing.T) {
	for _, v := range vectors[closureVector](t, "closure.json") {
		got, ok := decodeClosure(v.Response, v.Have)
		if ok != (v.Refused == "") {
			t.Errorf("%s: %v", v.Name, ok)
			continue
		}
		if !ok {
			continue
		}
		var want []Range
		for _, r := range v.Ranges {
			want = append(want, Range{r[0], r[1], r[2], r[3]})
		}
		if got.More != v.More || !slices.Equal(got.Ranges, want) {
			t.Errorf("%s: %+v", v.Name, got)
		}
	}
}

func TestModuleVectors(t *testing.T) {
	for _, v := range vectors[moduleVector](t, "module.json") {
		metered, err := Admit(v.Module)
		reason := ""
		var refusal *Refusal
		if errors.As(err, &refusal) {
			reason = string(refusal.Reason)
		}
		if reason != v.Refused || !bytes.Equal(metered, v.Metered) {
			t.Errorf("%s: %v %x", v.Name, err, metered)
		}
	}
}

func TestCallVectors(t *testing.T) {
	for _, v := range vectors[callVector](t, "call.json") {
		for name, engine := range engines {
			m := register(t, engine, v.Module)
			response, outcome, err := m.answer(v.Function,
				Task{Op: v.Op, Tile: v.Tile, Fuel: v.Fuel})
			code := string(outcome.Code)
			if outcome.Code == Done {
				code = ""
			}
			if err != nil || code != v.Refused || outcome.Fuel != v.Used ||
				outcome.Refusal != v.Number || !bytes.Equal(response, v.Response) {
				t.Errorf("%s on the %s: %x %+v %v", v.Name, name, response, outcome, err)
			}
		}
	}
}
