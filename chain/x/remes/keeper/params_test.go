package keeper

import (
	"testing"

	"r3mes.dev/chain/x/remes/types"
)

// asks makes a bond of so many uremes what a verifier needs, from the next block on.
func (w *world) asks(verifier uint64) {
	w.t.Helper()
	params, err := w.keeper.params(w.ctx)
	w.must(err)
	params.Bond.Verifier = verifier
	do(w, w.msgs.UpdateParams, &types.MsgUpdateParams{Authority: authority, Params: params})
}

// requireVerifiers holds the active verifiers and the sum of their bonds against what they must be.
func (w *world) requireVerifiers(active int, bond uint64) {
	w.t.Helper()
	verifiers, err := keysOf(w.ctx, w.keeper.Verifiers, nil)
	w.must(err)
	sum, err := w.keeper.verifierBond(w.ctx)
	w.must(err)
	if len(verifiers) != active || sum != bond {
		w.t.Fatalf("%d verifiers with %d uremes, want %d with %d", len(verifiers), sum, active, bond)
	}
}

func TestWhoIsAVerifierFollowsTheParameters(t *testing.T) {
	w := newWorld(t, unchanged)
	small, large := uint64(6_000*types.REMES), uint64(8_000*types.REMES)
	w.join("small", types.ROLE_VERIFIER, small)
	w.join("large", types.ROLE_VERIFIER, large)
	w.join("miner", types.ROLE_MINER, large)

	w.asks(7_000 * types.REMES)
	w.requireVerifiers(2, small+large) // nothing changes in the block that decides it
	w.next()
	w.requireVerifiers(1, large)
	w.must(w.keeper.CheckInvariants(w.ctx))

	w.asks(6_000 * types.REMES)
	w.next()
	w.requireVerifiers(2, small+large)
	w.must(w.keeper.CheckInvariants(w.ctx))
}

// A round keeps the parameters that it was opened with, but a fine taken in it may not bring back
// who is no verifier by those of today.
func TestAFineOfAnOldRoundMakesNobodyAVerifier(t *testing.T) {
	w := newWorld(t, unchanged)
	old, err := w.keeper.params(w.ctx)
	w.must(err)
	w.join("v", types.ROLE_VERIFIER, 6_000*types.REMES)
	w.asks(7_000 * types.REMES)
	w.next()
	owner, err := w.keeper.address(w.address("v"))
	w.must(err)
	w.must(w.keeper.slash(w.ctx, old, slashing{
		fault: types.FAULT_MISSED_AUDIT, subject: 1, owner: owner, role: types.ROLE_VERIFIER,
	}))
	w.requireVerifiers(0, 0)
	w.must(w.keeper.CheckInvariants(w.ctx))
}

func TestThereAreNoMoreVerifiersThanPlaces(t *testing.T) {
	w := newWorld(t, func(p *types.Params) { p.Bond.VerifiersMax = 2 })
	w.join("v1", types.ROLE_VERIFIER, 6_000*types.REMES)
	w.join("v2", types.ROLE_VERIFIER, 6_000*types.REMES)
	bond := func(amount uint64) *types.MsgBond {
		return &types.MsgBond{Owner: w.address("v3"), Role: types.ROLE_VERIFIER, Amount: amount}
	}
	w.fund("v3")
	do(w, w.msgs.SetOperator, &types.MsgSetOperator{
		Owner: w.address("v3"), Operator: w.operatorOf("v3")})
	_, err := deliver(w, w.msgs.Bond, bond(7_000*types.REMES))
	requireRefusal(t, err, types.ErrRoleInvalid)

	w.asks(7_000 * types.REMES) // the places are free, and one is taken
	w.next()
	do(w, w.msgs.Bond, bond(7_000*types.REMES))
	params, err := w.keeper.params(w.ctx)
	w.must(err)
	params.Bond.Verifier = 6_000 * types.REMES // three would reach it
	_, err = deliver(w, w.msgs.UpdateParams, &types.MsgUpdateParams{
		Authority: authority, Params: params})
	requireRefusal(t, err, types.ErrParamsInvalid)
	w.requireVerifiers(1, 7_000*types.REMES)
}

// decides has governance change the parameters that hold from the next block on.
func (w *world) decides(change func(*types.Params)) error {
	params, err := w.keeper.params(w.ctx)
	w.must(err)
	change(&params)
	_, err = deliver(w, w.msgs.UpdateParams, &types.MsgUpdateParams{Authority: authority, Params: params})
	return err
}

// What began under longer windows is answered for as long, by bonds that were taken back since, however
// many decisions have followed.
func TestBondsDoNotReturnBeforeAllThatBeganIsOver(t *testing.T) {
	w := newWorld(t, func(p *types.Params) { p.Bond.UnbondingBlocks = 10_000 })
	w.must(w.decides(func(p *types.Params) { p.Dispute.ChallengeBlocks = 5_000 }))
	w.next()
	soon := func(p *types.Params) { p.Dispute.ChallengeBlocks, p.Bond.UnbondingBlocks = 1, 2_000 }
	requireRefusal(t, w.decides(soon), types.ErrParamsInvalid)
	w.must(w.decides(func(p *types.Params) { p.Dispute.ChallengeBlocks = 1 }))
	w.next()
	requireRefusal(t, w.decides(soon), types.ErrParamsInvalid)
	w.at(w.height + 5_000)
	requireRefusal(t, w.decides(soon), types.ErrParamsInvalid)
	w.at(w.height + 2_000) // all windows and clocks
	w.must(w.decides(soon))
}

func TestACaseHasTheClocksOfItsRound(t *testing.T) {
	w, _, leases := audited(t, unchanged)
	before, err := w.keeper.params(w.ctx)
	w.must(err)
	w.judge(leases[0].Id, everybodyValid, verifiers...)
	w.must(w.decides(func(p *types.Params) {
		p.Dispute.ClockBlocks, p.Slash.FalseChallengeAccusedPpm = 1, 0
	}))
	w.until("the work is accepted", func() bool {
		return w.submission(leases[0].Id).Status == types.SUBMISSION_STATUS_ACCEPTED
	})
	id := do(w, w.msgs.Challenge, &types.MsgChallenge{
		Challenger: w.fund("challenger"), Kind: types.CASE_KIND_STEP, SubmissionId: leases[0].Id,
	}).CaseId
	c, err := w.keeper.Cases.Get(w.ctx, id)
	w.must(err)
	if c.DefenderClock.BlocksLeft != before.Dispute.ClockBlocks {
		t.Fatalf("an honest miner has %d blocks to answer", c.DefenderClock.BlocksLeft)
	}
}

func TestARoundThatRestedHasTheParametersOfToday(t *testing.T) {
	w, pool := staffed(t, unchanged)
	w.until("training begins", w.inPhase(pool, 1, types.ROUND_PHASE_TRAINING))
	w.until("nobody leases", func() bool { round := w.round(pool, 1); return round.Resting() })
	w.must(w.decides(func(p *types.Params) { p.Round.RevealBlocks += 7 }))
	w.next()
	after, err := w.keeper.params(w.ctx)
	w.must(err)
	w.commit(w.lease(pool, "m1"), "m1")
	w.until("reveals begin", w.inPhase(pool, 1, types.ROUND_PHASE_REVEAL))
	round := w.round(pool, 1)
	if round.RevealEndHeight != round.TrainingEndHeight+int64(after.Round.RevealBlocks) {
		t.Fatalf("the round is %v", round)
	}
}

func TestAPromiseToTheBeaconCostsWhatItDidAsItWasMade(t *testing.T) {
	w := newWorld(t, unchanged)
	w.join("v1", types.ROLE_VERIFIER, 6_000*types.REMES)
	do(w, w.msgs.CommitBeacon, w.beaconMsg("v1", 1))
	w.until("epoch 1 begins", func() bool {
		epoch, err := w.keeper.currentEpoch(w.ctx)
		w.must(err)
		return epoch.Number == 1
	})
	w.must(w.decides(func(p *types.Params) { p.Slash.MissedBeaconPpm = types.Million }))
	w.until("the beacon is final", func() bool { return len(w.epoch(1).Value) > 0 })
	if bond := w.bond("v1", types.ROLE_VERIFIER); bond.Amount != 5_940*types.REMES {
		t.Fatalf("%d are left of the bond", bond.Amount)
	}
}

func TestAnEpochOfRewardsIsClosedAsItBegan(t *testing.T) {
	w := newWorld(t, unchanged)
	before, err := w.keeper.params(w.ctx)
	w.must(err)
	w.must(w.decides(func(p *types.Params) { p.Reward.EpochsPerYear *= 24 }))
	closed := func(number uint64) types.Totals {
		w.until("the epoch is closed", func() bool {
			epoch, err := w.keeper.currentRewardEpoch(w.ctx)
			w.must(err)
			return epoch.Number > number
		})
		totals, err := w.keeper.totals(w.ctx)
		w.must(err)
		return totals
	}
	day := before.Reward.FirstYear / uint64(before.Reward.EpochsPerYear)
	if totals := closed(0); totals.YearOffered != day {
		t.Fatalf("the work of an epoch was offered %d of %d", totals.YearOffered, day)
	}
	hour := before.Reward.FirstYear / uint64(before.Reward.EpochsPerYear*24)
	if totals := closed(1); totals.YearOffered != day+hour || totals.Year != 0 {
		t.Fatalf("with the next it was %v", totals)
	}
}

func TestAnUnbondingIsPaidOnceHoweverOftenItIsDue(t *testing.T) {
	w := newWorld(t, unchanged)
	w.join("m1", types.ROLE_MINER, 3_000*types.REMES)
	unbonding := do(w, w.msgs.Unbond, &types.MsgUnbond{
		Owner: w.address("m1"), Role: types.ROLE_MINER, Amount: 1_000 * types.REMES})
	w.at(unbonding.ReleaseHeight)
	w.must(w.keeper.payUnbonding(w.ctx, unbonding.UnbondingId))
	w.must(w.keeper.payUnbonding(w.ctx, unbonding.UnbondingId)) // or it would be tried for ever
	if purse := w.bank.of(w.ctx, w.address("m1")); purse != purse0-2_000*types.REMES {
		t.Fatalf("the purse holds %d", purse)
	}
}
