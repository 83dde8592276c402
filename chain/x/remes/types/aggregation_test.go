package types

import "testing"

// A quorum refers to the bond as the window began or to that of now, whichever is more, and a result that
// reaches it exactly has it.
func TestAResultIsAdoptedFromItsQuorumOn(t *testing.T) {
	params := RoundParams{AttestQuorumPpm: 666_667}
	for name, c := range map[string]struct {
		behind, began, now uint64
		adopted            bool
	}{
		"nothing behind it":                      {0, 0, 0, false},
		"the quorum exactly":                     {666_667, Million, Million, true},
		"a unit less":                            {666_666, Million, Million, false},
		"the quorum of what it was, with more":   {666_667, Million, 2 * Million, false},
		"the quorum of what it is, of more":      {666_667, 2 * Million, Million, false},
		"products that 64 bits do not hold":      {SupplyCap, SupplyCap, SupplyCap, true},
		"products of which the upper halves tie": {SupplyCap / 3 * 2, SupplyCap, SupplyCap, false},
	} {
		t.Run(name, func(t *testing.T) {
			whole := WholeBond(Round{VerifierBond: c.began}, c.now)
			if got := HasQuorum(c.behind, whole, params); got != c.adopted {
				t.Errorf("adopted: %v", got)
			}
		})
	}
}

// No two results have more than half, whether the whole is even or odd.
func TestMoreThanHalfIsEnoughAtLast(t *testing.T) {
	for _, c := range []struct {
		behind, whole uint64
		adopted       bool
	}{{0, 0, false}, {0, 1, false}, {1, 1, true}, {2, 4, false}, {3, 4, true}, {2, 5, false}, {3, 5, true}} {
		if got := HasMajority(c.behind, c.whole); got != c.adopted {
			t.Errorf("%d of %d: %v", c.behind, c.whole, got)
		}
	}
}

func TestASumIsAskedForTwiceForAsLong(t *testing.T) {
	params := RoundParams{AttestBlocks: 10}
	round := StartAggregation(Round{}, 1, params, 100)
	if round.AttestEndHeight != 110 {
		t.Fatalf("the first window ends at height %d", round.AttestEndHeight)
	}
	round, again := NextAttestWindow(round, params, 111)
	if !again || round.AttestEndHeight != 121 {
		t.Fatalf("again: %v, until height %d", again, round.AttestEndHeight)
	}
	if _, again = NextAttestWindow(round, params, 122); again {
		t.Fatal("there is a third window")
	}
}
