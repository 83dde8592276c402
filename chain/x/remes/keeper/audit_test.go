package keeper

import (
	"fmt"
	"slices"
	"testing"

	"r3mes.dev/chain/x/remes/types"
)

// beaconOpening has every submission of a round wait for a beacon whose epoch has begun, with nine
// verifiers to draw from.
func beaconOpening(t *testing.T) (*world, []types.Lease) {
	w, _, leases := trained(t, unchanged)
	for i := range 6 {
		w.join(fmt.Sprint("more", i), types.ROLE_VERIFIER, 6_000*types.REMES)
	}
	for i, lease := range leases {
		do(w, w.msgs.Reveal, w.reveal(lease, []string{"m1", "m2", "m3"}[i]))
	}
	w.until("the epoch of the draw begins", func() bool {
		epoch, err := w.keeper.currentEpoch(w.ctx)
		w.must(err)
		after := w.submission(leases[0].Id).DrawAfterHeight
		return after > 0 && epoch.StartHeight > after
	})
	return w, leases
}

// drawnAfter are the verifiers of each submission, in the order drawn, where something is done before the
// draw.
func (w *world) drawnAfter(leases []types.Lease, change func(*world)) [][]string {
	w.t.Helper()
	b := w.branch()
	change(b)
	drawn := make([][]string, len(leases))
	for i, lease := range leases {
		b.until("an audit is drawn", func() bool {
			return b.submission(lease.Id).Status == types.SUBMISSION_STATUS_DRAWN
		})
		for _, seat := range b.audit(lease.Id).Seats {
			drawn[i] = append(drawn[i], seat.Verifier)
		}
	}
	return drawn
}

// A draw takes places in a list. Whoever could put one more on it, with the beacon known, would have as
// many draws to choose from as it has accounts.
func TestNobodyJoinsADrawOnceItsEpochHasBegun(t *testing.T) {
	w, leases := beaconOpening(t)
	before := w.drawnAfter(leases, func(*world) {})
	for i := range 8 {
		after := w.drawnAfter(leases, func(b *world) {
			b.join(fmt.Sprint("late", i), types.ROLE_VERIFIER, 6_000*types.REMES)
		})
		if fmt.Sprint(after) != fmt.Sprint(before) {
			t.Errorf("with one more verifier the draws are\n%v, and were\n%v", after, before)
		}
	}
}

func TestWhoeverLeavesADrawGivesItsSeatAwayAndMovesNobody(t *testing.T) {
	w, leases := beaconOpening(t)
	before := w.drawnAfter(leases, func(*world) {})
	all, err := w.keeper.Verifiers.Iterate(w.ctx, nil)
	w.must(err)
	keys, err := all.Keys()
	w.must(err)
	for _, key := range keys {
		leaver := key.String()
		after := w.drawnAfter(leases, func(b *world) {
			do(b, b.msgs.Unbond, &types.MsgUnbond{
				Owner: leaver, Role: types.ROLE_VERIFIER, Amount: 6_000 * types.REMES})
		})
		for i, seats := range before {
			stay := slices.DeleteFunc(slices.Clone(seats), func(v string) bool { return v == leaver })
			if len(after[i]) != len(seats) || slices.Contains(after[i], leaver) ||
				!slices.Equal(after[i][:len(stay)], stay) {
				t.Errorf("without %s the draw of %v is %v", leaver, seats, after[i])
			}
		}
	}
}
