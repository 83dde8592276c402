package types

import (
	"bytes"
	"math/bits"
)

// Amounts of spec/encoding.md section 11: whole uremes from 0 to the supply cap. What leaves the
// range is an error, never wrapped or clamped.

// AddAmount adds two amounts.
func AddAmount(a, b uint64) (uint64, error) {
	sum, carry := bits.Add64(a, b, 0)
	if carry != 0 || sum > SupplyCap {
		return 0, ErrAmountOutOfRange.Wrapf("%d + %d uremes", a, b)
	}
	return sum, nil
}

// SubAmount subtracts an amount from another that is at least as large.
func SubAmount(a, b uint64) (uint64, error) {
	if b > a {
		return 0, ErrAmountOutOfRange.Wrapf("%d - %d uremes", a, b)
	}
	return a - b, nil
}

// MulDivFloor is ⌊a · b / c⌋ for c > 0, exact in between.
func MulDivFloor(a, b, c uint64) (uint64, error) {
	quotient, _, err := mulDiv(a, b, c)
	return quotient, err
}

// MulDivCeil is ⌈a · b / c⌉ for c > 0, exact in between.
func MulDivCeil(a, b, c uint64) (uint64, error) {
	quotient, rest, err := mulDiv(a, b, c)
	if err == nil && rest > 0 {
		return AddAmount(quotient, 1)
	}
	return quotient, err
}

func mulDiv(a, b, c uint64) (quotient, rest uint64, err error) {
	high, low := bits.Mul64(a, b)
	if high >= c { // also catches c = 0
		return 0, 0, ErrAmountOutOfRange.Wrapf("%d * %d / %d", a, b, c)
	}
	quotient, rest = bits.Div64(high, low, c)
	if quotient > SupplyCap {
		return 0, 0, ErrAmountOutOfRange.Wrapf("%d * %d / %d", a, b, c)
	}
	return quotient, rest, nil
}

// PartOf is a share of an amount, rounded down. The share is at most the whole, so the result is in
// range.
func PartOf(amount uint64, sharePpm uint32) uint64 {
	high, low := bits.Mul64(amount, uint64(sharePpm))
	part, _ := bits.Div64(high, low, Million)
	return part
}

// SplitAmount divides an amount by shares that sum to one million; the last party takes what
// rounding leaves.
func SplitAmount(amount uint64, sharesPpm ...uint32) []uint64 {
	parts := make([]uint64, len(sharesPpm))
	rest := amount
	for i, share := range sharesPpm[:len(sharesPpm)-1] {
		parts[i] = PartOf(amount, share)
		rest -= parts[i]
	}
	parts[len(parts)-1] = rest
	return parts
}

func compareAddresses(a, b Address) int { return bytes.Compare(a[:], b[:]) }
