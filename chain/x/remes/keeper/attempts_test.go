package keeper

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/cosmos/gogoproto/proto"
	"google.golang.org/grpc"

	"r3mes.dev/chain/x/remes/types"
)

// attempt is a message of the service, and a world in which it is accepted as it stands.
type attempt struct {
	// name is the method of the service, for moves of a case followed by what they are about.
	name string
	w    *world
	msg  proto.Message
}

// method is the method of the service that takes a message.
func method(msg proto.Message) string {
	return strings.TrimPrefix(reflect.TypeOf(msg).Elem().Name(), "Msg")
}

func isMethod(name string) func(grpc.MethodDesc) bool {
	return func(m grpc.MethodDesc) bool { return m.MethodName == name }
}

// branch is the same world, whose changes nobody else sees.
func (w *world) branch() *world {
	branched := *w
	ctx, write := w.ctx.CacheContext()
	branched.ctx, branched.layers = ctx, append(slices.Clone(w.layers), write)
	return &branched
}

// call runs a method of the service, as the router does: the handler gets whatever decode leaves in
// its message.
func (w *world) call(name string, decode func(any) error) error {
	at := slices.IndexFunc(types.Msg_serviceDesc.Methods, isMethod(name))
	ctx, write := w.ctx.CacheContext()
	_, err := types.Msg_serviceDesc.Methods[at].Handler(w.msgs, context.Context(ctx), decode, nil)
	if err == nil {
		write()
	}
	return err
}

// give delivers a message of any kind.
func (w *world) give(msg proto.Message) error {
	return w.call(method(msg), func(into any) error {
		reflect.ValueOf(into).Elem().Set(reflect.ValueOf(msg).Elem())
		return nil
	})
}

// attempts has at least one accepted message of every method, in the order of a round.
func attempts(t testing.TB) []attempt {
	return slices.Concat(
		registryAttempts(t), moneyAttempts(t), verifierAttempts(t), beaconAttempts(t), workAttempts(t),
		auditAttempts(t), caseAttempts(t), inquiryAttempts(t), updateAttempts(t), sumAttempts(t),
	)
}

// attempt keeps the world as it stands now; it goes on in a layer above.
func (w *world) attempt(name string, msg proto.Message) attempt {
	kept := *w
	*w = *kept.branch()
	return attempt{name: name, w: &kept, msg: proto.Clone(msg)}
}

func registryAttempts(t testing.TB) []attempt {
	w := newWorld(t, unchanged)
	model, dataset := w.register()
	w.fund("sponsor")
	params, err := w.keeper.params(w.ctx)
	w.must(err)
	registered, err := w.keeper.Models.Get(w.ctx, model)
	w.must(err)
	another := testModel(registered.RefereeId)
	another.Name = "genesis-2"
	proposal := w.proposal()
	proposal.Name = "more-tales"
	list := []attempt{
		w.attempt("UpdateParams", &types.MsgUpdateParams{Authority: authority, Params: params}),
		w.attempt("RegisterReferee", &types.MsgRegisterReferee{
			Authority: authority, Module: readModule(w, "../referee/testdata/tile-simd.wasm")}),
		w.attempt("RegisterModel", &types.MsgRegisterModel{Authority: authority, Model: another}),
		w.attempt("SetModelStatus", &types.MsgSetModelStatus{
			Authority: authority, Id: model, Status: types.STATUS_RETIRED}),
		w.attempt("ProposeDataset", proposal),
		w.attempt("SetDatasetStatus", &types.MsgSetDatasetStatus{
			Authority: authority, Id: dataset, Status: types.STATUS_RETIRED}),
		w.attempt("OpenPool", w.poolMsg(model, dataset)),
	}
	pool := do(w, w.msgs.OpenPool, w.poolMsg(model, dataset)).Id
	return append(list,
		w.attempt("ClosePool", &types.MsgClosePool{Sponsor: w.address("sponsor"), PoolId: pool}),
		w.attempt("SetPoolWeight", &types.MsgSetPoolWeight{
			Authority: authority, PoolId: pool, EmissionWeightPpm: types.Million}))
}

func moneyAttempts(t testing.TB) []attempt {
	w := newWorld(t, unchanged)
	w.join("m1", types.ROLE_MINER, 4_000*types.REMES)
	w.fund("stranger")
	return []attempt{
		w.attempt("SetOperator", &types.MsgSetOperator{
			Owner: w.address("stranger"), Operator: w.operatorOf("stranger")}),
		w.attempt("Bond", &types.MsgBond{
			Owner: w.address("m1"), Role: types.ROLE_MINER, Amount: types.REMES}),
		w.attempt("Unbond", &types.MsgUnbond{
			Owner: w.address("m1"), Role: types.ROLE_MINER, Amount: types.REMES}),
	}
}

// verifierAttempts are what costs more the more verifiers there are, where they are as many as may be.
func verifierAttempts(t testing.TB) []attempt {
	w := newWorld(t, unchanged)
	params, err := w.keeper.params(w.ctx)
	w.must(err)
	for i := range params.Bond.VerifiersMax - 1 {
		w.join(fmt.Sprintf("v%d", i), types.ROLE_VERIFIER, 6_000*types.REMES)
	}
	w.join("m1", types.ROLE_MINER, 4_000*types.REMES)
	bond := &types.MsgBond{
		Owner: w.address("m1"), Role: types.ROLE_VERIFIER, Amount: 6_000 * types.REMES,
	}
	list := []attempt{w.attempt("Bond of a verifier", bond)}
	do(w, w.msgs.Bond, bond)
	return append(list,
		w.attempt("Unbond of a verifier", &types.MsgUnbond{
			Owner: w.address("m1"), Role: types.ROLE_VERIFIER, Amount: types.REMES}),
		w.attempt("UpdateParams with all verifiers", &types.MsgUpdateParams{
			Authority: authority, Params: params}))
}

func beaconAttempts(t testing.TB) []attempt {
	w := newWorld(t, unchanged)
	w.join("m1", types.ROLE_MINER, 4_000*types.REMES)
	for _, name := range verifiers {
		w.join(name, types.ROLE_VERIFIER, 6_000*types.REMES)
	}
	commit := w.attempt("CommitBeacon", w.beaconMsg("v1", 1))
	for _, name := range verifiers {
		do(w, w.msgs.CommitBeacon, w.beaconMsg(name, 1))
	}
	w.until("epoch 1 begins", func() bool {
		epoch, err := w.keeper.currentEpoch(w.ctx)
		w.must(err)
		return epoch.Number == 1
	})
	w.next()
	return []attempt{commit, w.attempt("RevealBeacon", w.beaconReveal("v1", 1))}
}

// workAttempts are a miner's, up to the reveal.
func workAttempts(t testing.TB) []attempt {
	w, pool := staffed(t, unchanged)
	w.until("training begins", w.inPhase(pool, 1, types.ROUND_PHASE_TRAINING))
	claim := w.attempt("ClaimChunk", &types.MsgClaimChunk{
		Operator: w.operatorOf("m1"), PoolId: pool})
	lease := w.lease(pool, "m1")
	commit := w.attempt("Commit", &types.MsgCommit{
		Operator: w.operatorOf("m1"), LeaseId: lease.Id, Commitment: w.commitment(lease, "m1")})
	w.commit(lease, "m1")
	for _, name := range []string{"m2", "m3"} {
		w.commit(w.lease(pool, name), name)
	}
	w.until("reveals begin", w.inPhase(pool, 1, types.ROUND_PHASE_REVEAL))
	return []attempt{claim, commit, w.attempt("Reveal", w.reveal(lease, "m1"))}
}

// auditAttempts are those from the drawn step to the reward.
func auditAttempts(t testing.TB) []attempt {
	w, pool, leases := trained(t, unchanged)
	for i, lease := range leases {
		do(w, w.msgs.Reveal, w.reveal(lease, miners[i]))
	}
	id := leases[0].Id
	w.until("the audit is drawn", func() bool {
		return w.submission(id).Status == types.SUBMISSION_STATUS_DRAWN
	})
	list := []attempt{w.attempt("OpenStep", w.opening(id, "m1"))}
	for i, lease := range leases {
		do(w, w.msgs.OpenStep, w.opening(lease.Id, miners[i]))
	}
	verifier := w.nameOf(w.audit(id).Seats[0].Verifier, verifiers...)
	verdict := w.verdict(id, verifier, types.VERDICT_VALID)
	list = append(list, w.attempt("CommitVerdict", &types.MsgCommitVerdict{
		Operator: verdict.Operator, SubmissionId: id,
		Commitment: w.verdictCommitment(verdict, verifier)}))
	bound := w.branch()
	w = w.branch() // what is done here must not show there
	for _, seat := range w.audit(id).Seats {
		name := bound.nameOf(seat.Verifier, verifiers...)
		msg := bound.verdict(id, name, types.VERDICT_VALID)
		do(bound, bound.msgs.CommitVerdict, &types.MsgCommitVerdict{
			Operator: msg.Operator, SubmissionId: id, Commitment: bound.verdictCommitment(msg, name)})
	}
	list = append(list, bound.attempt("RevealVerdict", verdict))
	for _, lease := range leases {
		w.judge(lease.Id, everybodyValid, verifiers...)
	}
	w.until("the sum is asked for", w.inPhase(pool, 1, types.ROUND_PHASE_AGGREGATION))
	list = append(list, w.attempt("Attest", w.attest(pool, 1, "v1", 1)))
	w.until("the work matures", func() bool { return w.round(pool, 1).OpenSubmissions == 0 })
	return append(list,
		w.attempt("WithdrawRewards", &types.MsgWithdrawRewards{Owner: w.address("m1")}))
}

// caseAttempts are the moves of a case about a step.
func caseAttempts(t testing.TB) []attempt {
	c := accepted(t, wrongAt(3, 0, 1), unchanged)
	list := []attempt{c.attempt("Challenge", c.challengeMsg("c", 0))}
	id := c.challenge("c", 0).CaseId
	for c.file(id).Claim.Stage != types.CASE_STAGE_EXECUTION {
		stage := " of " + strings.ToLower(strings.TrimPrefix(
			c.file(id).Claim.Stage.String(), "CASE_STAGE_"))
		post := c.liar.post(c.file(id), c.operatorOf("m1"))
		list = append(list, c.attempt("PostTrace"+stage, post))
		do(c.world, c.msgs.PostTrace, post)
		if file := c.file(id); !file.DefenderMoves() {
			pin := &types.MsgPinpoint{
				Operator: c.address("c"), CaseId: id, Child: c.truth.differs(file)}
			list = append(list, c.attempt("Pinpoint"+stage, pin))
			do(c.world, c.msgs.Pinpoint, pin)
		}
	}
	return append(list, c.attempt("ExecuteTile", c.truth.execution(c.file(id), c.liar)))
}

// inquiryAttempts is what verifiers are asked after a case.
func inquiryAttempts(t testing.TB) []attempt {
	c := accepted(t, wrongAt(2, 2, 0), slow).lost()
	return []attempt{c.attempt("FindFault", &types.MsgFindFault{
		Operator: c.operatorOf("v1"), SubmissionId: c.leases[0].Id,
		Part: types.WRONG_PART_DRAWN_STEP,
	})}
}

// updateAttempts are the moves of a case about an update.
func updateAttempts(t testing.TB) []attempt {
	c := newCourtOf(t, honest, randomUpdate, unchanged)
	for _, lease := range c.leases {
		c.judge(lease.Id, everybodyValid, verifiers...)
	}
	c.next()
	challenge := c.challengeMsg("c", 0)
	challenge.Kind = types.CASE_KIND_UPDATE
	id := do(c.world, c.msgs.Challenge, challenge).CaseId
	var list []attempt
	for c.file(id).Claim.Stage != types.CASE_STAGE_EXECUTION {
		if c.file(id).DefenderMoves() {
			post := c.postOf(c.update, c.file(id))
			list = append(list, c.attempt("PostTrace of an update", post))
			do(c.world, c.msgs.PostTrace, post)
			continue
		}
		do(c.world, c.msgs.Pinpoint, &types.MsgPinpoint{
			Operator: c.address("c"), CaseId: id, Child: c.objection(c.file(id))})
	}
	return append(list,
		c.attempt("ExecuteTile of an update", c.executionOf(c.update, c.file(id))))
}

// sumAttempts are the moves of a case about a sum that all three verifiers vouched for.
func sumAttempts(t testing.TB) []attempt {
	c := summed(t, unchanged)
	wrong := c.falseSum(lies["an element of the factor"])
	for _, name := range verifiers {
		c.attestSum(name, wrong)
	}
	c.next()
	list := []attempt{c.attempt("Challenge of a sum", c.sumChallenge("c"))}
	id := do(c.world, c.msgs.Challenge, c.sumChallenge("c")).CaseId
	for c.file(id).Claim.Stage != types.CASE_STAGE_EXECUTION {
		if file := c.file(id); file.DefenderMoves() {
			post := c.postOfSum(wrong, file, c.operatorOf("v1"))
			list = append(list, c.attempt("PostTrace of a sum", post))
			do(c.world, c.msgs.PostTrace, post)
			continue
		}
		child := uint32(0) // the factor, then the tile that the lie is in
		if c.file(id).Claim.Stage == types.CASE_STAGE_TILES {
			child = 1
		}
		do(c.world, c.msgs.Pinpoint, &types.MsgPinpoint{
			Operator: c.address("c"), CaseId: id, Child: child})
	}
	return append(list, c.attempt("ExecuteTile of a sum", c.executionOfSum(c.file(id))))
}

func TestEveryMessageHasAnAttemptThatIsAccepted(t *testing.T) {
	tried := map[string]bool{}
	for _, a := range attempts(t) {
		tried[method(a.msg)] = true
		if err := a.w.branch().give(a.msg); err != nil {
			t.Errorf("%s: %v", a.name, err)
		}
	}
	for _, m := range types.Msg_serviceDesc.Methods {
		if !tried[m.MethodName] {
			t.Errorf("%s is never tried", m.MethodName)
		}
	}
}
