package keeper

import (
	"testing"

	"cosmossdk.io/collections"

	"r3mes.dev/chain/x/remes/types"
)

func (w *world) beaconMsg(name string, epoch uint64) *types.MsgCommitBeacon {
	secret := types.Hash(hashOf("secret", name, epoch))
	hash := types.BeaconCommitmentHash(testChain, epoch, w.raw(name), secret)
	return &types.MsgCommitBeacon{Operator: w.operatorOf(name), Epoch: epoch, Commitment: hash[:]}
}

func (w *world) beaconReveal(name string, epoch uint64) *types.MsgRevealBeacon {
	return &types.MsgRevealBeacon{
		Operator: w.operatorOf(name), Epoch: epoch, Secret: hashOf("secret", name, epoch),
	}
}

func (w *world) epoch(number uint64) types.Epoch {
	epoch, err := w.keeper.Epochs.Get(w.ctx, number)
	w.must(err)
	return epoch
}

func TestTheBeaconMixesEverySecret(t *testing.T) {
	w := newWorld(t, unchanged)
	for _, name := range verifiers {
		w.join(name, types.ROLE_VERIFIER, 6_000*types.REMES)
		do(w, w.msgs.CommitBeacon, w.beaconMsg(name, 1))
	}
	w.until("epoch 1 begins", func() bool { epoch, err := w.keeper.currentEpoch(w.ctx); w.must(err); return epoch.Number == 1 })
	start := w.height
	_, err := deliver(w, w.msgs.RevealBeacon, w.beaconReveal("v1", 1))
	requireRefusal(t, err, types.ErrBeaconEpochWrong) // one block early: the first block's hash is not fixed yet
	w.next()
	do(w, w.msgs.RevealBeacon, w.beaconReveal("v1", 1))
	do(w, w.msgs.RevealBeacon, w.beaconReveal("v2", 1))
	w.until("the beacon is final", func() bool { return len(w.epoch(1).Value) > 0 })

	epoch := w.epoch(1)
	if epoch.StartHeight != start || epoch.Reveals != 2 || epoch.Missed != 1 || epoch.Weak {
		t.Fatalf("the epoch is %v", epoch)
	}
	if bond := w.bond("v3", types.ROLE_VERIFIER); bond.Amount != 5_940*types.REMES { // 1 % for the missing reveal
		t.Fatalf("the silent verifier keeps %d", bond.Amount)
	}
	found, ok, err := w.keeper.beacon.After(w.ctx, start-1)
	w.must(err)
	if !ok || found.Number != 1 {
		t.Fatalf("after height %d comes epoch %d (%v)", start-1, found.Number, ok)
	}
	if _, ok, _ := w.keeper.beacon.After(w.ctx, start); ok {
		t.Fatal("an epoch counts as later than its own first block")
	}
}

func TestTheBeaconIsFinalAsSoonAsAllAreOpen(t *testing.T) {
	w := newWorld(t, unchanged)
	for _, name := range verifiers {
		w.join(name, types.ROLE_VERIFIER, 6_000*types.REMES)
		do(w, w.msgs.CommitBeacon, w.beaconMsg(name, 1))
	}
	pool := w.openPool()
	w.until("epoch 1 begins", func() bool { epoch, err := w.keeper.currentEpoch(w.ctx); w.must(err); return epoch.Number == 1 })
	w.next()
	for i, name := range verifiers {
		if len(w.epoch(1).Value) > 0 {
			t.Fatalf("the value is final after %d of %d reveals", i, len(verifiers))
		}
		do(w, w.msgs.RevealBeacon, w.beaconReveal(name, 1))
	}
	opened := w.height
	w.next()
	epoch := w.epoch(1)
	if len(epoch.Value) == 0 || epoch.Reveals != uint32(len(verifiers)) || epoch.RevealEndHeight <= w.height {
		t.Fatalf("at height %d the epoch is %v", w.height, epoch)
	}
	if round := w.round(pool, 1); round.Phase != types.ROUND_PHASE_TRAINING {
		t.Fatalf("what waits for the beacon of height %d is %s", opened, round.Phase)
	}
	for range epoch.RevealEndHeight - w.height + 1 { // the end of the reveals changes nothing more
		w.next()
	}
	if after := w.epoch(1); string(after.Value) != string(epoch.Value) || after.Missed != 0 {
		t.Fatalf("the epoch became %v", after)
	}
}

func TestTheBeaconRefuses(t *testing.T) {
	w := newWorld(t, unchanged)
	w.join("v1", types.ROLE_VERIFIER, 6_000*types.REMES)
	w.join("m1", types.ROLE_MINER, 6_000*types.REMES)
	short := w.beaconMsg("v1", 1)
	short.Commitment = short.Commitment[:31]
	requireRefusals(t, []refusal{
		{"a miner", refuse(w, w.msgs.CommitBeacon, w.beaconMsg("m1", 1)), types.ErrRoleInvalid},
		{"an epoch too late", refuse(w, w.msgs.CommitBeacon, w.beaconMsg("v1", 2)), types.ErrBeaconEpochWrong},
		{"the current epoch", refuse(w, w.msgs.CommitBeacon, w.beaconMsg("v1", 0)), types.ErrBeaconEpochWrong},
		{"a short hash", refuse(w, w.msgs.CommitBeacon, short), types.ErrHashLengthInvalid},
		{"nothing was committed", refuse(w, w.msgs.RevealBeacon, w.beaconReveal("v1", 1)), types.ErrBeaconCommitmentNotFound},
	})
	do(w, w.msgs.CommitBeacon, w.beaconMsg("v1", 1))
	requireRefusals(t, []refusal{
		{"twice", refuse(w, w.msgs.CommitBeacon, w.beaconMsg("v1", 1)), types.ErrBeaconCommitmentExists},
		{"before the epoch", refuse(w, w.msgs.RevealBeacon, w.beaconReveal("v1", 1)), types.ErrBeaconEpochWrong},
	})
	w.until("epoch 1 begins", func() bool { epoch, err := w.keeper.currentEpoch(w.ctx); w.must(err); return epoch.Number == 1 })
	w.next()
	other := w.beaconReveal("v1", 1)
	other.Secret = hashOf("another secret")
	requireRefusals(t, []refusal{
		{"another secret", refuse(w, w.msgs.RevealBeacon, other), types.ErrBeaconMismatch},
	})
	w.at(w.epoch(1).RevealEndHeight + 1)
	requireRefusals(t, []refusal{
		{"one block late", refuse(w, w.msgs.RevealBeacon, w.beaconReveal("v1", 1)), types.ErrBeaconEpochWrong},
	})
}

func TestAnEpochWithoutRevealsIsWeak(t *testing.T) {
	w := newWorld(t, func(p *types.Params) { p.Beacon.EpochBlocks, p.Beacon.RevealBlocks = 4, 1 })
	w.until("the beacon is final", func() bool {
		epoch, err := loadOr(w.ctx, w.keeper.Epochs, 1, types.Epoch{})
		w.must(err)
		return len(epoch.Value) > 0
	})
	if !w.epoch(1).Weak {
		t.Fatal("a beacon of nobody is not flagged")
	}
	w.until("old epochs are forgotten", func() bool {
		has, err := w.keeper.Epochs.Has(w.ctx, 1)
		w.must(err)
		return !has
	})
	keys, err := w.keeper.Epochs.Iterate(w.ctx, new(collections.Range[uint64]))
	w.must(err)
	kept, err := keys.Keys()
	w.must(err)
	if len(kept) > epochsKept+1 {
		t.Fatalf("%d epochs are kept", len(kept))
	}
	lists, err := valuesOf(w.ctx, w.keeper.EpochVerifiers, nil)
	w.must(err)
	if len(lists) > epochsKept || lists[0].Epoch == 1 {
		t.Fatalf("%d lists to draw from are kept, from epoch %d on", len(lists), lists[0].Epoch)
	}
}
