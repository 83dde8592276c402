package types

import "testing"

// leftBehind is how many leases of some blocks one account lets expire for each of its slots, as fast as it
// may, while a bond is on its way back. Of every third lease its work is accepted if it works.
func leftBehind(slots int64, leaseBlocks uint32, works bool) int64 {
	params := mainParams()
	miner, left := Participant{}, int64(0)
	for height := int64(1); height < int64(params.Bond.UnbondingBlocks); {
		committed := int64(0)
		if works {
			committed = slots / 3
		}
		for range committed {
			miner = CountAccepted(miner)
		}
		height += int64(leaseBlocks)
		for range slots - committed {
			miner = CountLeft(miner, leaseBlocks, params.Round, height)
		}
		left += slots - committed
		height = max(height, miner.PausedUntil)
	}
	return left / slots
}

func TestWhoLeavesChunksBehindHoldsUpFewOfThem(t *testing.T) {
	const half, day = 360, 17_280 // an hour of main, and a day of it
	unbonding := int64(mainParams().Bond.UnbondingBlocks)
	for name, c := range map[string]struct {
		slots int64
		lease uint32
		most  int64
		works bool
	}{
		"one slot after another":      {1, half, 24, false},
		"a whole round at once":       {256, half, 24, false},
		"working on every third":      {3, half, 24, true},
		"a whole round, but a third":  {255, half, 24, true},
		"leases as long as a day":     {1, day, 6, false},
		"a round of leases of a day":  {256, day, 5, false},
		"leases as short as a minute": {1, 12, 24, false},
	} {
		t.Run(name, func(t *testing.T) {
			left := leftBehind(c.slots, c.lease, c.works)
			if left > c.most {
				t.Fatalf("%d leases a slot were left behind: %d of 1000 parts of the time",
					left, left*int64(c.lease)*1000/unbonding)
			}
		})
	}
}
