package referee

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"
)

// tilesPath names a file of tiles in the form of the vectors, which `npm run roots` writes.
var tilesPath = flag.String("tiles", "", "compute the tiles of this file instead of the vectors")

// tileVector is one tile of a step program, with the leaves that the engine's referee names for it.
type tileVector struct {
	Name      string `json:"name"`
	Record    octets `json:"record"`
	Tile      uint32 `json:"tile"`
	Constants octets `json:"constants"`
	Inputs    []struct {
		Slot   uint32 `json:"slot"`
		First  uint32 `json:"first"`
		Count  uint32 `json:"count"`
		Stride uint32 `json:"stride"`
		Bytes  octets `json:"bytes"`
	} `json:"inputs"`
	Bytes octets `json:"bytes"`
}

// TestEngineRefereeComputesEveryKindOfTile runs the module that models register, on both engines,
// against tiles of a real training step.
func TestEngineRefereeComputesEveryKindOfTile(t *testing.T) {
	wasm, err := os.ReadFile("../../../../packages/engine/src/kernels/referee/referee.wasm")
	if err != nil {
		t.Fatal(err)
	}
	var content struct{ Cases []tileVector }
	if *tilesPath == "" {
		decode(t, "vectors/arithmetic/tiles.json", &content)
	} else {
		file, err := os.ReadFile(*tilesPath)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(file, &content); err != nil {
			t.Fatal(err)
		}
	}
	if len(content.Cases) == 0 {
		t.Fatal("no tiles")
	}
	for _, engine := range engines {
		m := register(t, engine, wasm)
		for _, v := range content.Cases {
			next := 0
			read := func(r Range) ([]byte, error) {
				want := v.Inputs[next]
				if got := (Range{want.Slot, want.First, want.Count, want.Stride}); got != r {
					t.Errorf("%s: range %d is %v, not %v", v.Name, next, r, got)
				}
				next++
				return want.Bytes, nil
			}
			task := Task{Op: v.Record, Constants: v.Constants, Tile: v.Tile, Fuel: FuelMax - FuelConstant}
			tile, outcome, err := m.Run(task, read)
			if err != nil || outcome.Code != Done {
				t.Errorf("%s: %v, %v", v.Name, outcome, err)
				continue
			}
			if next != len(v.Inputs) || !bytes.Equal(tile, v.Bytes) {
				t.Errorf("%s: another tile", v.Name)
			}
		}
	}
}
