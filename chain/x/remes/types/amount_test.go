package types

import (
	"encoding/json"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestDivisionOfAmounts(t *testing.T) {
	type divisionCase struct {
		Amount, Numerator wide
		Denominator       json.RawMessage
		Floor, Ceil       wide
		Refused           string
	}
	forEachCase(t, "amount/division.json", func(t *testing.T, c divisionCase) {
		denominator, err := strconv.ParseUint(strings.Trim(string(c.Denominator), `"`), 10, 64)
		if err != nil {
			return // the type of a divisor admits no such number
		}
		floor, err := MulDivFloor(uint64(c.Amount), uint64(c.Numerator), denominator)
		requireCode(t, err, c.Refused)
		ceil, err := MulDivCeil(uint64(c.Amount), uint64(c.Numerator), denominator)
		requireCode(t, err, c.Refused)
		requireEqual(t, floor, uint64(c.Floor))
		requireEqual(t, ceil, uint64(c.Ceil))
	})
}

func TestSplits(t *testing.T) {
	type splitCase struct {
		Amount           wide
		SharesPpm, Parts []wide
	}
	forEachCase(t, "amount/split.json", func(t *testing.T, c splitCase) {
		shares := make([]uint32, len(c.SharesPpm))
		for i, share := range c.SharesPpm {
			shares[i] = uint32(share)
		}
		want := make([]uint64, len(c.Parts))
		for i, part := range c.Parts {
			want[i] = uint64(part)
		}
		if got := SplitAmount(uint64(c.Amount), shares...); !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func TestDivisionAgreesWithBigIntegers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := rapid.Uint64().Draw(t, "a"), rapid.Uint64().Draw(t, "b"), rapid.Uint64().Draw(
			t, "c",
		)
		got, err := MulDivFloor(a, b, c)
		if c == 0 {
			if err == nil {
				t.Fatal("divided by zero")
			}
			return
		}
		want := new(big.Int).Mul(new(big.Int).SetUint64(a), new(big.Int).SetUint64(b))
		want.Quo(want, new(big.Int).SetUint64(c))
		inRange := want.Cmp(new(big.Int).SetUint64(SupplyCap)) <= 0
		if inRange != (err == nil) || inRange && want.Uint64() != got {
			t.Fatalf("%d * %d / %d: got %d (%v), want %s", a, b, c, got, err, want)
		}
	})
}

func TestASplitLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Uint64Range(0, SupplyCap).Draw(t, "amount")
		first := rapid.Uint32Range(0, Million).Draw(t, "first")
		second := rapid.Uint32Range(0, Million-first).Draw(t, "second")
		parts := SplitAmount(amount, first, second, Million-first-second)
		if parts[0]+parts[1]+parts[2] != amount {
			t.Fatalf("%d was split into %v", amount, parts)
		}
	})
}

func TestSumsStayWithinTheSupplyCap(t *testing.T) {
	if _, err := AddAmount(SupplyCap, 1); err == nil {
		t.Fatal("a sum above the cap was accepted")
	}
	if _, err := AddAmount(1<<63, 1<<63); err == nil {
		t.Fatal("a sum that wraps was accepted")
	}
	if _, err := SubAmount(1, 2); err == nil {
		t.Fatal("a negative difference was accepted")
	}
}
