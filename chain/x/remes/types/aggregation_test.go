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
			round := Round{VerifierBond: c.began}
			if got := Adopted(AttestationTally{Bond: c.behind}, round, c.now, params); got != c.adopted {
				t.Errorf("adopted: %v", got)
			}
		})
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
