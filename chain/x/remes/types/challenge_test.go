package types

import (
	"errors"
	"testing"
)

// A case is opened for the gravest thing that somebody said, whoever spoke first: a verdict against the
// miner goes before digests that differ.
func TestTheCaseThatVerdictsAskFor(t *testing.T) {
	valid := func(verifier, digest string) Seat {
		return Seat{Verifier: verifier, Verdict: VERDICT_VALID, Digest: []byte(digest)}
	}
	says := func(verifier string, verdict Verdict) Seat { return Seat{Verifier: verifier, Verdict: verdict} }
	wrong := func(s Seat) Seat { s.Wrong = true; return s }
	const step = 3
	for name, c := range map[string]struct {
		seats                []Seat
		replay               bool
		kind                 CaseKind
		defender, challenger string
		step                 uint32
	}{
		"one says that the step is wrong": {
			[]Seat{valid("a", "1"), says("b", VERDICT_INVALID)}, false, CASE_KIND_STEP, "m", "b", step},
		"whoever ran all steps disputes all of them": {
			[]Seat{valid("a", "1"), says("b", VERDICT_INVALID)}, true, CASE_KIND_STEP, "m", "b", 0},
		"one says that the update is wrong": {
			[]Seat{valid("a", "1"), says("b", VERDICT_UPDATE_INVALID)}, false, CASE_KIND_UPDATE, "m", "b", 0},
		"the first that accuses": {
			[]Seat{says("a", VERDICT_CANNOT_CHECK), says("b", VERDICT_INVALID), says("c", VERDICT_UPDATE_INVALID)},
			false, CASE_KIND_STEP, "m", "b", step},
		"digests differ": {
			[]Seat{valid("a", "1"), valid("b", "2"), valid("c", "3")}, false, CASE_KIND_DIGEST, "a", "b", step},
		"digests differ, and a step is wrong": {
			[]Seat{valid("a", "1"), valid("b", "2"), says("c", VERDICT_INVALID)}, false, CASE_KIND_STEP, "m", "c", step},
		"digests differ, and the update is wrong": {
			[]Seat{valid("a", "1"), valid("b", "2"), says("c", VERDICT_UPDATE_INVALID)},
			false, CASE_KIND_UPDATE, "m", "c", 0},
		"a word that was proven wrong says nothing": {
			[]Seat{wrong(says("a", VERDICT_INVALID)), wrong(valid("b", "1")), valid("c", "2"), valid("d", "3")},
			false, CASE_KIND_DIGEST, "c", "d", step},
	} {
		t.Run(name, func(t *testing.T) {
			audit := Audit{Draw: 2, Step: step, FullReplay: c.replay, Seats: c.seats}
			got, at := DisputeOf(Submission{Miner: "m"}, audit)
			if got.Kind != c.kind || got.Defender != c.defender || got.Challenger != c.challenger ||
				got.Draw != audit.Draw || at != c.step {
				t.Errorf("%s against %s by %s at step %d", got.Kind, got.Defender, got.Challenger, at)
			}
		})
	}
}

func TestWhatAnAuditAsksOfAVerifier(t *testing.T) {
	bound := Seat{Verifier: "v", Commitment: []byte{1}}
	spoken := bound
	spoken.Verdict = VERDICT_VALID
	for name, c := range map[string]struct {
		phase AuditPhase
		seat  Seat
		want  DutyKind
	}{
		"while the step is not open":         {AUDIT_PHASE_OPENING, Seat{Verifier: "v"}, DUTY_KIND_UNSPECIFIED},
		"a commitment":                       {AUDIT_PHASE_COMMIT, Seat{Verifier: "v"}, DUTY_KIND_COMMIT_VERDICT},
		"bound, while others commit":         {AUDIT_PHASE_COMMIT, bound, DUTY_KIND_UNSPECIFIED},
		"its verdict":                        {AUDIT_PHASE_REVEAL, bound, DUTY_KIND_REVEAL_VERDICT},
		"nothing that it was not bound to":   {AUDIT_PHASE_REVEAL, Seat{Verifier: "v"}, DUTY_KIND_UNSPECIFIED},
		"nothing twice":                      {AUDIT_PHASE_REVEAL, spoken, DUTY_KIND_UNSPECIFIED},
		"nothing once it is over":            {AUDIT_PHASE_SETTLED, bound, DUTY_KIND_UNSPECIFIED},
		"nothing of whoever was not drawn":   {AUDIT_PHASE_COMMIT, Seat{Verifier: "w"}, DUTY_KIND_UNSPECIFIED},
		"nothing to open of others' silence": {AUDIT_PHASE_REVEAL, Seat{Verifier: "w"}, DUTY_KIND_UNSPECIFIED},
	} {
		t.Run(name, func(t *testing.T) {
			audit := Audit{Phase: c.phase, Seats: []Seat{c.seat}}
			if got := VerdictDuty(audit, "v"); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// What is due is handled in the end of a block, and may be late: a window ends with its last height all
// the same.
func TestAWindowIsOpenUpToItsLastHeight(t *testing.T) {
	const end = 20
	accepted := Submission{Status: SUBMISSION_STATUS_ACCEPTED, AcceptedHeight: 1, MatureHeight: end}
	for name, c := range map[string]struct {
		at   func(height int64) error
		late error
	}{
		"an opening": {func(height int64) error {
			_, err := OpenStep(Audit{Phase: AUDIT_PHASE_OPENING, EndHeight: end, Step: 1}, Submission{},
				Opening{Step: 2}, nil, 4, RoundParams{}, height)
			return err
		}, ErrPhaseWrong},
		"a commitment to a verdict": {func(height int64) error {
			_, err := CommitVerdict(Audit{Phase: AUDIT_PHASE_COMMIT, EndHeight: end, Seats: []Seat{{Verifier: "v"}}},
				"v", Hash{}, RoundParams{}, height)
			return err
		}, ErrPhaseWrong},
		"a verdict": {func(height int64) error {
			_, err := RevealVerdict(Audit{Phase: AUDIT_PHASE_REVEAL, EndHeight: end, Seats: []Seat{{Verifier: "v"}}},
				Submission{}, "v", Address{}, &MsgRevealVerdict{}, "", height)
			return err
		}, ErrPhaseWrong},
		"a lease": {func(height int64) error {
			_, err := NewSubmission(Lease{EndHeight: end}, Hash{}, height)
			return err
		}, ErrLeaseExpired},
		"a reveal": {func(height int64) error {
			_, err := Reveal(Submission{Status: SUBMISSION_STATUS_COMMITTED},
				Round{Phase: ROUND_PHASE_REVEAL, LateRevealEndHeight: end}, &MsgReveal{}, "", Address{}, height)
			return err
		}, ErrPhaseWrong},
		"an attestation": {func(height int64) error {
			return CheckAttestation(Round{Phase: ROUND_PHASE_AGGREGATION, AttestEndHeight: end}, &MsgAttest{}, height)
		}, ErrAggregationNotOpen},
		"a challenge": {func(height int64) error {
			return CheckChallenge(accepted, CASE_KIND_STEP, 0, height)
		}, ErrChallengeWindowClosed},
		"a challenge of a sum": {func(height int64) error {
			return CheckSumChallenge(Round{SumEndHeight: end}, &MsgChallenge{}, height)
		}, ErrChallengeWindowClosed},
		"a move": {func(height int64) error {
			return Case{DefenderClock: Clock{BlocksLeft: 15, StartedHeight: 5}}.CheckMove(height)
		}, ErrCaseClockOut},
	} {
		t.Run(name, func(t *testing.T) {
			if err := c.at(end); errors.Is(err, c.late) {
				t.Errorf("at its last height it is late: %v", err)
			}
			if err := c.at(end + 1); !errors.Is(err, c.late) {
				t.Errorf("one block later: %v", err)
			}
		})
	}
}

// An empty slot behind the last tensor changes no tree, and nothing writes it.
func TestATraceEndsInTheTensorsOfTheState(t *testing.T) {
	states := []Hash{{1}, {2}, {3}}
	outputs := make([]Hash, len(states))
	for i := range states {
		outputs[i] = OperationRoot(states[i : i+1])
	}
	s := Submission{PoolId: 1, Round: 2, Chunk: 3}
	const step = 4
	after := StateRoot(s.PoolId, uint64(s.Round), s.Chunk, step, TreeRoot(states))
	d := Dispute{
		Submission: s, Case: Case{Step: step, StateAfter: after[:]},
		Program: StepProgram{Operations: 3, StateWriters: []uint32{0, 1, 2}},
	}
	bind := func(tensors []Hash) error {
		binding := TraceBinding{}
		for i := range tensors {
			binding.StateTensorRoots = append(binding.StateTensorRoots, tensors[i][:])
		}
		for _, sibling := range ProveSlots(outputs, []uint64{0, 1, 2}) {
			binding.Proof.Hashes = append(binding.Proof.Hashes, sibling[:])
		}
		return d.bindTrace(listRoot(tagTrace, 3, TreeRoot(outputs)), binding)
	}
	if err := bind(states); err != nil {
		t.Fatal(err)
	}
	if err := bind(append(states, emptyTrees[0])); !errors.Is(err, ErrTraceStateMismatch) {
		t.Fatalf("one more tensor: %v", err)
	}
}

func TestACaseAboutAStepBeginsWithWhatWasOpened(t *testing.T) {
	s := Submission{Status: SUBMISSION_STATUS_ACCEPTED, AcceptedHeight: 1, MatureHeight: 9, Opening: &Opening{
		Step: 3, RootBefore: []byte("before"), RootAfter: []byte("after"),
	}}
	if err := CheckChallenge(s, CASE_KIND_STEP, 2, 5); !errors.Is(err, ErrChallengeStepInvalid) {
		t.Fatalf("a step that was not opened: %v", err)
	}
	if err := CheckChallenge(s, CASE_KIND_STEP, 3, 5); err != nil {
		t.Fatal(err)
	}
	c, err := OpenCase(Case{Kind: CASE_KIND_STEP}, s, 3, DisputeParams{ClockBlocks: 7}, 5)
	if err != nil {
		t.Fatal(err)
	}
	if c.Step != 3 || string(c.StateBefore) != "before" || string(c.StateAfter) != "after" ||
		c.Claim.Stage != CASE_STAGE_OPERATIONS || c.OpenHeight != 5 {
		t.Fatalf("the case is %v", c)
	}
}

func TestACaseAsksNobodyButWhoeverIsToMove(t *testing.T) {
	c := Case{Defender: "d", Challenger: "c", Claim: Claim{Stage: CASE_STAGE_STEPS}}
	posted, found, over := c, c, c
	posted.Claim.Children = [][]byte{{1}, {2}}
	found.Claim.Stage = CASE_STAGE_EXECUTION
	over.Outcome = CASE_OUTCOME_MOOT
	for name, now := range map[string]struct {
		of                   Case
		defender, challenger DutyKind
	}{
		"nodes are to be posted":     {c, DUTY_KIND_POST_TRACE, DUTY_KIND_UNSPECIFIED},
		"one of them is to be named": {posted, DUTY_KIND_UNSPECIFIED, DUTY_KIND_PINPOINT},
		"a tile is to be executed":   {found, DUTY_KIND_UNSPECIFIED, DUTY_KIND_EXECUTE_TILE},
		"it is over":                 {over, DUTY_KIND_UNSPECIFIED, DUTY_KIND_UNSPECIFIED},
	} {
		if got := now.of.Duty("d"); got != now.defender {
			t.Errorf("%s: of the defender %s", name, got)
		}
		if got := now.of.Duty("c"); got != now.challenger {
			t.Errorf("%s: of the challenger %s", name, got)
		}
	}
}
