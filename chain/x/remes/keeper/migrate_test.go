package keeper

import (
	"fmt"
	"strings"
	"testing"

	"r3mes.dev/chain/x/remes/types"
)

// version1 makes a world's store one of version 1, which had no keys beside its maps, no index of
// verifiers by their bonds, no lists to draw from, and no word on what open work counts.
func version1(w *world) {
	w.must(w.keeper.VerifiersByBond.Clear(w.ctx, nil))
	w.must(w.keeper.NewestParams.Remove(w.ctx))
	w.must(w.keeper.NewestEpoch.Remove(w.ctx))
	w.must(w.keeper.EpochVerifiers.Clear(w.ctx, nil))
	epoch, err := w.keeper.currentRewardEpoch(w.ctx)
	w.must(err)
	epoch.OpenHeight = 0
	w.must(w.keeper.RewardEpochs.Set(w.ctx, epoch.Number, epoch))
	w.must(w.keeper.addTotals(w.ctx, func(t *types.Totals) { t.YearOffered = 0 }))
	leases, err := valuesOf(w.ctx, w.keeper.Leases, nil)
	w.must(err)
	for _, lease := range leases {
		lease.WeightedWork = 0
		w.must(w.keeper.Leases.Set(w.ctx, lease.Id, lease))
	}
	submissions, err := valuesOf(w.ctx, w.keeper.Submissions, nil)
	w.must(err)
	for _, submission := range submissions {
		if submission.AcceptedHeight == 0 {
			submission.WeightedWork = 0
			w.must(w.keeper.Submissions.Set(w.ctx, submission.Id, submission))
		}
	}
}

// contents are all keys and values of the module's store, a line each.
func contents(w *world) string {
	iterator := w.ctx.KVStore(w.key).Iterator(nil, nil)
	defer iterator.Close()
	var lines strings.Builder
	for ; iterator.Valid(); iterator.Next() {
		fmt.Fprintf(&lines, "%x %x\n", iterator.Key(), iterator.Value())
	}
	return lines.String()
}

func TestAStoreOfVersion1BecomesOneOfVersion2(t *testing.T) {
	w, pool := staffed(t, unchanged)
	w.weigh(pool, types.Million)
	w.until("training begins", w.inPhase(pool, 1, types.ROUND_PHASE_TRAINING))
	w.until("a second epoch of rewards begins", func() bool {
		epoch, err := w.keeper.currentRewardEpoch(w.ctx)
		w.must(err)
		return epoch.Number > 0
	})
	w.commit(w.lease(pool, "m1"), "m1")
	w.lease(pool, "m2")
	params, err := w.keeper.params(w.ctx)
	w.must(err)
	params.Bond.MinerSlot++
	do(w, w.msgs.UpdateParams, &types.MsgUpdateParams{Authority: authority, Params: params})
	before := contents(w)

	version1(w)
	if contents(w) == before {
		t.Fatal("version 1 is no other store")
	}
	w.must(ToVersion2(w.ctx, w.keeper))
	if migrated := contents(w); migrated != before {
		t.Fatalf("the store was\n%sand is\n%s", before, migrated)
	}
	w.next()
}

func TestAStoreOfVersion1IsRefused(t *testing.T) {
	w := newWorld(t, unchanged)
	version1(w)
	requireRefusal(t, w.keeper.BeginBlock(w.ctx), types.ErrStoreNotMigrated)
	requireRefusal(t, w.keeper.EndBlock(w.ctx), types.ErrStoreNotMigrated)
	_, err := w.keeper.BlockParams(w.ctx) // asked for before any transaction
	requireRefusal(t, err, types.ErrStoreNotMigrated)
}

func TestAnEmptyStoreIsNotMigrated(t *testing.T) {
	w := newWorld(t, unchanged)
	version1(w)
	w.must(w.keeper.Epochs.Clear(w.ctx, nil))
	if err := ToVersion2(w.ctx, w.keeper); err == nil {
		t.Fatal("a store without an epoch was migrated")
	}
}
