package keeper

import (
	"context"
	"errors"
	"testing"

	errorsmod "cosmossdk.io/errors"

	"r3mes.dev/chain/x/remes/types"
)

func requireRefusal(t testing.TB, err error, want *errorsmod.Error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("got %v, want %q", err, want)
	}
}

// refusal is a message that must be refused, and why.
type refusal struct {
	name string
	send func() error
	want *errorsmod.Error
}

func requireRefusals(t *testing.T, cases []refusal) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { requireRefusal(t, c.send(), c.want) })
	}
}

// refuse delivers a message and keeps the error alone.
func refuse[M, R any](w *world, handle func(context.Context, M) (R, error), msg M) func() error {
	return func() error { _, err := deliver(w, handle, msg); return err }
}

func TestBondsRefuse(t *testing.T) {
	w := newWorld(t, unchanged)
	w.join("m", types.ROLE_MINER, 2_000*types.REMES)
	w.fund("stranger")
	bond := func(name string, role types.Role, amount uint64) func() error {
		return refuse(
			w, w.msgs.Bond, &types.MsgBond{Owner: w.address(name), Role: role, Amount: amount},
		)
	}
	unbond := func(amount uint64) func() error {
		return refuse(
			w, w.msgs.Unbond,
			&types.MsgUnbond{Owner: w.address("m"), Role: types.ROLE_MINER, Amount: amount},
		)
	}
	requireRefusals(t, []refusal{
		{"an operator of somebody else", refuse(w, w.msgs.SetOperator, &types.MsgSetOperator{
			Owner: w.address("stranger"), Operator: w.operatorOf("m")}), types.ErrOperatorInUse},
		{"no address", refuse(w, w.msgs.SetOperator, &types.MsgSetOperator{
			Owner: "remes1", Operator: w.operatorOf("m")}), types.ErrAddressInvalid},
		{"without an operator", bond("stranger", types.ROLE_MINER, types.REMES), types.ErrParticipantNotFound},
		{"an unknown role", bond("m", 99, types.REMES), types.ErrRoleInvalid},
		{"nothing", bond("m", types.ROLE_MINER, 0), types.ErrAmountInvalid},
		{"less than the minimum", bond("m", types.ROLE_VERIFIER, types.REMES), types.ErrBondTooSmall},
		{"more than the purse", bond("m", types.ROLE_MINER, 2*purse), types.ErrFundsInsufficient},
		{"more than exists", bond("m", types.ROLE_MINER, types.SupplyCap), types.ErrAmountOutOfRange},
		{"an amount that wraps", bond("m", types.ROLE_MINER, 1<<64-1), types.ErrAmountOutOfRange},
		{"unbonding nothing", unbond(0), types.ErrAmountInvalid},
		{"unbonding more than is bonded", unbond(3_000 * types.REMES), types.ErrBondInsufficient},
		{"leaving less than the minimum", unbond(1_500 * types.REMES), types.ErrBondTooSmall},
	})
}

// Who names a key is not asked for its consent, so nobody may be kept out by it.
func TestANewcomerTakesItsOwnKeyBack(t *testing.T) {
	w := newWorld(t, unchanged)
	newcomer := w.fund("newcomer")
	do(w, w.msgs.SetOperator, &types.MsgSetOperator{Owner: w.fund("squatter"), Operator: newcomer})
	do(w, w.msgs.SetOperator, &types.MsgSetOperator{Owner: newcomer, Operator: newcomer})
	for name, operator := range map[string]string{"newcomer": newcomer, "squatter": ""} {
		owner, err := w.keeper.address(w.address(name))
		w.must(err)
		participant, err := w.keeper.Participants.Get(w.ctx, owner)
		w.must(err)
		if participant.Operator != operator {
			t.Errorf("the operator of the %s is %q", name, participant.Operator)
		}
	}
	if owner, _, err := w.keeper.participantOf(w.ctx, newcomer); err != nil || owner.String() != newcomer {
		t.Fatalf("the key works for %s: %v", owner, err)
	}
	requireReborn(t, w)
	other := w.address("another key")
	do(w, w.msgs.SetOperator, &types.MsgSetOperator{Owner: w.address("squatter"), Operator: other})
	requireReborn(t, w)
	_, err := deliver(w, w.msgs.SetOperator, &types.MsgSetOperator{Owner: newcomer, Operator: other})
	requireRefusal(t, err, types.ErrOperatorInUse)
}

func TestUnbondingReturnsTheBondInTime(t *testing.T) {
	w := newWorld(t, unchanged)
	w.join("m", types.ROLE_MINER, 2_000*types.REMES)
	started := do(w, w.msgs.Unbond, &types.MsgUnbond{
		Owner: w.address("m"), Role: types.ROLE_MINER, Amount: 2_000 * types.REMES})
	if left := w.bank.of(w.ctx, w.address("m")); left != purse-2_000*types.REMES {
		t.Fatalf("the bond came back at once: %d", left)
	}
	w.at(started.ReleaseHeight)
	w.must(w.keeper.EndBlock(w.ctx))
	if left := w.bank.of(w.ctx, w.address("m")); left != purse {
		t.Fatalf("the purse holds %d", left)
	}
	w.must(w.keeper.CheckInvariants(w.ctx))
}

func TestUnbondingsOfOneBondAreBounded(t *testing.T) {
	w := newWorld(t, unchanged)
	w.join("m", types.ROLE_MINER, 100_000*types.REMES)
	msg := &types.MsgUnbond{Owner: w.address("m"), Role: types.ROLE_MINER, Amount: types.REMES}
	for range types.UnbondingsMax {
		do(w, w.msgs.Unbond, msg)
	}
	_, err := deliver(w, w.msgs.Unbond, msg)
	requireRefusal(t, err, types.ErrBondLocked)
}

func TestRegistriesRefuse(t *testing.T) {
	w := newWorld(t, unchanged)
	model, dataset := w.register()
	registered, err := w.keeper.Models.Get(w.ctx, model)
	w.must(err)
	module, err := w.keeper.RefereeModules.Get(w.ctx, registered.RefereeId)
	w.must(err)
	broken := func(change func(*types.Model)) *types.MsgRegisterModel {
		m := testModel(registered.RefereeId)
		m.Name = "another"
		change(&m)
		return &types.MsgRegisterModel{Authority: authority, Model: m}
	}
	proposal := func(change func(*types.MsgProposeDataset)) *types.MsgProposeDataset {
		msg := w.proposal()
		msg.Name = "other"
		change(msg)
		return msg
	}
	requireRefusals(t, []refusal{
		{"a referee by a stranger", refuse(w, w.msgs.RegisterReferee, &types.MsgRegisterReferee{
			Authority: w.address("stranger")}), types.ErrUnauthorized},
		{"a referee that is no module", refuse(w, w.msgs.RegisterReferee, &types.MsgRegisterReferee{
			Authority: authority, Module: []byte("no module")}), types.ErrRefereeInvalid},
		{"a referee twice", refuse(w, w.msgs.RegisterReferee, &types.MsgRegisterReferee{
			Authority: authority, Module: module}), types.ErrRefereeExists},
		{"a model by a stranger", refuse(w, w.msgs.RegisterModel, &types.MsgRegisterModel{
			Authority: w.address("stranger")}), types.ErrUnauthorized},
		{"a model of a name that is taken", refuse(w, w.msgs.RegisterModel, broken(
			func(m *types.Model) { m.Name = "genesis-1" })), types.ErrModelExists},
		{"a model with a bad name", refuse(w, w.msgs.RegisterModel, broken(
			func(m *types.Model) { m.Name = "A model" })), types.ErrModelInvalid},
		{"a model with a short root", refuse(w, w.msgs.RegisterModel, broken(
			func(m *types.Model) { m.BackboneRoot = []byte{1} })), types.ErrModelInvalid},
		{"a model without a program", refuse(w, w.msgs.RegisterModel, broken(
			func(m *types.Model) { m.Programs = nil })), types.ErrModelInvalid},
		{"a model of boundless work", refuse(w, w.msgs.RegisterModel, broken(
			func(m *types.Model) { m.Programs[0].Work = 1 << 60 })), types.ErrModelInvalid},
		{"a model with an unknown referee", refuse(w, w.msgs.RegisterModel, broken(
			func(m *types.Model) { m.RefereeId = hashOf("nobody") })), types.ErrRefereeNotFound},
		{"the status of no model", refuse(w, w.msgs.SetModelStatus, &types.MsgSetModelStatus{
			Authority: authority, Id: 99, Status: types.STATUS_RETIRED}), types.ErrModelNotFound},
		{"back to proposed", refuse(w, w.msgs.SetModelStatus, &types.MsgSetModelStatus{
			Authority: authority, Id: model,
			Status: types.STATUS_PROPOSED}), types.ErrMessageInvalid},
		{"the status it has", refuse(w, w.msgs.SetDatasetStatus, &types.MsgSetDatasetStatus{
			Authority: authority, Id: dataset,
			Status: types.STATUS_APPROVED}), types.ErrMessageInvalid},
		{"a dataset of a name that is taken", refuse(w, w.msgs.ProposeDataset, proposal(
			func(m *types.MsgProposeDataset) { m.Name = "tales" })), types.ErrDatasetExists},
		{"a dataset without tokens", refuse(w, w.msgs.ProposeDataset, proposal(
			func(m *types.MsgProposeDataset) { m.Tokens = 1 })), types.ErrDatasetInvalid},
		{"a dataset with a bad address", refuse(w, w.msgs.ProposeDataset, proposal(
			func(m *types.MsgProposeDataset) { m.ManifestCid = cidOf("x")[:35] })), types.ErrDatasetInvalid},
		{"a dataset without a deposit", refuse(w, w.msgs.ProposeDataset, proposal(
			func(m *types.MsgProposeDataset) { m.Provider = w.address("poor") })), types.ErrFundsInsufficient},
	})
}

func TestARetiredDatasetReturnsItsDeposit(t *testing.T) {
	w := newWorld(t, unchanged)
	_, dataset := w.register()
	do(w, w.msgs.SetDatasetStatus, &types.MsgSetDatasetStatus{
		Authority: authority, Id: dataset, Status: types.STATUS_RETIRED})
	if left := w.bank.of(w.ctx, w.address("provider")); left != purse {
		t.Fatalf("the provider has %d", left)
	}
	w.must(w.keeper.CheckInvariants(w.ctx))
}

// The tensors of another program, or of another model, would not fit.
func TestAParentIsOfTheSameProgram(t *testing.T) {
	w := newWorld(t, unchanged)
	first, dataset := w.register()
	registered, err := w.keeper.Models.Get(w.ctx, first)
	w.must(err)
	two := testModel(registered.RefereeId)
	two.Name, two.Programs = "genesis-2", append(two.Programs, two.Programs[0])
	second := do(w, w.msgs.RegisterModel, &types.MsgRegisterModel{Authority: authority, Model: two}).Id
	w.fund("sponsor")
	origin := do(w, w.msgs.OpenPool, w.poolMsg(second, dataset)).Id
	w.must(w.keeper.Adapters.Set(w.ctx, 1, types.AdapterVersion{
		Id: 1, PoolId: origin, ModelId: second, Root: hashOf("version"), Cid: cidOf("version")}))
	from := func(model uint64, program uint32) *types.MsgOpenPool {
		msg := w.poolMsg(model, dataset)
		msg.ParentAdapterId, msg.Program = 1, program
		return msg
	}
	requireRefusals(t, []refusal{
		{"another model", refuse(w, w.msgs.OpenPool, from(first, 0)), types.ErrAdapterModelMismatch},
		{"another program", refuse(w, w.msgs.OpenPool, from(second, 1)), types.ErrAdapterModelMismatch},
	})
	do(w, w.msgs.OpenPool, from(second, 0))
}

func TestPoolsRefuse(t *testing.T) {
	w := newWorld(t, unchanged)
	model, dataset := w.register()
	w.fund("sponsor")
	broken := func(change func(*types.MsgOpenPool)) func() error {
		msg := w.poolMsg(model, dataset)
		change(msg)
		return refuse(w, w.msgs.OpenPool, msg)
	}
	requireRefusals(t, []refusal{
		{"an unknown model", broken(func(m *types.MsgOpenPool) { m.ModelId = 9 }), types.ErrModelNotFound},
		{"an unknown dataset", broken(func(m *types.MsgOpenPool) { m.DatasetId = 9 }), types.ErrDatasetNotFound},
		{"an unknown program", broken(func(m *types.MsgOpenPool) { m.Program = 1 }), types.ErrPoolInvalid},
		{"an unknown parent", broken(func(m *types.MsgOpenPool) { m.ParentAdapterId = 1 }), types.ErrAdapterNotFound},
		{"no chunk", broken(func(m *types.MsgOpenPool) { m.ChunksPerRound = 0 }), types.ErrPoolInvalid},
		{"too many chunks", broken(func(m *types.MsgOpenPool) { m.ChunksPerRound = 257 }), types.ErrPoolInvalid},
		{"more chunks than the text has", broken(func(m *types.MsgOpenPool) { m.ChunksPerRound = 200 }), types.ErrPoolInvalid},
		{"no round", broken(func(m *types.MsgOpenPool) { m.Rounds = 0 }), types.ErrPoolInvalid},
		{"a window that is too short", broken(func(m *types.MsgOpenPool) { m.TrainingBlocks = 3 }), types.ErrPoolInvalid},
		{"a window that is too long", broken(func(m *types.MsgOpenPool) { m.TrainingBlocks = 241 }), types.ErrPoolInvalid},
		{"a lease beyond the window", broken(func(m *types.MsgOpenPool) { m.LeaseBlocks = 9 }), types.ErrPoolInvalid},
		{"no step", broken(func(m *types.MsgOpenPool) { m.Hyperparameters.LocalSteps = 0 }), types.ErrPoolInvalid},
		{"no learning rate", broken(func(m *types.MsgOpenPool) { m.Hyperparameters.LearningRates = nil }), types.ErrPoolInvalid},
		{"a density of everything", broken(func(m *types.MsgOpenPool) { m.Hyperparameters.Density = 501 }), types.ErrPoolInvalid},
		{"no budget", broken(func(m *types.MsgOpenPool) { m.Budget = 0 }), types.ErrPoolBudgetInsufficient},
		{"a budget of less than a unit a chunk", broken(func(m *types.MsgOpenPool) { m.Budget = 5 }), types.ErrPoolBudgetInsufficient},
		{"more than the purse", broken(func(m *types.MsgOpenPool) { m.Budget = 2 * purse }), types.ErrFundsInsufficient},
		{"closing another's pool", refuse(w, w.msgs.ClosePool, &types.MsgClosePool{
			Sponsor: w.address("sponsor"), PoolId: 1}), types.ErrPoolNotFound},
	})
	pool := do(w, w.msgs.OpenPool, w.poolMsg(model, dataset)).Id
	do(
		w, w.msgs.SetModelStatus,
		&types.MsgSetModelStatus{Authority: authority, Id: model, Status: types.STATUS_RETIRED},
	)
	requireRefusals(t, []refusal{
		{"a retired model", broken(func(*types.MsgOpenPool) {}), types.ErrModelRetired},
		{"closing another's pool", refuse(w, w.msgs.ClosePool, &types.MsgClosePool{
			Sponsor: w.address("stranger"), PoolId: pool}), types.ErrUnauthorized},
		{"a weight above the whole", refuse(w, w.msgs.SetPoolWeight, &types.MsgSetPoolWeight{
			Authority: authority, PoolId: pool,
			EmissionWeightPpm: types.Million + 1}), types.ErrMessageInvalid},
		{"a weight by a stranger", refuse(w, w.msgs.SetPoolWeight, &types.MsgSetPoolWeight{
			Authority: w.address("stranger"), PoolId: pool}), types.ErrUnauthorized},
	})
}

func TestChunksAndCommitmentsRefuse(t *testing.T) {
	w, pool := staffed(t, unchanged)
	claim := func(name string, pool uint64) func() error {
		return refuse(
			w, w.msgs.ClaimChunk, &types.MsgClaimChunk{Operator: w.operatorOf(name), PoolId: pool},
		)
	}
	requireRefusals(t, []refusal{
		{"before the beacon", claim("m1", pool), types.ErrPhaseWrong},
		{"an unknown pool", claim("m1", 9), types.ErrPoolNotFound},
		{"a stranger", claim("stranger", pool), types.ErrParticipantNotFound},
	})
	w.until("training begins", w.inPhase(pool, 1, types.ROUND_PHASE_TRAINING))
	lease := w.lease(pool, "m1")
	commit := func(name string, id uint64, commitment []byte) func() error {
		return refuse(w, w.msgs.Commit, &types.MsgCommit{
			Operator: w.operatorOf(name), LeaseId: id, Commitment: commitment})
	}
	requireRefusals(t, []refusal{
		{"without a miner's bond", claim("v1", pool), types.ErrLeaseLimitReached},
		{"a commitment of 31 bytes", commit("m1", lease.Id, make([]byte, 31)), types.ErrHashLengthInvalid},
		{"an unknown lease", commit("m1", 99, make([]byte, 32)), types.ErrLeaseNotFound},
		{"another's lease", commit("m2", lease.Id, make([]byte, 32)), types.ErrLeaseOtherMiner},
		{"unbonding a slot in use", refuse(w, w.msgs.Unbond, &types.MsgUnbond{
			Owner: w.address("m1"), Role: types.ROLE_MINER,
			Amount: 4_000 * types.REMES}), types.ErrBondLocked},
	})
	w.at(lease.EndHeight) // the last block in time
	w.commit(lease, "m1")
	requireRefusals(t, []refusal{
		{"a second commitment", commit("m1", lease.Id, make([]byte, 32)), types.ErrCommitmentExists},
	})
}

func TestALeaseIsLateByOneBlock(t *testing.T) {
	w, pool := staffed(t, unchanged)
	w.until("training begins", w.inPhase(pool, 1, types.ROUND_PHASE_TRAINING))
	lease := w.lease(pool, "m1")
	w.at(lease.EndHeight + 1) // as if the queue were behind
	_, err := deliver(w, w.msgs.Commit, &types.MsgCommit{
		Operator: w.operatorOf("m1"), LeaseId: lease.Id, Commitment: make([]byte, 32)})
	requireRefusal(t, err, types.ErrLeaseExpired)
}

func TestRevealsRefuse(t *testing.T) {
	w, pool, leases := trained(t, unchanged)
	reveal := func(name string, change func(*types.MsgReveal)) func() error {
		msg := w.reveal(leases[0], name)
		change(msg)
		return refuse(w, w.msgs.Reveal, msg)
	}
	requireRefusals(t, []refusal{
		{"another's submission", reveal("m2", func(*types.MsgReveal) {}), types.ErrLeaseOtherMiner},
		{"an unknown submission", reveal("m1", func(m *types.MsgReveal) { m.SubmissionId = 99 }), types.ErrSubmissionNotFound},
		{"another salt", reveal("m1", func(m *types.MsgReveal) { m.Salt = hashOf("x") }), types.ErrCommitmentMismatch},
		{"another root", reveal("m1", func(m *types.MsgReveal) { m.StepsRoot = hashOf("x") }), types.ErrCommitmentMismatch},
		{"another loss", reveal("m1", func(m *types.MsgReveal) { m.LossSum++ }), types.ErrCommitmentMismatch},
		{"a short root", reveal("m1", func(m *types.MsgReveal) { m.UpdateRoot = nil }), types.ErrHashLengthInvalid},
		{"no CID", reveal("m1", func(m *types.MsgReveal) { m.UpdateCid = nil }), types.ErrCidInvalid},
		{"the work of another", func() error { // replayed from another chunk
			msg := w.reveal(leases[1], "m2")
			msg.SubmissionId = leases[0].Id
			msg.Operator = w.operatorOf("m1")
			_, err := deliver(w, w.msgs.Reveal, msg)
			return err
		}, types.ErrCommitmentMismatch},
		{"training is over", refuse(w, w.msgs.ClaimChunk, &types.MsgClaimChunk{
			Operator: w.operatorOf("m1"), PoolId: pool}), types.ErrPhaseWrong},
	})
	do(w, w.msgs.Reveal, w.reveal(leases[0], "m1"))
	requireRefusals(t, []refusal{
		{"a second reveal", reveal("m1", func(*types.MsgReveal) {}), types.ErrRevealExists},
	})
	late := w.round(pool, 1).LateRevealEndHeight
	w.at(late + 1)
	_, err := deliver(w, w.msgs.Reveal, w.reveal(leases[1], "m2"))
	requireRefusal(t, err, types.ErrPhaseWrong)
}

func TestOpeningsAndVerdictsRefuse(t *testing.T) {
	w, _, leases := trained(t, unchanged)
	id := leases[0].Id
	for i, lease := range leases {
		do(w, w.msgs.Reveal, w.reveal(lease, []string{"m1", "m2", "m3"}[i]))
	}
	commit := func(name string) func() error {
		return refuse(w, w.msgs.CommitVerdict, &types.MsgCommitVerdict{
			Operator: w.operatorOf(name), SubmissionId: id, Commitment: hashOf("x")})
	}
	requireRefusals(
		t, []refusal{{"a verdict before the draw", commit("v1"), types.ErrAuditNotFound}},
	)
	w.until("the audit is drawn", func() bool { return w.submission(id).Status == types.SUBMISSION_STATUS_DRAWN })
	drawn := w.nameOf(w.audit(id).Seats[0].Verifier, verifiers...)
	open := func(name string, change func(*types.MsgOpenStep)) func() error {
		msg := w.opening(id, name)
		change(msg)
		return refuse(w, w.msgs.OpenStep, msg)
	}
	requireRefusals(t, []refusal{
		{"a verdict before the openings", commit(drawn), types.ErrPhaseWrong},
		{"another's step", open("m2", func(*types.MsgOpenStep) {}), types.ErrLeaseOtherMiner},
		{"another step", open("m1", func(m *types.MsgOpenStep) { m.Opening.Step = m.Opening.Step%localSteps + 1 }), types.ErrOpeningInvalid},
		{"another root after", open("m1", func(m *types.MsgOpenStep) { m.Opening.RootAfter = hashOf("x") }), types.ErrOpeningInvalid},
		{"another root before", open("m1", func(m *types.MsgOpenStep) { m.Opening.RootBefore = hashOf("x") }), types.ErrOpeningInvalid},
		{"another last root", open("m1", func(m *types.MsgOpenStep) { m.Opening.RootFinal = hashOf("x") }), types.ErrOpeningInvalid},
		{"roots swapped", open("m1", func(m *types.MsgOpenStep) {
			m.Opening.RootBefore, m.Opening.RootAfter = m.Opening.RootAfter, m.Opening.RootBefore
		}), types.ErrOpeningInvalid},
		{"a proof too long", open("m1", func(m *types.MsgOpenStep) {
			m.Proof.Hashes = append(m.Proof.Hashes, hashOf("x"))
		}), types.ErrOpeningInvalid},
		{"a short hash", open("m1", func(m *types.MsgOpenStep) { m.Proof.Hashes = [][]byte{{1}} }), types.ErrHashLengthInvalid},
		{"no CID", open("m1", func(m *types.MsgOpenStep) { m.Opening.StateBeforeCid = nil }), types.ErrOpeningInvalid},
	})
	do(w, w.msgs.OpenStep, w.opening(id, "m1"))
	requireRefusals(t, []refusal{
		{"a second opening", open("m1", func(*types.MsgOpenStep) {}), types.ErrOpeningExists},
		{"a verifier that was not drawn", commit("m2"), types.ErrAuditNotDrawn},
		{"a reveal before the commitments", refuse(w, w.msgs.RevealVerdict, w.verdict(id, drawn, types.VERDICT_VALID)), types.ErrPhaseWrong},
	})
	for _, seat := range w.audit(id).Seats {
		name := w.nameOf(seat.Verifier, verifiers...)
		msg := w.verdict(id, name, types.VERDICT_VALID)
		do(w, w.msgs.CommitVerdict, &types.MsgCommitVerdict{
			Operator:     w.operatorOf(name),
			SubmissionId: id,
			Commitment:   w.verdictCommitment(msg, name),
		})
	}
	reveal := func(change func(*types.MsgRevealVerdict)) func() error {
		msg := w.verdict(id, drawn, types.VERDICT_VALID)
		change(msg)
		return refuse(w, w.msgs.RevealVerdict, msg)
	}
	requireRefusals(t, []refusal{
		{"a second commitment", commit(drawn), types.ErrPhaseWrong},
		{"another digest", reveal(func(m *types.MsgRevealVerdict) { m.Digest = hashOf("x") }), types.ErrVerdictMismatch},
		{"another verdict", reveal(func(m *types.MsgRevealVerdict) { m.Verdict = types.VERDICT_INVALID }), types.ErrVerdictMismatch},
		{"a verdict that does not exist", reveal(func(m *types.MsgRevealVerdict) { m.Verdict = 9 }), types.ErrVerdictInvalid},
		{"valid without a root", reveal(func(m *types.MsgRevealVerdict) { m.Root = nil }), types.ErrVerdictInvalid},
		{"cannot check, with a root", reveal(func(m *types.MsgRevealVerdict) { m.Verdict = types.VERDICT_CANNOT_CHECK }), types.ErrVerdictInvalid},
	})
	do(w, w.msgs.RevealVerdict, w.verdict(id, drawn, types.VERDICT_VALID))
	requireRefusals(t, []refusal{{"a second reveal", reveal(func(*types.MsgRevealVerdict) {}), types.ErrVerdictExists}})
}

func TestAttestationsRefuse(t *testing.T) {
	w, pool, leases := audited(t, unchanged)
	attest := func(name string, round uint32, change func(*types.MsgAttest)) func() error {
		msg := w.attest(pool, round, name, 1)
		change(msg)
		return refuse(w, w.msgs.Attest, msg)
	}
	asIs := func(*types.MsgAttest) {}
	requireRefusals(
		t, []refusal{{"before the audits end", attest("v1", 1, asIs), types.ErrAggregationNotOpen}},
	)
	for _, lease := range leases {
		w.judge(lease.Id, everybodyValid, verifiers...)
	}
	w.until("the sum is asked for", w.inPhase(pool, 1, types.ROUND_PHASE_AGGREGATION))
	do(w, w.msgs.Attest, w.attest(pool, 1, "v1", 1))
	requireRefusals(t, []refusal{
		{"a miner", attest("m1", 1, asIs), types.ErrRoleInvalid},
		{"an unknown round", attest("v2", 9, asIs), types.ErrRoundNotFound},
		{"a second attestation", attest("v1", 1, func(m *types.MsgAttest) { m.HeldOutLoss++ }), types.ErrAttestationExists},
		{"a short root", attest("v2", 1, func(m *types.MsgAttest) { m.Root = nil }), types.ErrAttestationInvalid},
		{"no CID", attest("v2", 1, func(m *types.MsgAttest) { m.Cid = nil }), types.ErrAttestationInvalid},
	})
}

func TestParamsRefuseStrangersAndContradictions(t *testing.T) {
	w := newWorld(t, unchanged)
	params, err := w.keeper.params(w.ctx)
	w.must(err)
	broken := params
	broken.Block.GasPriceMin = 0
	requireRefusals(t, []refusal{
		{"a stranger", refuse(w, w.msgs.UpdateParams, &types.MsgUpdateParams{
			Authority: w.address("stranger"), Params: params}), types.ErrUnauthorized},
		{"free gas", refuse(w, w.msgs.UpdateParams, &types.MsgUpdateParams{
			Authority: authority, Params: broken}), types.ErrParamsInvalid},
	})
	changed := params
	changed.Bond.MinerSlot *= 2
	activation := do(w, w.msgs.UpdateParams, &types.MsgUpdateParams{Authority: authority, Params: changed}).ActivationHeight
	now, err := w.keeper.params(w.ctx)
	w.must(err)
	later, err := w.keeper.ParamsAt(w.ctx, activation)
	w.must(err)
	if now.Bond.MinerSlot != params.Bond.MinerSlot ||
		later.Params.Bond.MinerSlot != changed.Bond.MinerSlot {
		t.Fatal("the change did not wait for the next block")
	}
}

func TestParamsOfEveryHeightStayKnown(t *testing.T) {
	w := newWorld(t, unchanged)
	params, err := w.keeper.params(w.ctx)
	w.must(err)
	first := params.Bond.MinerSlot
	for i := uint64(1); i <= 3; i++ { // they hold from heights 11, 21 and 31
		w.at(int64(10 * i))
		params.Bond.MinerSlot = first + i
		do(w, w.msgs.UpdateParams, &types.MsgUpdateParams{Authority: authority, Params: params})
	}
	for height, slot := range map[int64]uint64{
		0: first, 10: first, 11: first + 1, 20: first + 1, 21: first + 2, 30: first + 2,
		31: first + 3, 1_000: first + 3,
	} {
		scheduled, err := w.keeper.ParamsAt(w.ctx, height)
		w.must(err)
		if scheduled.Params.Bond.MinerSlot != slot {
			t.Errorf("at height %d a slot takes %d, not %d", height,
				scheduled.Params.Bond.MinerSlot, slot)
		}
	}
}
