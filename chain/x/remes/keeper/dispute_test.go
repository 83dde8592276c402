package keeper

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"r3mes.dev/chain/x/remes/types"
)

// court is a world in which m1 trained a chunk, perhaps wrongly, and its work was audited.
type court struct {
	*world
	trainer *trainer
	pool    uint64
	leases  []types.Lease
	// liar is what m1 claims, truth what everybody else computes.
	liar, truth *run
	// update is the one that m1 hands in.
	update tensorUpdate
	// trained are the updates of the round, once they are asked for.
	trained []tensorUpdate
	// leftOut is the work that its sum is made without.
	leftOut []uint64
}

// newCourt has three chunks trained and opened; cheat is what m1 does to its own.
func newCourt(t testing.TB, cheat tamper, change func(*types.Params)) *court {
	return newCourtOf(t, cheat, func(u tensorUpdate) tensorUpdate { return u }, change)
}

// newCourtOf is newCourt with an update of m1 that does not follow from its last state.
func newCourtOf(
	t testing.TB, cheat tamper, distort func(tensorUpdate) tensorUpdate, change func(*types.Params),
) *court {
	w := newWorld(t, change)
	for _, miner := range []string{"m1", "m2", "m3"} {
		w.join(miner, types.ROLE_MINER, 4_000*types.REMES)
	}
	for _, verifier := range verifiers {
		w.join(verifier, types.ROLE_VERIFIER, 6_000*types.REMES)
	}
	for _, name := range []string{"c", "d", "e", "sponsor", "provider"} {
		w.fund(name)
	}
	c := &court{world: w, trainer: newTrainer(w)}
	c.pool = c.openRealPool()
	w.until("training begins", w.inPhase(c.pool, 1, types.ROUND_PHASE_TRAINING))
	runs := map[uint64]*run{}
	w.states = func(chunk uint64) []types.Hash { return runs[chunk].states }
	w.update = func(chunk uint64) []byte {
		if runs[chunk] == c.liar {
			return c.update.root()
		}
		return runs[chunk].update().root()
	}
	for i, miner := range []string{"m1", "m2", "m3"} {
		lease := w.lease(c.pool, miner)
		runs[lease.Chunk] = c.trainer.train(c.pool, lease.Chunk, honest)
		if i == 0 {
			c.truth = runs[lease.Chunk]
			c.liar = c.trainer.train(c.pool, lease.Chunk, cheat)
			runs[lease.Chunk] = c.liar
			c.update = distort(c.liar.update())
		}
		w.commit(lease, miner)
		c.leases = append(c.leases, lease)
	}
	w.until("reveals begin", w.inPhase(c.pool, 1, types.ROUND_PHASE_REVEAL))
	for i, lease := range c.leases {
		do(w, w.msgs.Reveal, w.reveal(lease, []string{"m1", "m2", "m3"}[i]))
	}
	w.until("audits are drawn", func() bool {
		return !slices.ContainsFunc(c.leases, func(l types.Lease) bool {
			return w.submission(l.Id).Status != types.SUBMISSION_STATUS_DRAWN
		})
	})
	for i, lease := range c.leases {
		do(w, w.msgs.OpenStep, w.opening(lease.Id, []string{"m1", "m2", "m3"}[i]))
	}
	return c
}

func (c *court) openRealPool() uint64 {
	w := c.world
	model := do(w, w.msgs.RegisterModel, &types.MsgRegisterModel{
		Authority: authority, Model: c.trainer.model()}).Id
	proposal := w.proposal()
	proposal.Root, proposal.Tokens = c.trainer.datasetRoot(), dataTokens
	dataset := do(w, w.msgs.ProposeDataset, proposal).Id
	do(w, w.msgs.SetDatasetStatus, &types.MsgSetDatasetStatus{
		Authority: authority, Id: dataset, Status: types.STATUS_APPROVED})
	pool := do(w, w.msgs.OpenPool, w.poolMsg(model, dataset)).Id
	do(w, w.msgs.SetPoolWeight, &types.MsgSetPoolWeight{
		Authority: authority, PoolId: pool, EmissionWeightPpm: types.Million})
	return pool
}

// accepted has all verdicts given and the work of m1 accepted.
func accepted(t testing.TB, cheat tamper, change func(*types.Params)) *court {
	c := newCourt(t, cheat, change)
	for _, lease := range c.leases {
		c.judge(lease.Id, everybodyValid, verifiers...)
	}
	c.next()
	if status := c.subject().Status; status != types.SUBMISSION_STATUS_ACCEPTED {
		t.Fatalf("the submission is %s", status)
	}
	return c
}

func (c *court) subject() types.Submission { return c.submission(c.leases[0].Id) }

func (c *court) challengeMsg(name string, step uint32) *types.MsgChallenge {
	return &types.MsgChallenge{
		Challenger: c.address(name), Kind: types.CASE_KIND_STEP, SubmissionId: c.leases[0].Id,
		Step: step,
	}
}

func (c *court) challenge(name string, step uint32) *types.MsgChallengeResponse {
	c.t.Helper()
	return do(c.world, c.msgs.Challenge, c.challengeMsg(name, step))
}

func (c *court) file(id uint64) types.Case {
	file, err := c.keeper.Cases.Get(c.ctx, id)
	c.must(err)
	return file
}

// play has both parties move until the tile is found: the defender by what it claims, the challenger
// by what it computed.
func (c *court) play(id uint64, defends, challenges *run, defender, challenger string) {
	c.t.Helper()
	for range 10 {
		file := c.file(id)
		switch {
		case file.Claim.Stage == types.CASE_STAGE_EXECUTION:
			return
		case file.DefenderMoves():
			do(c.world, c.msgs.PostTrace, defends.post(file, defender))
		default:
			do(c.world, c.msgs.Pinpoint, &types.MsgPinpoint{
				Operator: challenger, CaseId: id, Child: challenges.differs(file)})
		}
		c.next()
	}
	c.t.Fatalf("case %d does not end: %v", id, c.file(id))
}

func (c *court) execute(id uint64, by, defends *run) types.CaseOutcome {
	c.t.Helper()
	outcome := do(c.world, c.msgs.ExecuteTile, by.execution(c.file(id), defends)).Outcome
	c.must(c.keeper.CheckInvariants(c.ctx))
	return outcome
}

func (c *court) offence(name string, fault types.Fault, subject uint64) (types.Offence, bool) {
	owner, err := c.keeper.address(c.address(name))
	c.must(err)
	key := collections.Join3(owner, int32(fault), subject)
	has, err := c.keeper.Offences.Has(c.ctx, key)
	c.must(err)
	if !has {
		return types.Offence{}, false
	}
	offence, err := c.keeper.Offences.Get(c.ctx, key)
	c.must(err)
	return offence, true
}

func TestALiarIsBisectedToOneTileAndConvicted(t *testing.T) {
	for name, cheat := range map[string]tamper{
		"an embedding read from the batch":  wrongAt(3, 0, 1),
		"a magnitude":                       wrongAt(2, 1, 0),
		"a factor, before the state is out": wrongAt(1, 2, 1),
		"the last tile of the last step":    wrongAt(4, 3, 1),
	} {
		t.Run(name, func(t *testing.T) {
			c := accepted(t, cheat, unchanged)
			id := c.leases[0].Id
			if slices.Equal(c.liar.states, c.truth.states) {
				t.Fatal("the lie does not show in the state")
			}
			totals, err := c.keeper.totals(c.ctx)
			c.must(err)
			slot := uint64(1_000 * types.REMES)
			audit := c.audit(id)

			file := c.challenge("c", 0)
			c.play(file.CaseId, c.liar, c.truth, c.operatorOf("m1"), c.address("c"))
			if outcome := c.execute(file.CaseId, c.truth, c.liar); outcome != types.CASE_OUTCOME_CONVICTED {
				t.Fatalf("the case ended %s", outcome)
			}

			ended := c.file(file.CaseId)
			if len(ended.ExecutedHash) != types.HashSize || slices.Equal(ended.ExecutedHash, ended.Claim.Hash) {
				t.Fatal("the file does not show both hashes")
			}
			offence, fined := c.offence("m1", types.FAULT_WRONG_STEP, id)
			if !fined || offence.Taken != slot || offence.Burned != slot/2 ||
				offence.Awarded != slot*3/10 || offence.Insured != slot/5 ||
				offence.CaseId != file.CaseId {
				t.Fatalf("the fine is %v", offence)
			}
			reward := slot * 3 / 10
			if fined := c.finedVerdicts(); len(fined) > 0 {
				t.Fatalf("%v were fined for how the miner defended", fined)
			}
			part := types.WRONG_PART_OTHER_STEP
			if audit.Step == ended.Step {
				part = types.WRONG_PART_DRAWN_STEP
			}
			c.find(part, verifiers...)
			c.next()
			wrong := c.finedVerdicts() // who called the wrong step valid pays half
			if had := audit.HadToFind(part); had != (len(wrong) == len(audit.Seats)) || !had && len(wrong) > 0 {
				t.Fatalf("step %d, drawn %d: %v were fined", ended.Step, audit.Step, wrong)
			}
			reward += uint64(len(wrong)) * 900 * types.REMES
			if purse := c.bank.of(c.ctx, c.address("c")); purse != purse0+reward {
				t.Fatalf("the challenger has %d, want %d more than before", purse, reward)
			}
			if bond := c.bond("m1", types.ROLE_MINER); bond.Locked != 0 || bond.Amount != 3_000*types.REMES {
				t.Fatalf("the bond is %v", bond)
			}
			after, err := c.keeper.totals(c.ctx)
			c.must(err)
			if after.Burned-totals.Burned < slot/2 {
				t.Fatal("nothing was burned")
			}
			c.until("the pool goes on without it", c.inPhase(c.pool, 1, types.ROUND_PHASE_CARRIED_OVER))
		})
	}
}

const purse0 = uint64(purse)

func TestAFalseChallengerLosesItsBond(t *testing.T) {
	c := accepted(t, honest, unchanged)
	liar := c.trainer.train(c.pool, c.leases[0].Chunk, wrongAt(2, 2, 0))
	id := c.challenge("c", 0).CaseId
	c.play(id, c.truth, liar, c.operatorOf("m1"), c.address("c"))
	before := c.bank.of(c.ctx, c.address("m1"))
	if outcome := c.execute(id, c.truth, c.truth); outcome != types.CASE_OUTCOME_ACQUITTED {
		t.Fatalf("the case ended %s", outcome)
	}
	offence, fined := c.offence("c", types.FAULT_FALSE_CHALLENGE, id)
	if !fined || offence.Taken != 100*types.REMES || offence.Awarded != 50*types.REMES ||
		offence.Burned != 50*types.REMES {
		t.Fatalf("the fine is %v", offence)
	}
	if got := c.bank.of(c.ctx, c.address("m1")) - before; got != 50*types.REMES {
		t.Fatalf("the miner got %d", got)
	}
	if status := c.subject().Status; status != types.SUBMISSION_STATUS_ACCEPTED {
		t.Fatalf("the submission is %s", status)
	}
	c.until("it matures", func() bool { return c.round(c.pool, 1).OpenSubmissions == 0 })
	do(c.world, c.msgs.WithdrawRewards, &types.MsgWithdrawRewards{Owner: c.address("m1")})
}

// Whoever pays for a challenge could otherwise keep accepted work from its pay for ever, and its miner from
// its slot.
func TestWorkThatIsAcquittedLateMaturesAtOnce(t *testing.T) {
	c := accepted(t, honest, unchanged)
	id := c.challenge("c", 0).CaseId
	mature := c.subject().MatureHeight
	c.until("the defender's last block", func() bool { return c.height == c.file(id).Deadline() })
	do(c.world, c.msgs.PostTrace, c.truth.post(c.file(id), c.operatorOf("m1")))
	c.until("the challenger gives up", func() bool { return !c.file(id).Open() })
	if c.height <= mature {
		t.Fatalf("the case ended at height %d, the work matures at %d", c.height, mature)
	}
	c.until("it is paid", func() bool { return c.round(c.pool, 1).OpenSubmissions == 0 })
	if bond := c.bond("m1", types.ROLE_MINER); bond.Amount != 4_000*types.REMES || bond.Locked != 0 {
		t.Fatalf("the bond is %v", bond)
	}
	if paid, err := c.keeper.rewardsOf(c.ctx, c.trainerAddress("m1")); err != nil || paid == 0 {
		t.Fatalf("the miner has earned %d: %v", paid, err)
	}
}

func TestWorkIsDisputedUntilTheLastCaseAboutItEnds(t *testing.T) {
	c := accepted(t, wrongAt(2, 2, 0), unchanged)
	first, second := c.challenge("c", 0).CaseId, c.challenge("d", 0).CaseId
	do(c.world, c.msgs.PostTrace, c.liar.post(c.file(first), c.operatorOf("m1")))
	c.play(second, c.liar, c.truth, c.operatorOf("m1"), c.address("d"))
	// The accomplice is silent; what the other has found waits for its tile.
	c.must(c.keeper.closeCase(c.ctx, c.file(first), c.file(first).TimeOut()))
	if subject := c.subject(); subject.Status != types.SUBMISSION_STATUS_DISPUTED || subject.OpenCases != 1 {
		t.Fatalf("the submission is %s, with %d cases", subject.Status, subject.OpenCases)
	}
	if outcome := c.execute(second, c.truth, c.liar); outcome != types.CASE_OUTCOME_CONVICTED {
		t.Fatalf("the other case ended %s", outcome)
	}
}

func TestWhoIsSilentLoses(t *testing.T) {
	t.Run("the defender", func(t *testing.T) {
		c := accepted(t, honest, unchanged)
		id := c.challenge("c", 0).CaseId
		c.until("the clock runs out", func() bool { return !c.file(id).Open() })
		if outcome := c.file(id).Outcome; outcome != types.CASE_OUTCOME_DEFENDER_SILENT {
			t.Fatalf("the case ended %s", outcome)
		}
		if _, fined := c.offence("m1", types.FAULT_WRONG_STEP, c.leases[0].Id); !fined {
			t.Fatal("the miner was not fined")
		}
		if fined := c.finedVerdicts(); len(fined) > 0 {
			t.Fatalf("%v were fined", fined)
		}
	})
	t.Run("the challenger", func(t *testing.T) {
		c := accepted(t, wrongAt(2, 2, 0), unchanged)
		id := c.challenge("c", 0).CaseId
		do(c.world, c.msgs.PostTrace, c.liar.post(c.file(id), c.operatorOf("m1")))
		c.until("the clock runs out", func() bool { return !c.file(id).Open() })
		if outcome := c.file(id).Outcome; outcome != types.CASE_OUTCOME_CHALLENGER_SILENT {
			t.Fatalf("the case ended %s", outcome)
		}
		if status := c.subject().Status; status != types.SUBMISSION_STATUS_ACCEPTED {
			t.Fatalf("the submission is %s", status)
		}
	})
}

func TestAClockCountsOnlyWhileItsPartyIsToMove(t *testing.T) {
	c := accepted(t, wrongAt(3, 0, 0), unchanged)
	id := c.challenge("c", 0).CaseId
	whole := c.file(id).DefenderClock.BlocksLeft
	for range 5 {
		c.next()
	}
	do(c.world, c.msgs.PostTrace, c.liar.post(c.file(id), c.operatorOf("m1")))
	for range 3 {
		c.next()
	}
	file := c.file(id)
	do(c.world, c.msgs.Pinpoint, &types.MsgPinpoint{
		Operator: c.address("c"), CaseId: id, Child: c.truth.differs(file)})
	file = c.file(id)
	if file.DefenderClock.BlocksLeft != whole-5 || file.ChallengerClock.BlocksLeft != whole-3 {
		t.Fatalf("the clocks are %v and %v", file.DefenderClock, file.ChallengerClock)
	}
	if file.Step != 3 || !slices.Equal(file.StateAfter, c.liar.states[2][:]) ||
		!slices.Equal(file.StateBefore, c.truth.states[1][:]) {
		t.Fatalf("the case found step %d", file.Step)
	}
	answer, err := c.ask.Case(c.ctx, &types.QueryCaseRequest{Id: id})
	c.must(err)
	if answer.ToMove != c.address("m1") || answer.EndHeight != c.height+int64(whole-5) {
		t.Fatalf("%s must move until %d", answer.ToMove, answer.EndHeight)
	}
	duties, err := c.ask.Duties(c.ctx, &types.QueryDutiesRequest{Operator: c.operatorOf("m1")})
	c.must(err)
	if !slices.ContainsFunc(duties.Duties, func(d types.Duty) bool {
		return d.Kind == types.DUTY_KIND_POST_TRACE && d.Id == id && d.EndHeight == answer.EndHeight
	}) {
		t.Fatalf("the duties are %v", duties.Duties)
	}
}

func TestAVerdictOfInvalidOpensACaseByItself(t *testing.T) {
	c := newCourt(t, honest, unchanged)
	id := c.leases[0].Id
	first := c.nameOf(c.audit(id).Seats[0].Verifier, verifiers...)
	verdicts := map[string]types.Verdict{}
	for _, verifier := range verifiers {
		verdicts[verifier] = types.VERDICT_VALID
	}
	verdicts[first] = types.VERDICT_INVALID
	c.judge(id, verdicts, verifiers...)
	c.next()
	open, err := c.keeper.openCasesOf(c.ctx, id)
	c.must(err)
	if len(open) != 1 || open[0].Challenger != c.address(first) || open[0].Bond != 0 ||
		open[0].Claim.Stage != types.CASE_STAGE_OPERATIONS || open[0].Step != c.audit(id).Step {
		t.Fatalf("the cases are %v", open)
	}
	liar := c.trainer.train(c.pool, c.leases[0].Chunk, wrongAt(int(open[0].Step), 0, 1))
	c.play(open[0].Id, c.truth, liar, c.operatorOf("m1"), c.operatorOf(first))
	if outcome := c.execute(open[0].Id, c.truth, c.truth); outcome != types.CASE_OUTCOME_ACQUITTED {
		t.Fatalf("the case ended %s", outcome)
	}
	if offence, _ := c.offence(first, types.FAULT_WRONG_VERDICT, id); offence.Taken != 3_000*types.REMES {
		t.Fatalf("the verifier lost %d", offence.Taken)
	}
	for _, lease := range c.leases[1:] {
		c.judge(lease.Id, everybodyValid, verifiers...)
	}
	if status := c.subject().Status; status != types.SUBMISSION_STATUS_ACCEPTED {
		t.Fatalf("the submission is %s", status)
	}
	c.until("it is paid", func() bool { return c.round(c.pool, 1).OpenSubmissions == 0 })
	amount, err := c.keeper.rewardsOf(c.ctx, c.trainerAddress(first))
	c.must(err)
	others := uint64(0)
	for _, verifier := range verifiers {
		if verifier != first {
			paid, err := c.keeper.rewardsOf(c.ctx, c.trainerAddress(verifier))
			c.must(err)
			others += paid
		}
	}
	if others <= amount { // the seat that was wrong is not paid
		t.Fatalf("%s earned %d, the others %d", first, amount, others)
	}
}

// Without a last height for them, challenges could follow one another for ever: a bond of each day would
// hold the slot of a miner, and what is on its way back to its verifiers.
func TestWhatAnAuditDisputesIsChallengedOnceItIsAccepted(t *testing.T) {
	c := newCourt(t, wrongAt(2, 2, 0), unchanged)
	id := c.leases[0].Id
	first := c.nameOf(c.audit(id).Seats[0].Verifier, verifiers...)
	verdicts := map[string]types.Verdict{}
	for _, verifier := range verifiers {
		verdicts[verifier] = types.VERDICT_VALID
	}
	verdicts[first] = types.VERDICT_INVALID
	c.judge(id, verdicts, verifiers...)
	c.next()
	open, err := c.keeper.openCasesOf(c.ctx, id)
	c.must(err)
	_, err = deliver(c.world, c.msgs.Challenge, c.challengeMsg("c", 0))
	requireRefusal(t, err, types.ErrChallengeWindowClosed)

	// An accomplice that accuses and then is silent saves nobody.
	do(c.world, c.msgs.PostTrace, c.liar.post(open[0], c.operatorOf("m1")))
	c.until("the verifier gives up", func() bool { return !c.file(open[0].Id).Open() })
	if status := c.subject().Status; status != types.SUBMISSION_STATUS_ACCEPTED {
		t.Fatalf("the submission is %s", status)
	}
	c.at(c.subject().MatureHeight)
	file := c.challenge("c", 0)
	c.play(file.CaseId, c.liar, c.truth, c.operatorOf("m1"), c.address("c"))
	if outcome := c.execute(file.CaseId, c.truth, c.liar); outcome != types.CASE_OUTCOME_CONVICTED {
		t.Fatalf("the case ended %s", outcome)
	}
}

func (c *court) trainerAddress(name string) []byte {
	owner, err := c.keeper.address(c.address(name))
	c.must(err)
	return owner
}

func TestTwoDigestsOpenACaseBetweenTheirVerifiers(t *testing.T) {
	c := newCourt(t, honest, unchanged)
	id := c.leases[0].Id
	audit := c.audit(id)
	first := c.nameOf(audit.Seats[0].Verifier, verifiers...)
	second := c.nameOf(audit.Seats[1].Verifier, verifiers...)
	c.digest = func(submission uint64, name string) []byte {
		if submission == id && name == first { // the first ran the step
			operations := c.truth.traces[audit.Step-1].operations(c.trainer)
			var outputs []types.OperationOutput
			for i, root := range operations {
				outputs = append(outputs, types.OperationOutput{Index: uint32(i), Root: root})
			}
			digest := types.ExecutionDigest(types.Hash(audit.Seed), audit.Step,
				c.truth.states[audit.Step-1], types.Hash(c.subject().UpdateRoot), outputs)
			return digest[:]
		}
		return hashOf("digest", submission)
	}
	for _, lease := range c.leases {
		c.judge(lease.Id, everybodyValid, verifiers...)
	}
	c.next()
	open, err := c.keeper.openCasesOf(c.ctx, id)
	c.must(err)
	if len(open) != 1 || open[0].Kind != types.CASE_KIND_DIGEST ||
		open[0].Defender != c.address(first) || open[0].Challenger != c.address(second) {
		t.Fatalf("the cases are %v", open)
	}
	post := c.truth.post(open[0], c.operatorOf(first))
	post.Binding.DigestRoots[3] = hashOf("another")
	_, err = deliver(c.world, c.msgs.PostTrace, post)
	requireRefusal(t, err, types.ErrMerkleProofInvalid)
	do(c.world, c.msgs.PostTrace, c.truth.post(open[0], c.operatorOf(first)))
	c.until("the second has nothing to name", func() bool { return !c.file(open[0].Id).Open() })
	if offence, _ := c.offence(second, types.FAULT_WRONG_VERDICT, id); offence.Taken != 3_000*types.REMES {
		t.Fatalf("%s lost %d", second, offence.Taken)
	}
	if c.subject().Status != types.SUBMISSION_STATUS_REVEALED {
		t.Fatalf("the submission is %s, not drawn again", c.subject().Status)
	}
}

func TestLaterChallengesWaitAndReturnWithAConviction(t *testing.T) {
	c := accepted(t, wrongAt(2, 2, 0), func(p *types.Params) { p.Dispute.OpenCasesMax = 1 })
	first := c.challenge("c", 0).CaseId
	if answer := c.challenge("d", 0); !answer.Queued || answer.CaseId != first {
		t.Fatalf("the second challenge got %v", answer)
	}
	c.challenge("e", 0)
	do(c.world, c.msgs.PostTrace, c.liar.post(c.file(first), c.operatorOf("m1")))
	c.until("c gives up", func() bool { return !c.file(first).Open() })
	open, err := c.keeper.openCasesOf(c.ctx, c.leases[0].Id)
	c.must(err)
	if len(open) != 1 || open[0].Challenger != c.address("d") || len(open[0].Queue) != 1 {
		t.Fatalf("the cases are %v", open)
	}
	c.play(open[0].Id, c.liar, c.truth, c.operatorOf("m1"), c.address("d"))
	if outcome := c.execute(open[0].Id, c.truth, c.liar); outcome != types.CASE_OUTCOME_CONVICTED {
		t.Fatalf("the case ended %s", outcome)
	}
	if left := c.bank.of(c.ctx, c.address("e")); left != purse0 {
		t.Fatalf("e has %d", left)
	}
	if left := c.bank.of(c.ctx, c.address("c")); left != purse0-100*types.REMES {
		t.Fatalf("c has %d", left)
	}
}

// Sixty-four may wait. At one bond for each a cheat's accomplices kept all others out for 6,800 REMES, of
// which they lost half.
func TestWhoeverWaitsLocksMoreForEachThatWaits(t *testing.T) {
	c := accepted(t, wrongAt(2, 2, 0), func(p *types.Params) { p.Dispute.OpenCasesMax = 2 })
	bond := uint64(100 * types.REMES)
	var locked uint64
	for i, times := range []uint64{1, 1, 2, 3, 4} {
		name := fmt.Sprint("accomplice ", i)
		c.fund(name)
		c.challenge(name, 0)
		if taken := purse0 - c.bank.of(c.ctx, c.address(name)); taken != times*bond {
			t.Fatalf("challenge %d locked %d", i, taken)
		}
		locked += times * bond
	}
	for waiting := uint64(4); waiting <= types.QueueMax; waiting++ {
		locked += (1 + waiting) * bond
	}
	if want := 2*bond + 2_144*100*types.REMES; locked != want {
		t.Fatalf("to take all places locks %d, want %d", locked, want)
	}
}

func TestOpenCasesEndWithTheFirstConviction(t *testing.T) {
	c := accepted(t, wrongAt(2, 2, 0), unchanged)
	first, second := c.challenge("c", 0).CaseId, c.challenge("d", 0).CaseId
	if first == second {
		t.Fatal("two challenges share a case")
	}
	c.play(second, c.liar, c.truth, c.operatorOf("m1"), c.address("d"))
	c.execute(second, c.truth, c.liar)
	if outcome := c.file(first).Outcome; outcome != types.CASE_OUTCOME_MOOT {
		t.Fatalf("the other case ended %s", outcome)
	}
	if left := c.bank.of(c.ctx, c.address("c")); left != purse0 {
		t.Fatalf("c has %d", left)
	}
}

// The module knows no such operation: nobody in the case is to blame.
func TestARefereeThatRefusesConvictsNobody(t *testing.T) {
	c := accepted(t, wrongAt(2, 2, 0), unchanged)
	id := c.challenge("c", 0).CaseId
	c.play(id, c.liar, c.truth, c.operatorOf("m1"), c.address("c"))
	module, err := c.keeper.Models.Get(c.ctx, 1)
	c.must(err)
	other := do(c.world, c.msgs.RegisterReferee, &types.MsgRegisterReferee{
		Authority: authority, Module: readModule(c.world, "../referee/testdata/tile.wasm")}).Id
	module.RefereeId = other
	c.must(c.keeper.Models.Set(c.ctx, 1, module))
	before := c.bond("m1", types.ROLE_MINER).Amount
	if outcome := c.execute(id, c.truth, c.liar); outcome != types.CASE_OUTCOME_UNDECIDED {
		t.Fatalf("the case ended %s", outcome)
	}
	if c.file(id).RefereeCode >= 0 {
		t.Fatal("the number of the refusal is lost")
	}
	if after := c.bond("m1", types.ROLE_MINER); after.Amount != before || after.Locked != 0 {
		t.Fatalf("the bond of the miner is %v", after)
	}
	if left := c.bank.of(c.ctx, c.address("c")); left != purse0 {
		t.Fatalf("the challenger has %d", left)
	}
	if status := c.subject().Status; status != types.SUBMISSION_STATUS_UNCOUNTED {
		t.Fatalf("the submission is %s", status)
	}
}

// line gives a pool a line of versions that comes from a version of another pool, or from none.
func (c *court) line(pool types.Pool, from, first, last uint64) {
	for id := first; id <= last; id++ {
		c.must(c.keeper.Adapters.Set(c.ctx, id, types.AdapterVersion{
			Id: id, PoolId: pool.Id, ParentId: from, Status: types.ADAPTER_STATUS_PROVISIONAL,
			Root: hashOf("version", id), Cid: cidOf("version", id),
		}))
		from = id
	}
	pool.AdapterId = last
	c.must(c.keeper.Pools.Set(c.ctx, pool.Id, pool))
}

// requireRecalled says which versions are recalled of those up to a last one.
func (c *court) requireRecalled(last uint64, recalled func(id uint64) bool) {
	c.t.Helper()
	for id := uint64(1); id <= last; id++ {
		adapter, err := c.keeper.Adapters.Get(c.ctx, id)
		c.must(err)
		if (adapter.Status == types.ADAPTER_STATUS_RECALLED) != recalled(id) {
			c.t.Fatalf("version %d is %s", id, adapter.Status)
		}
	}
}

// A case may end long after what it is about, and a pool is fast.
func TestEveryVersionBehindARecalledOneIsRecalled(t *testing.T) {
	const last = 3 * recallsMax
	c := newCourt(t, honest, unchanged)
	c.line(c.world.pool(c.pool), 0, 1, last)
	c.must(c.keeper.recallVersion(c.ctx, 3))
	if at := c.world.pool(c.pool).AdapterId; at != 2 {
		t.Fatalf("the pool goes on from version %d", at)
	}
	c.requireRecalled(last, func(id uint64) bool { return id == 3 || id > last-recallsMax })
	c.must(c.keeper.recallVersion(c.ctx, 300)) // proven wrong too, before its turn came
	c.next()
	c.next()
	c.requireRecalled(last, func(id uint64) bool { return id >= 3 })
	if at := c.world.pool(c.pool).AdapterId; at != 2 {
		t.Fatalf("the pool goes on from version %d", at)
	}
}

func TestAPoolGoesOnBeforeARecalledParent(t *testing.T) {
	const own = 3 + 2*recallsMax
	c := newCourt(t, honest, unchanged)
	parent := c.world.pool(do(c.world, c.msgs.OpenPool, c.poolMsg(1, 1)).Id)
	c.line(parent, 0, 1, 3)
	pool := c.world.pool(c.pool)
	pool.ParentAdapterId = 3
	c.line(pool, 3, 4, own)
	c.must(c.keeper.recallVersion(c.ctx, 2))
	c.must(c.keeper.openRound(c.ctx, c.world.pool(c.pool)))
	if round := c.round(c.pool, 2); round.AdapterId != 1 || c.world.pool(c.pool).AdapterId != 1 {
		t.Fatalf("the round starts from version %d", round.AdapterId)
	}
	for range 3 {
		c.next()
	}
	c.requireRecalled(own, func(id uint64) bool { return id > 1 })
}

// A round waits for its beacon, and for the search where too many versions are recalled for one block.
func TestNoRoundBeginsWithARecalledVersion(t *testing.T) {
	const last = 3 * recallsMax
	c := newCourt(t, honest, unchanged)
	parent := c.world.pool(do(c.world, c.msgs.OpenPool, c.poolMsg(1, 1)).Id)
	c.line(parent, 0, 1, last)
	pool := c.world.pool(c.pool)
	pool.ParentAdapterId = last
	c.line(pool, last, last+1, last+1)
	c.must(c.keeper.recallVersion(c.ctx, 3))
	for range 3 {
		c.next()
	}
	c.requireRecalled(last, func(id uint64) bool { return id >= 3 })
	c.must(c.keeper.openRound(c.ctx, c.world.pool(c.pool)))
	c.must(c.keeper.recallVersion(c.ctx, 2)) // while the round waits
	c.until("the round begins", c.inPhase(c.pool, 2, types.ROUND_PHASE_TRAINING))
	if round := c.round(c.pool, 2); round.AdapterId != 1 || c.world.pool(c.pool).AdapterId != 1 {
		t.Fatalf("the round starts from version %d", round.AdapterId)
	}
	c.requireRecalled(last+1, func(id uint64) bool { return id > 1 })
}

func TestAChallengeKeepsNoAcceptedWorkOutOfTheSum(t *testing.T) {
	c := newCourt(t, honest, unchanged)
	pool := c.world.pool(c.pool)
	pool.SubmissionsMin = 3
	c.must(c.keeper.Pools.Set(c.ctx, pool.Id, pool))
	c.judge(c.leases[0].Id, everybodyValid, verifiers...)
	c.next()
	c.challenge("c", 0)
	c.judge(c.leases[1].Id, everybodyValid, verifiers...)
	c.judge(c.leases[2].Id, everybodyValid, verifiers...)
	c.next()
	if status := c.subject().Status; status != types.SUBMISSION_STATUS_DISPUTED {
		t.Fatalf("the submission is %s", status)
	}
	if round := c.round(c.pool, 1); round.Phase != types.ROUND_PHASE_AGGREGATION || !c.subject().Summed {
		t.Fatalf("with all accepted and one of them challenged the round is %s", round.Phase)
	}
}

func TestWhatHasMaturedIsSummedToo(t *testing.T) {
	c := newCourt(t, honest, func(p *types.Params) { p.Dispute.ChallengeBlocks = 1 })
	c.judge(c.leases[0].Id, everybodyValid, verifiers...)
	c.until("it matures", func() bool {
		return c.subject().Status == types.SUBMISSION_STATUS_MATURE
	})
	c.judge(c.leases[1].Id, everybodyValid, verifiers...)
	c.judge(c.leases[2].Id, everybodyValid, verifiers...)
	c.next()
	if round := c.round(c.pool, 1); round.Phase != types.ROUND_PHASE_AGGREGATION || !c.subject().Summed {
		t.Fatalf("the round is %s, what matured is in the sum: %t", round.Phase, c.subject().Summed)
	}
}

func TestAnOperatorSeesTheCaseThatItOpened(t *testing.T) {
	c := accepted(t, honest, unchanged)
	operator := c.operatorOf("m2")
	c.must(c.bank.add(c.ctx, operator, purse))
	msg := c.challengeMsg("c", 0)
	msg.Challenger = operator
	id := do(c.world, c.msgs.Challenge, msg).CaseId
	do(c.world, c.msgs.PostTrace, c.truth.post(c.file(id), c.operatorOf("m1")))
	duties, err := c.ask.Duties(c.ctx, &types.QueryDutiesRequest{Operator: operator})
	c.must(err)
	if !slices.ContainsFunc(duties.Duties, func(d types.Duty) bool {
		return d.Kind == types.DUTY_KIND_PINPOINT && d.Id == id
	}) {
		t.Fatalf("the duties are %v", duties.Duties)
	}
}

// A key becomes an operator without being asked, so a miner could refuse a challenge that it sees
// coming.
func TestNobodyIsKeptFromAChallengeByBeingNamed(t *testing.T) {
	c := accepted(t, wrongAt(2, 2, 0), unchanged)
	do(c.world, c.msgs.SetOperator, &types.MsgSetOperator{
		Owner: c.address("m1"), Operator: c.address("c")})
	id := c.challenge("c", 0).CaseId
	c.play(id, c.liar, c.truth, c.address("m1"), c.address("c"))
	if outcome := c.execute(id, c.truth, c.liar); outcome != types.CASE_OUTCOME_CONVICTED {
		t.Fatalf("the case ended %s", outcome)
	}
}

// What a proof costs is known before: others cannot make it more than a transaction may use.
func TestAProofCostsTheSameHoweverManyWait(t *testing.T) {
	gas := map[int]uint64{}
	for _, waiting := range []int{0, types.QueueMax} {
		c := accepted(t, wrongAt(2, 2, 0), func(p *types.Params) { p.Dispute.OpenCasesMax = 1 })
		id := c.challenge("c", 0).CaseId
		for i := range waiting {
			c.fund(fmt.Sprint("waits ", i))
			c.challenge(fmt.Sprint("waits ", i), 0)
		}
		c.play(id, c.liar, c.truth, c.operatorOf("m1"), c.address("c"))
		before := c.ctx.GasMeter().GasConsumed()
		do(c.world, c.msgs.ExecuteTile, c.truth.execution(c.file(id), c.liar))
		gas[waiting] = c.ctx.GasMeter().GasConsumed() - before
	}
	const perByte, bytesOfOne = 3, 80
	if reading := uint64(types.QueueMax * 2 * perByte * bytesOfOne); gas[types.QueueMax] > gas[0]+reading {
		t.Fatalf("a proof costs %d gas, and %d where others wait", gas[0], gas[types.QueueMax])
	}
}

func TestATileIsAwaitedOnceAndFromWhoeverIsToMove(t *testing.T) {
	c := accepted(t, wrongAt(2, 2, 0), unchanged)
	id := c.challenge("c", 0).CaseId
	tile := &types.MsgExecuteTile{CaseId: id}
	foresee := func(ctx context.Context, executor string) error {
		msg := *tile
		msg.Executor = executor
		return c.keeper.ForeseeTile(ctx, &msg)
	}
	if err := foresee(c.ctx, c.address("c")); !errors.Is(err, types.ErrCaseMoveWrong) {
		t.Fatalf("a tile is awaited before it is found: %v", err)
	}
	c.play(id, c.liar, c.truth, c.operatorOf("m1"), c.address("c"))
	for name, change := range map[string]func(*types.MsgExecuteTile){
		"without its inputs": func(msg *types.MsgExecuteTile) { msg.Inputs = nil },
		"with one too many": func(msg *types.MsgExecuteTile) {
			msg.Inputs = append(msg.Inputs, msg.Inputs[0])
		},
		"with a wrong one": func(msg *types.MsgExecuteTile) {
			msg.Inputs[0].Payload = bytes.Clone(msg.Inputs[0].Payload)
			msg.Inputs[0].Payload[0] ^= 1
		},
	} {
		tile = c.truth.execution(c.file(id), c.liar)
		change(tile)
		if foresee(c.ctx, c.address("c")) == nil {
			t.Errorf("a tile %s is awaited", name)
		}
	}
	tile = c.truth.execution(c.file(id), c.liar)
	for name, executor := range map[string]string{
		"a stranger": c.address("d"), "the defender": c.operatorOf("m1"),
	} {
		if foresee(c.ctx, executor) == nil {
			t.Errorf("%s is awaited", name)
		}
	}
	mempool, _ := c.ctx.CacheContext()
	c.must(foresee(mempool, c.address("c")))
	if err := foresee(mempool, c.address("c")); !errors.Is(err, types.ErrCaseClosed) {
		t.Fatalf("a tile is awaited twice: %v", err)
	}
	if !c.file(id).Open() {
		t.Fatal("a case ended by what a mempool thinks")
	}
}

func TestASumOfWrongWorkIsRecalledAsItIsAdopted(t *testing.T) {
	c := accepted(t, wrongAt(2, 2, 0), slow)
	c.until("the sum is asked for", c.inPhase(c.pool, 1, types.ROUND_PHASE_AGGREGATION))
	id := c.challenge("c", 0).CaseId
	c.play(id, c.liar, c.truth, c.operatorOf("m1"), c.address("c"))
	c.execute(id, c.truth, c.liar)
	c.find(types.WRONG_PART_OTHER_STEP, verifiers...)
	for _, verifier := range verifiers {
		do(c.world, c.msgs.Attest, c.world.attest(c.pool, 1, verifier, 1))
	}
	c.ctx = c.ctx.WithEventManager(sdk.NewEventManager())
	c.next()
	if !c.recalled() || c.world.pool(c.pool).AdapterId != 0 {
		t.Fatalf("the version is %s, the pool is at %d", c.version().Status, c.world.pool(c.pool).AdapterId)
	}
	announced := slices.ContainsFunc(c.ctx.EventManager().Events(), func(e sdk.Event) bool {
		status, has := e.GetAttribute("status")
		return e.Type == "remes.v1.EventAdapterStatusChanged" && has &&
			status.Value == `"ADAPTER_STATUS_RECALLED"`
	})
	if !announced {
		t.Fatal("nobody was told that the version is recalled")
	}
}

func TestAVerifierThatLeavesStillAnswersForItsVerdict(t *testing.T) {
	c := newCourt(t, honest, unchanged)
	id := c.leases[0].Id
	first := c.nameOf(c.audit(id).Seats[0].Verifier, verifiers...)
	verdicts := map[string]types.Verdict{}
	for _, verifier := range verifiers {
		verdicts[verifier] = types.VERDICT_VALID
	}
	verdicts[first] = types.VERDICT_INVALID
	c.judge(id, verdicts, verifiers...)
	c.next()
	do(c.world, c.msgs.Unbond, &types.MsgUnbond{
		Owner: c.address(first), Role: types.ROLE_VERIFIER, Amount: 6_000 * types.REMES})
	open, err := c.keeper.openCasesOf(c.ctx, id)
	c.must(err)
	do(c.world, c.msgs.PostTrace, c.truth.post(open[0], c.operatorOf("m1")))
	c.until("it has nothing to name", func() bool { return !c.file(open[0].Id).Open() })
	if offence, _ := c.offence(first, types.FAULT_WRONG_VERDICT, id); offence.Taken < 2_900*types.REMES {
		t.Fatalf("it lost %d", offence.Taken)
	}
}

// Challenges that wait have their turn one after another, which takes longer than unbonding does.
func TestAVerifierAnswersAsLongAsChallengesWait(t *testing.T) {
	c := accepted(t, wrongAt(2, 2, 0), func(p *types.Params) {
		p.Dispute.OpenCasesMax, p.Round.FullReplayPpm = 1, types.Million // all had to find it
	})
	guilty := c.nameOf(c.audit(c.leases[0].Id).Seats[0].Verifier, verifiers...)
	released := do(c.world, c.msgs.Unbond, &types.MsgUnbond{
		Owner: c.address(guilty), Role: types.ROLE_VERIFIER, Amount: 6_000 * types.REMES,
	}).ReleaseHeight
	const accomplices = 21
	for i := range accomplices {
		c.fund(fmt.Sprint("accomplice ", i))
		c.challenge(fmt.Sprint("accomplice ", i), 0)
	}
	c.challenge("d", 0)
	for {
		open, err := c.keeper.openCasesOf(c.ctx, c.leases[0].Id)
		c.must(err)
		if open[0].Challenger == c.address("d") {
			c.play(open[0].Id, c.liar, c.truth, c.operatorOf("m1"), c.address("d"))
			c.execute(open[0].Id, c.truth, c.liar)
			break
		}
		c.until("the miner must move", func() bool { return open[0].Deadline() == c.height })
		do(c.world, c.msgs.PostTrace, c.liar.post(open[0], c.operatorOf("m1")))
		c.until("nobody names anything", func() bool { return !c.file(open[0].Id).Open() })
	}
	if c.height <= released {
		t.Fatalf("the last case ended at height %d, before the bond was free", c.height)
	}
	end := c.subject().Inquiry.EndHeight
	c.find(types.WRONG_PART_DRAWN_STEP, slices.DeleteFunc(slices.Clone(verifiers), func(v string) bool {
		return v == guilty
	})...)
	c.until("the inquiry has ended", func() bool { return c.height > end })
	if offence, _ := c.offence(guilty, types.FAULT_WRONG_VERDICT, c.leases[0].Id); offence.Taken < 2_900*types.REMES {
		t.Fatalf("it lost %d", offence.Taken)
	}
	c.until("the rest of the bond returns", func() bool {
		left, err := c.keeper.Unbondings.Has(c.ctx, 1)
		c.must(err)
		return !left
	})
}

func TestWhyWasISlashed(t *testing.T) {
	c := accepted(t, wrongAt(2, 2, 0), unchanged)
	id := c.challenge("c", 0).CaseId
	c.play(id, c.liar, c.truth, c.operatorOf("m1"), c.address("c"))
	c.execute(id, c.truth, c.liar)
	answer, err := c.ask.Offence(c.ctx, &types.QueryOffenceRequest{
		Owner: c.address("m1"), Fault: types.FAULT_WRONG_STEP, Subject: c.leases[0].Id})
	c.must(err)
	if answer.Case == nil || answer.Case.Id != id || answer.Case.Step != 2 ||
		answer.Case.Operation != 2 || answer.Case.Claim.Index != 0 || len(answer.Case.Moves) != 6 {
		t.Fatalf("the file is %v", answer.Case)
	}
	file, err := c.ask.Case(c.ctx, &types.QueryCaseRequest{Id: id})
	c.must(err)
	if len(file.Offences) == 0 || file.Offences[0].Offender != c.address("m1") || file.ToMove != "" {
		t.Fatalf("the case cost %v", file.Offences)
	}
	_, err = c.ask.Offence(c.ctx, &types.QueryOffenceRequest{
		Owner: c.address("m2"), Fault: types.FAULT_WRONG_STEP, Subject: 1})
	if err == nil {
		t.Fatal("a fine was found that nobody paid")
	}
	all, err := c.ask.Cases(c.ctx, &types.QueryCasesRequest{})
	c.must(err)
	open, err := c.ask.Cases(c.ctx, &types.QueryCasesRequest{Party: c.address("m1")})
	c.must(err)
	if len(all.Cases) != 1 || len(open.Cases) != 0 {
		t.Fatalf("%d cases, %d open", len(all.Cases), len(open.Cases))
	}
}
