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

// What began under longer windows is answered for as long, by bonds that were taken back since.
func TestBondsDoNotReturnBeforeWorkOfTodayIsOver(t *testing.T) {
	w := newWorld(t, func(p *types.Params) { p.Bond.UnbondingBlocks = 10_000 })
	short, err := w.keeper.params(w.ctx)
	w.must(err)
	short.Dispute.ChallengeBlocks, short.Bond.UnbondingBlocks = 1, 2_000
	long := short
	long.Dispute.ChallengeBlocks, long.Bond.UnbondingBlocks = 5_000, 10_000
	update := func(params types.Params) error {
		_, err := deliver(w, w.msgs.UpdateParams, &types.MsgUpdateParams{
			Authority: authority, Params: params})
		return err
	}
	w.must(update(long))
	w.next()
	requireRefusal(t, update(short), types.ErrParamsInvalid)
	short.Bond.UnbondingBlocks = 10_000
	w.must(update(short))
	w.next()
	short.Bond.UnbondingBlocks = 2_000
	w.must(update(short))
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
