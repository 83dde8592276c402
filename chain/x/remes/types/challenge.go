package types

import "slices"

// Who may dispute what, what an audit disputes by itself, and whom a case may have fined.

// CheckChallenge refuses a challenge of what cannot be disputed any more, or not yet: what its audit
// disputes by itself is not accepted.
func CheckChallenge(s Submission, kind CaseKind, step uint32, height int64) error {
	open := s.Status == SUBMISSION_STATUS_ACCEPTED || s.Status == SUBMISSION_STATUS_DISPUTED
	if !open || s.AcceptedHeight == 0 || height > s.MatureHeight {
		return ErrChallengeWindowClosed.Wrapf("submission %d is %s", s.Id, s.Status)
	}
	if kind == CASE_KIND_UPDATE && step != 0 {
		return ErrChallengeStepInvalid.Wrapf("step %d of an update", step)
	}
	if step != 0 && (s.Opening == nil || step != s.Opening.Step) {
		return ErrChallengeStepInvalid.Wrapf("step %d of submission %d", step, s.Id)
	}
	return nil
}

// CheckNewChallenge refuses a second challenge of one account, and one too many in a queue.
func CheckNewChallenge(open []Case, challenger string, queued bool) error {
	for _, c := range open {
		waits := slices.ContainsFunc(c.Queue, func(q Challenge) bool {
			return q.Challenger == challenger
		})
		if waits || c.Challenger == challenger {
			return ErrChallengeExists.Wrapf("case %d", c.Id)
		}
	}
	if queued && len(open[0].Queue) >= QueueMax {
		return ErrChallengeQueueFull.Wrapf("case %d", open[0].Id)
	}
	return nil
}

// ChallengeBond is what a challenge locks. The first that waits locks the bond twice, the next three times
// and so on, in all open cases together: places to wait are few, and whoever takes them all keeps out
// everybody who could convict. What waits without a bond of its own does not count.
func ChallengeBond(open []Case, queued bool, bond uint64) uint64 {
	if !queued {
		return bond
	}
	waiting := uint64(1)
	for _, c := range open {
		for _, challenge := range c.Queue {
			if challenge.Bond > 0 {
				waiting++
			}
		}
	}
	return bond * (1 + waiting)
}

// FoundBy is what a move found: the step, operation, tensor or tile that a stage ends with.
func FoundBy(before, after Case) uint64 {
	if before.Claim.Stage == after.Claim.Stage {
		return 0
	}
	switch before.Claim.Stage {
	case CASE_STAGE_STEPS:
		return uint64(after.Step)
	case CASE_STAGE_OPERATIONS, CASE_STAGE_TENSORS:
		return uint64(after.Operation)
	}
	return after.Claim.Index
}

// Accuses says that a verdict opens a case against the miner.
func (v Verdict) Accuses() bool { return v == VERDICT_INVALID || v == VERDICT_UPDATE_INVALID }

// DisputeOf is the case that the verdicts of an audit ask for, and the step that it begins at: the
// first verdict of invalid against the miner, else the first two digests that differ against each
// other.
func DisputeOf(s Submission, audit Audit) (Case, uint32) {
	c := Case{Kind: CASE_KIND_STEP, Defender: s.Miner, Draw: audit.Draw}
	var first *Seat
	for i, seat := range audit.Seats {
		switch {
		case seat.Wrong:
		case seat.Verdict == VERDICT_UPDATE_INVALID:
			c.Kind, c.Defender, c.Challenger = CASE_KIND_UPDATE, s.Miner, seat.Verifier
			return c, 0
		case seat.Verdict == VERDICT_INVALID:
			c.Kind, c.Defender, c.Challenger = CASE_KIND_STEP, s.Miner, seat.Verifier
			if audit.FullReplay {
				return c, 0
			}
			return c, audit.Step
		case seat.Verdict == VERDICT_VALID && first == nil:
			first = &audit.Seats[i]
		case seat.Verdict == VERDICT_VALID && c.Challenger == "" &&
			string(seat.Digest) != string(first.Digest):
			c.Kind, c.Defender, c.Challenger = CASE_KIND_DIGEST, first.Verifier, seat.Verifier
		}
	}
	return c, audit.Step
}

// MarkWrong takes the word of a verifier's seat.
func MarkWrong(audit Audit, verifier string) Audit {
	audit.Seats = slices.Clone(audit.Seats)
	for i := range audit.Seats {
		if audit.Seats[i].Verifier == verifier {
			audit.Seats[i].Wrong = true
		}
	}
	return audit
}

// paid says that a seat earns its part: it found the work valid, and nobody proved it wrong.
func (s Seat) paid() bool { return s.Verdict == VERDICT_VALID && !s.Wrong }

// PaidVerifiers are the verifiers of an audit that are paid, in the order drawn.
func (a Audit) PaidVerifiers() []string {
	var verifiers []string
	for _, seat := range a.Seats {
		if seat.paid() {
			verifiers = append(verifiers, seat.Verifier)
		}
	}
	return verifiers
}

// PaidSeats counts them.
func (a Audit) PaidSeats() int { return len(a.PaidVerifiers()) }

// Suspect is somebody whom a case may have fined.
type Suspect struct {
	Owner   string
	Fault   Fault
	Subject uint64
}

// SuspectsOf are those whom a case may have fined: its parties, and the verifiers of the audits of
// its submission as long as they are kept.
func SuspectsOf(c Case, audits []Audit) []Suspect {
	if c.Kind == CASE_KIND_AGGREGATE {
		suspects := []Suspect{
			{c.Challenger, FAULT_WRONG_SUM, c.Id}, {c.Challenger, FAULT_FALSE_CHALLENGE, c.Id},
		}
		for _, attester := range c.Attesters {
			suspects = append(suspects, Suspect{attester, FAULT_WRONG_SUM, c.Id})
		}
		return suspects
	}
	suspects := []Suspect{
		{c.Defender, FAULT_WRONG_STEP, c.SubmissionId},
		{c.Challenger, FAULT_FALSE_CHALLENGE, c.Id},
		{c.Defender, FAULT_WRONG_VERDICT, c.SubmissionId},
		{c.Challenger, FAULT_WRONG_VERDICT, c.SubmissionId},
	}
	for _, audit := range audits {
		for _, seat := range audit.Seats {
			suspect := Suspect{seat.Verifier, FAULT_WRONG_VERDICT, c.SubmissionId}
			if !slices.Contains(suspects, suspect) {
				suspects = append(suspects, suspect)
			}
		}
	}
	return suspects
}
