package types

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	errorsmod "cosmossdk.io/errors"
)

// The vectors of spec/vectors, read as every other implementation reads them.

// bytesText is bytes in hexadecimal.
type bytesText []byte

func (b *bytesText) UnmarshalJSON(text []byte) error {
	var digits string
	if err := json.Unmarshal(text, &digits); err != nil {
		return err
	}
	decoded, err := hex.DecodeString(digits)
	*b = decoded
	return err
}

func (b bytesText) hash() Hash       { return Hash(b) }
func (b bytesText) address() Address { return Address(b) }

// wide is a 64-bit integer, written as text because JSON readers lose its low bits.
type wide uint64

func (w *wide) UnmarshalJSON(text []byte) error {
	var digits string
	if err := json.Unmarshal(text, &digits); err != nil {
		return err
	}
	if digits[0] == '-' {
		signed, err := strconv.ParseInt(digits, 10, 64)
		*w = wide(signed)
		return err
	}
	value, err := strconv.ParseUint(digits, 10, 64)
	*w = wide(value)
	return err
}

// forEachCase runs a test for every case of a vector file. A file without cases is a failure.
func forEachCase[C any](t *testing.T, file string, check func(t *testing.T, c C)) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../../../spec/vectors", file))
	if err != nil {
		t.Fatal(err)
	}
	var vectors struct{ Cases []json.RawMessage }
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors.Cases) == 0 {
		t.Fatalf("%s has no cases", file)
	}
	for _, raw := range vectors.Cases {
		var name struct{ Name string }
		if err := json.Unmarshal(raw, &name); err != nil {
			t.Fatal(err)
		}
		t.Run(name.Name, func(t *testing.T) {
			var c C
			if err := json.Unmarshal(raw, &c); err != nil {
				t.Fatal(err)
			}
			check(t, c)
		})
	}
}

// vectorCodes are the catalogue's names of the errors that the vectors expect.
var vectorCodes = map[string]*errorsmod.Error{
	"MERKLE_INDEX_INVALID":       ErrMerkleIndexInvalid,
	"MERKLE_PROOF_SHAPE_INVALID": ErrMerkleProofShapeInvalid,
	"MERKLE_PROOF_INVALID":       ErrMerkleProofInvalid,
	"AMOUNT_OUT_OF_RANGE":        ErrAmountOutOfRange,
	"VERDICT_INVALID":            ErrVerdictInvalid,
	"DRAW_TOO_LARGE":             ErrDrawTooLarge,
	"LIST_NOT_CANONICAL":         ErrListNotCanonical,
	"CID_INVALID":                ErrCidInvalid,
	"ENCODING_INVALID":           ErrEncodingInvalid,
}

func requireCode(t *testing.T, err error, code string) {
	t.Helper()
	if code == "" {
		if err != nil {
			t.Fatalf("refused: %v", err)
		}
		return
	}
	want, known := vectorCodes[code]
	if !known {
		t.Fatalf("the test does not know the code %s", code)
	}
	if !errors.Is(err, want) {
		t.Fatalf("got %v, want %s", err, code)
	}
}

func requireEqual[V comparable](t *testing.T, got, want V) {
	t.Helper()
	if got != want {
		t.Fatalf("got %v, want %v", got, want)
	}
}

func hashes(list []bytesText) []Hash {
	out := make([]Hash, len(list))
	for i, b := range list {
		out[i] = b.hash()
	}
	return out
}
