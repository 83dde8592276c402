package referee

import (
	"encoding/json"
	"os"
	"testing"
)

func decode(t testing.TB, path string, into any) {
	t.Helper()
	content, err := os.ReadFile("../../../../spec/" + path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(content, into); err != nil {
		t.Fatal(err)
	}
}

func TestEveryCodeIsInTheCatalogue(t *testing.T) {
	var entries []struct {
		Code  string
		Chain int
	}
	decode(t, "errors.json", &entries)
	chain := map[string]int{}
	for _, e := range entries {
		chain[e.Code] = e.Chain
	}
	for _, code := range []string{
		string(ReasonLimit), string(ReasonMalformed), string(ReasonNotCanonical),
		string(ReasonSection),
		string(ReasonImport), string(ReasonStart), string(ReasonTable), string(ReasonValueType),
		string(ReasonSignature), string(ReasonOpcode), string(ReasonRecursion),
		string(ReasonMemory),
		string(ReasonGlobal), string(ReasonExport), string(ReasonBuffer), string(ReasonData),
		string(ReasonTypeCheck), string(ReasonMetered), string(ReasonEngineRefused),
		string(Refused), string(Trapped), "TILE_INPUT_INVALID",
	} {
		if chain[code] == 0 {
			t.Errorf("%s has no number in spec/errors.json", code)
		}
	}
}

func TestLimitsAreThoseOfTheSpecification(t *testing.T) {
	var limits []struct {
		Name  string
		Value uint64
	}
	decode(t, "limits.json", &limits)
	want := map[string]uint64{
		"multiproofLeavesMax":    LeavesMax,
		"refereeCallsMax":        closureCallsMax,
		"refereeFuelMax":         FuelMax,
		"refereeModuleBytesMax":  ModuleBytesMax,
		"refereeRangesMax":       RangesMax,
		"refereeRequestBytesMax": requestBufferBytes,
		"stepConstantsBytesMax":  ConstantsBytesMax,
		"tileInputBytesMax":      InputBytesMax,
		"tileOutputBytesMax":     TileBytesMax,
	}
	for _, l := range limits {
		if value, ok := want[l.Name]; ok {
			if l.Value != value {
				t.Errorf("%s is %d in spec/limits.json and %d here", l.Name, l.Value, value)
			}
			delete(want, l.Name)
		}
	}
	if len(want) > 0 {
		t.Errorf("limits missing from spec/limits.json: %v", want)
	}
}
