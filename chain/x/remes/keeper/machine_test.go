package keeper

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"r3mes.dev/chain/x/remes/types"
)

// machine sends random messages of honest, lazy and confused participants, and asks after every
// block whether the invariants hold. A message may be refused; it may never break a rule, panic, or
// leave a trace when it is refused.
type machine struct {
	w     *world
	pools []uint64
	// leases are who holds what, to know what to commit and reveal.
	leases map[uint64]types.Lease
	who    map[uint64]string
}

var crowd = []string{"m1", "m2", "m3", "v1", "v2", "v3", "v4"}

func newMachine(t *testing.T) *machine {
	w := newWorld(t, func(p *types.Params) {
		p.Dispute.ChallengeBlocks, p.Reward.EpochBlocks, p.Bond.UnbondingBlocks = 10, 20, 1_800
		p.Dispute.ClockBlocks, p.Dispute.OpenCasesMax = 6, 2
	})
	for _, name := range crowd {
		role, amount := types.ROLE_MINER, uint64(3_000*types.REMES)
		if name[0] == 'v' {
			role, amount = types.ROLE_VERIFIER, 6_000*types.REMES
		}
		w.join(name, role, amount)
	}
	pool := w.openPool()
	do(w, w.msgs.SetPoolWeight, &types.MsgSetPoolWeight{
		Authority: authority, PoolId: pool, EmissionWeightPpm: types.Million})
	return &machine{
		w: w, pools: []uint64{pool}, leases: map[uint64]types.Lease{}, who: map[uint64]string{},
	}
}

// try delivers a message that may be refused.
func try[M, R any](m *machine, handle func(context.Context, M) (R, error), msg M) {
	_, _ = deliver(m.w, handle, msg)
}

func (m *machine) drawName(t *rapid.T) string { return rapid.SampledFrom(crowd).Draw(t, "who") }

// someWork is a lease or submission that was ever given, with its holder.
func (m *machine) someWork(t *rapid.T) (types.Lease, string) {
	if len(m.leases) == 0 { // then nobody holds lease 0
		return types.Lease{}, crowd[0]
	}
	ids := make([]uint64, 0, len(m.leases))
	for id := range m.leases {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	// Recent work is what the windows are open for.
	id := rapid.SampledFrom(ids[max(0, len(ids)-6):]).Draw(t, "work")
	return m.leases[id], m.who[id]
}

// has says that a submission is still there, in a state.
func (m *machine) has(id uint64, status types.SubmissionStatus) bool {
	there, err := m.w.keeper.Submissions.Has(m.w.ctx, id)
	m.w.must(err)
	return there && m.w.submission(id).Status == status
}

func (m *machine) actions() map[string]func(*rapid.T) {
	w := m.w
	actions := map[string]func(*rapid.T){
		"":             func(*rapid.T) { w.must(w.keeper.CheckInvariants(w.ctx)) },
		"block":        func(*rapid.T) { w.next() },
		"duties":       m.duties,
		"more duties":  m.duties,
		"still more":   m.duties,
		"and a pause":  m.duties,
		"and the rest": m.duties,
		"blocks": func(t *rapid.T) {
			for range rapid.IntRange(2, 8).Draw(t, "blocks") {
				w.next()
			}
		},
		"claim": func(t *rapid.T) {
			m.claim(m.drawName(t), rapid.SampledFrom(m.pools).Draw(t, "pool"))
		},
		"commit": func(t *rapid.T) {
			lease, name := m.someWork(t)
			try(m, w.msgs.Commit, &types.MsgCommit{
				Operator:   w.operatorOf(name),
				LeaseId:    lease.Id,
				Commitment: w.commitment(lease, name),
			})
		},
		"reveal": func(t *rapid.T) {
			lease, name := m.someWork(t)
			try(m, w.msgs.Reveal, w.reveal(lease, name))
		},
		"open step": func(t *rapid.T) {
			lease, name := m.someWork(t)
			if m.has(lease.Id, types.SUBMISSION_STATUS_DRAWN) {
				try(m, w.msgs.OpenStep, w.opening(lease.Id, name))
			}
		},
		"verdicts":      func(t *rapid.T) { m.verdicts(t) },
		"beacon commit": func(t *rapid.T) { m.beacon(t, true) },
		"beacon reveal": func(t *rapid.T) { m.beacon(t, false) },
	}
	maps.Copy(actions, m.moneyActions())
	maps.Copy(actions, m.disputeActions())
	return actions
}

// moneyActions are those that are not asked of anybody.
func (m *machine) moneyActions() map[string]func(*rapid.T) {
	w := m.w
	return map[string]func(*rapid.T){
		"attest": func(t *rapid.T) {
			pool := rapid.SampledFrom(m.pools).Draw(t, "pool")
			result := rapid.SampledFrom([]int{1, 1, 1, 2}).Draw(t, "result")
			msg := w.attest(pool, w.pool(pool).Round, m.drawName(t), result)
			if rapid.IntRange(0, 2).Draw(t, "leaves out") == 0 {
				msg.LeftOut = m.disputed(pool, msg.Round)
			}
			try(m, w.msgs.Attest, msg)
		},
		"bond": func(t *rapid.T) {
			try(m, w.msgs.Bond, &types.MsgBond{
				Owner:  w.address(m.drawName(t)),
				Role:   types.Role(rapid.IntRange(0, 5).Draw(t, "role")),
				Amount: rapid.Uint64Range(0, 7_000).Draw(t, "REMES") * types.REMES,
			})
		},
		"unbond": func(t *rapid.T) {
			try(m, w.msgs.Unbond, &types.MsgUnbond{
				Owner:  w.address(m.drawName(t)),
				Role:   types.Role(rapid.IntRange(1, 2).Draw(t, "role")),
				Amount: rapid.Uint64Range(0, 7_000).Draw(t, "REMES") * types.REMES,
			})
		},
		"new operator": func(t *rapid.T) { // moves to another key and back
			name := m.drawName(t)
			try(m, w.msgs.SetOperator, &types.MsgSetOperator{
				Owner: w.address(name), Operator: w.operatorOf(m.drawName(t))})
			try(
				m, w.msgs.SetOperator,
				&types.MsgSetOperator{Owner: w.address(name), Operator: w.operatorOf(name)},
			)
		},
		"withdraw": func(t *rapid.T) {
			try(
				m, w.msgs.WithdrawRewards,
				&types.MsgWithdrawRewards{Owner: w.address(m.drawName(t))},
			)
		},
		"parameters": func(t *rapid.T) { // most bonds are of 6,000; who is below is no verifier
			params, err := w.keeper.params(w.ctx)
			w.must(err)
			params.Bond.Verifier = rapid.SampledFrom([]uint64{
				5_000, 5_000, 5_000, 5_950, 6_500,
			}).Draw(t, "verifier") * types.REMES
			params.Bond.MinerSlot = rapid.SampledFrom([]uint64{1_000, 1_000, 1_400}).
				Draw(t, "slot") * types.REMES
			do(w, w.msgs.UpdateParams, &types.MsgUpdateParams{Authority: authority, Params: params})
		},
		"pool": func(t *rapid.T) {
			if len(m.pools) == 3 {
				try(m, w.msgs.ClosePool, &types.MsgClosePool{
					Sponsor: w.address("sponsor"),
					PoolId:  rapid.SampledFrom(m.pools).Draw(t, "pool"),
				})
				return
			}
			msg := w.poolMsg(1, 1)
			msg.Budget = rapid.Uint64Range(0, 1_000_000).Draw(t, "budget")
			if opened, err := deliver(w, w.msgs.OpenPool, msg); err == nil {
				m.pools = append(m.pools, opened.Id)
			}
		},
	}
}

// disputeActions are challenges, moves of cases, and moves of those who may not.
func (m *machine) disputeActions() map[string]func(*rapid.T) {
	w := m.w
	return map[string]func(*rapid.T){
		"challenge": func(t *rapid.T) {
			lease, _ := m.someWork(t)
			try(m, w.msgs.Challenge, &types.MsgChallenge{
				Challenger: w.address(m.drawName(t)), Kind: types.CASE_KIND_STEP,
				SubmissionId: lease.Id,
				Step:         rapid.Uint32Range(0, localSteps).Draw(t, "step"),
			})
		},
		"challenge of a sum": func(t *rapid.T) {
			pool := rapid.SampledFrom(m.pools).Draw(t, "pool")
			last := w.pool(pool).Round
			try(m, w.msgs.Challenge, &types.MsgChallenge{
				Challenger: w.address(m.drawName(t)), Kind: types.CASE_KIND_AGGREGATE, PoolId: pool,
				Round:    rapid.Uint32Range(max(1, last-1), last).Draw(t, "round"),
				Momentum: rapid.Bool().Draw(t, "momentum"),
			})
		},
		"find fault": func(t *rapid.T) {
			lease, _ := m.someWork(t)
			m.findFault(t, lease.Id, m.drawName(t))
		},
		"case": func(t *rapid.T) {
			for _, c := range m.openCases() {
				m.move(t, c)
			}
		},
	}
}

// disputed is what the sum of a round may be made without, and perhaps too much of it.
func (m *machine) disputed(pool uint64, round uint32) []uint64 {
	submissions, err := m.w.keeper.submissionsOf(m.w.ctx, pool, round)
	m.w.must(err)
	var disputed []uint64
	for _, submission := range submissions {
		if submission.MayBeLeftOut() {
			disputed = append(disputed, submission.Id)
		}
	}
	return disputed
}

func (m *machine) openCases() []types.Case {
	cases, err := valuesOf(m.w.ctx, m.w.keeper.Cases, nil)
	m.w.must(err)
	return slices.DeleteFunc(cases, func(c types.Case) bool { return !c.Open() })
}

// move makes some move in a case. The state roots here are invented, so no trace binds to them: a
// defender shows the roots, and has nothing to say about operations.
func (m *machine) move(t *rapid.T, c types.Case) {
	w := m.w
	mover := rapid.SampledFrom([]string{
		c.ToMove(), c.ToMove(), c.Challenger, w.operatorOf(m.drawName(t)),
	}).Draw(t, "mover")
	try(m, w.msgs.Pinpoint, &types.MsgPinpoint{
		Operator: mover, CaseId: c.Id, Child: rapid.Uint32Range(0, localSteps).Draw(t, "child"),
	})
	if c.Kind == types.CASE_KIND_AGGREGATE { // the sums are invented, too: nobody has a tree
		try(m, w.msgs.PostTrace, &types.MsgPostTrace{
			Operator: mover, CaseId: c.Id, Children: bytesOf(states(0)),
		})
		try(m, w.msgs.ExecuteTile, &types.MsgExecuteTile{Executor: mover, CaseId: c.Id})
		return
	}
	submission := w.submission(c.SubmissionId)
	try(m, w.msgs.PostTrace, &types.MsgPostTrace{
		Operator: mover, CaseId: c.Id, Children: bytesOf(states(submission.Chunk)),
	})
	try(m, w.msgs.ExecuteTile, &types.MsgExecuteTile{Executor: mover, CaseId: c.Id})
}

// duties has everybody do what is asked of them for some blocks, most of the time. One of them may
// be away for all of it, and another may lie wherever it speaks.
func (m *machine) duties(t *rapid.T) {
	w := m.w
	somebody := rapid.SampledFrom(slices.Concat([]string{"", "", ""}, crowd))
	away, liar := somebody.Draw(t, "away"), somebody.Draw(t, "liar")
	for range rapid.IntRange(1, 12).Draw(t, "blocks") {
		for _, name := range crowd {
			if name == away || rapid.IntRange(0, 9).Draw(t, "absent") == 0 {
				continue
			}
			answer, err := w.ask.Duties(
				w.ctx, &types.QueryDutiesRequest{Operator: w.operatorOf(name)},
			)
			w.must(err)
			for _, duty := range answer.Duties {
				m.perform(t, duty, name, name == liar)
			}
			if name[0] == 'm' {
				m.claim(name, m.pools[0])
			}
			result := 1
			if name == liar {
				result = 2
			}
			for _, pool := range m.pools {
				try(m, w.msgs.Attest, w.attest(pool, w.pool(pool).Round, name, result))
			}
		}
		w.next()
	}
}

// perform does one duty, or says something else where it is a liar that is asked.
func (m *machine) perform(t *rapid.T, duty types.Duty, name string, lies bool) {
	w, operator := m.w, m.w.operatorOf(name)
	verdict := types.VERDICT_VALID
	if lies {
		verdict = types.VERDICT_INVALID
	}
	switch duty.Kind {
	case types.DUTY_KIND_COMMIT:
		w.commit(m.leases[duty.Id], name)
	case types.DUTY_KIND_REVEAL:
		do(w, w.msgs.Reveal, w.reveal(m.leases[duty.Id], name))
	case types.DUTY_KIND_OPEN_STEP:
		do(w, w.msgs.OpenStep, w.opening(duty.Id, name))
	case types.DUTY_KIND_COMMIT_VERDICT:
		msg := w.verdict(duty.Id, name, verdict)
		do(w, w.msgs.CommitVerdict, &types.MsgCommitVerdict{
			Operator: operator, SubmissionId: duty.Id, Commitment: w.verdictCommitment(msg, name)})
	case types.DUTY_KIND_REVEAL_VERDICT:
		// What was committed may have been another verdict.
		try(m, w.msgs.RevealVerdict, w.verdict(duty.Id, name, verdict))
	case types.DUTY_KIND_REVEAL_BEACON:
		try(m, w.msgs.RevealBeacon, w.beaconReveal(name, duty.Id))
	case types.DUTY_KIND_FIND_FAULT: // the work here is right
		if lies {
			m.findFault(t, duty.Id, name)
		}
	case types.DUTY_KIND_POST_TRACE, types.DUTY_KIND_PINPOINT:
		file, err := w.keeper.Cases.Get(w.ctx, duty.Id)
		w.must(err)
		m.move(t, file)
	}
}

func (m *machine) findFault(t *rapid.T, submission uint64, name string) {
	try(m, m.w.msgs.FindFault, &types.MsgFindFault{
		Operator: m.w.operatorOf(name), SubmissionId: submission,
		Part: types.WrongPart(rapid.IntRange(0, 4).Draw(t, "part")),
	})
}

func (m *machine) claim(name string, pool uint64) {
	w := m.w
	claimed, err := deliver(
		w, w.msgs.ClaimChunk, &types.MsgClaimChunk{Operator: w.operatorOf(name), PoolId: pool},
	)
	if err != nil {
		return
	}
	lease, err := w.keeper.Leases.Get(w.ctx, claimed.LeaseId)
	w.must(err)
	m.leases[lease.Id], m.who[lease.Id] = lease, name
}

func (m *machine) verdicts(t *rapid.T) {
	w := m.w
	lease, _ := m.someWork(t)
	if !m.has(lease.Id, types.SUBMISSION_STATUS_AUDITED) {
		return
	}
	verdict := rapid.SampledFrom([]types.Verdict{
		types.VERDICT_VALID, types.VERDICT_VALID, types.VERDICT_VALID, types.VERDICT_INVALID,
		types.VERDICT_CANNOT_CHECK,
	}).Draw(t, "verdict")
	for _, seat := range w.audit(lease.Id).Seats {
		name := w.nameOf(seat.Verifier, crowd...)
		msg := w.verdict(lease.Id, name, verdict)
		try(m, w.msgs.CommitVerdict, &types.MsgCommitVerdict{
			Operator:     w.operatorOf(name),
			SubmissionId: lease.Id,
			Commitment:   w.verdictCommitment(msg, name),
		})
		if rapid.Bool().Draw(t, "reveals") {
			for _, said := range []types.Verdict{types.VERDICT_VALID, types.VERDICT_INVALID, types.VERDICT_CANNOT_CHECK} {
				try(m, w.msgs.RevealVerdict, w.verdict(lease.Id, name, said))
			}
		}
	}
}

func (m *machine) beacon(t *rapid.T, commit bool) {
	current, err := m.w.keeper.currentEpoch(m.w.ctx)
	m.w.must(err)
	for _, name := range crowd {
		if rapid.IntRange(0, 3).Draw(t, "silent") == 0 {
			continue
		}
		if commit {
			try(m, m.w.msgs.CommitBeacon, m.w.beaconMsg(name, current.Number+1))
		} else {
			try(m, m.w.msgs.RevealBeacon, m.w.beaconReveal(name, current.Number))
		}
	}
}

// sequenceBlocks is how long a sequence is at least. The long run is
// `-sequence-blocks 200 -rapid.checks 10000 -rapid.seed 1`; rapid prints the seed of a failure.
var sequenceBlocks = flag.Int64("sequence-blocks", 1, "blocks of a random sequence, at least")

func TestInvariantsHoldWhateverIsSent(t *testing.T) {
	adopted, matured, fined, disputed := 0, 0, 0, 0
	blocks := int64(0)
	rapid.Check(t, func(rt *rapid.T) {
		m := newMachine(t)
		rt.Repeat(m.actions())
		for m.w.height < *sequenceBlocks {
			rt.Repeat(m.actions())
		}
		for range 40 { // whatever is under way comes to an end
			m.w.next()
		}
		m.requireNoStuckLease(rt)
		for range 400 {
			if len(m.openCases()) == 0 {
				break
			}
			m.w.next()
		}
		if open := m.openCases(); len(open) > 0 {
			rt.Fatalf("case %d never ends", open[0].Id)
		}
		cases, err := m.w.keeper.CaseID.Peek(m.w.ctx)
		m.w.must(err)
		disputed += int(cases)
		totals, err := m.w.keeper.totals(m.w.ctx)
		m.w.must(err)
		adapters, err := m.w.keeper.AdapterID.Peek(m.w.ctx)
		m.w.must(err)
		adopted += int(adapters)
		if totals.Funded > 0 {
			matured++
		}
		offences, err := valuesOf(m.w.ctx, m.w.keeper.Offences, nil)
		m.w.must(err)
		fined += len(offences)
		blocks += m.w.height
	})
	t.Logf("%d blocks: adopted %d versions, paid in %d runs, fined %d faults, disputed %d times",
		blocks, adopted, matured, fined, disputed)
	if adopted == 0 || matured == 0 || fined == 0 || disputed == 0 {
		t.Fatal("the runs were too tame to say anything")
	}
}

// Every lease ends: what is left are those of the last few blocks.
func (m *machine) requireNoStuckLease(t *rapid.T) {
	leases, err := valuesOf(m.w.ctx, m.w.keeper.Leases, nil)
	m.w.must(err)
	for _, lease := range leases {
		if lease.EndHeight < m.w.height {
			t.Fatalf(
				"lease %d ended at height %d and is still there at %d", lease.Id, lease.EndHeight,
				m.w.height,
			)
		}
	}
}

// The same messages give the same state: nothing depends on map order, time or chance.
func TestTheSameMessagesGiveTheSameState(t *testing.T) {
	export := func() string {
		w, pool, leases := audited(t, unchanged)
		for _, lease := range leases {
			w.judge(lease.Id, everybodyValid, verifiers...)
		}
		w.until("the sum is asked for", w.inPhase(pool, 1, types.ROUND_PHASE_AGGREGATION))
		state, err := w.keeper.ExportGenesis(w.ctx)
		w.must(err)
		return fmt.Sprint(state)
	}
	if export() != export() {
		t.Fatal("two runs of the same messages differ")
	}
}
