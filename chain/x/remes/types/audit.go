package types

import (
	"bytes"
	"slices"
)

// NewAudit is one draw for a submission.
func NewAudit(
	s Submission, seed Hash, epoch uint64, steps uint32, verifiers []string, params RoundParams,
	height int64,
) Audit {
	audit := Audit{
		SubmissionId: s.Id,
		Draw:         s.Draws,
		Epoch:        epoch,
		Seed:         seed[:],
		Step:         AuditStep(seed, steps),
		FullReplay:   AuditReplays(seed, params.FullReplayPpm),
		Phase:        AUDIT_PHASE_OPENING,
		EndHeight:    height + int64(params.OpeningBlocks),
	}
	for _, verifier := range verifiers {
		audit.Seats = append(audit.Seats, Seat{Verifier: verifier})
	}
	return audit
}

// OpenStep checks what the miner shows of its drawn step and lets the verifiers begin.
func OpenStep(
	audit Audit, s Submission, opening Opening, proof []Hash, steps uint32, params RoundParams,
	height int64,
) (Audit, error) {
	if audit.Phase != AUDIT_PHASE_OPENING {
		return audit, ErrOpeningExists.Wrapf("submission %d", s.Id)
	}
	if height > audit.EndHeight {
		return audit, ErrPhaseWrong.Wrapf("the openings ended at height %d", audit.EndHeight)
	}
	if opening.Step != audit.Step {
		return audit, ErrOpeningInvalid.Wrapf("step %d, drawn was %d", opening.Step, audit.Step)
	}
	if CheckCID(opening.StateBeforeCid) != nil || CheckCID(opening.StateFinalCid) != nil {
		return audit, ErrOpeningInvalid.Wrap("an address of a state is no CID")
	}
	if err := verifyOpening(s, opening, steps, proof); err != nil {
		return audit, err
	}
	audit.Phase, audit.EndHeight = AUDIT_PHASE_COMMIT, height+int64(params.VerdictCommitBlocks)
	return audit, nil
}

// verifyOpening proves the roots before, after and last in the steps root. Item t - 1 of the list
// is the root after step t. The root before step 1 is not sent: it follows from the adapter.
func verifyOpening(s Submission, opening Opening, steps uint32, proof []Hash) error {
	step := opening.Step
	if step == 1 && len(opening.RootBefore) > 0 {
		return ErrOpeningInvalid.Wrap(
			"the root before step 1 follows from the adapter and is not sent",
		)
	}
	var indices []uint64
	var roots [][]byte
	if step > 1 {
		indices, roots = append(indices, uint64(step-2)), append(roots, opening.RootBefore)
	}
	indices, roots = append(indices, uint64(step-1)), append(roots, opening.RootAfter)
	if step < steps {
		indices, roots = append(indices, uint64(steps-1)), append(roots, opening.RootFinal)
	} else if !bytes.Equal(opening.RootAfter, opening.RootFinal) {
		return ErrOpeningInvalid.Wrap("the last step has two roots")
	}
	slots, err := HashesFrom(roots)
	if err != nil {
		return err
	}
	if err := verifyItems(
		tagSteps, uint64(steps), Hash(s.StepsRoot), indices, slots, proof,
	); err != nil {
		return ErrOpeningInvalid.Wrap(err.Error())
	}
	return nil
}

// seatOf is the place of a verifier among those drawn.
func (a Audit) seatOf(verifier string) (int, error) {
	for i, seat := range a.Seats {
		if seat.Verifier == verifier {
			return i, nil
		}
	}
	return 0, ErrAuditNotDrawn.Wrapf("%s was not drawn for submission %d", verifier, a.SubmissionId)
}

// CommitVerdict binds a verifier. When all are bound the reveals begin at once.
func CommitVerdict(
	audit Audit, verifier string, commitment Hash, params RoundParams, height int64,
) (Audit, error) {
	seat, err := audit.seatOf(verifier)
	if err != nil {
		return audit, err
	}
	if audit.Phase != AUDIT_PHASE_COMMIT || height > audit.EndHeight {
		return audit, ErrPhaseWrong.Wrapf(
			"the audit of submission %d is in %s", audit.SubmissionId, audit.Phase,
		)
	}
	if len(audit.Seats[seat].Commitment) > 0 {
		return audit, ErrVerdictExists.Wrapf(
			"submission %d, draw %d", audit.SubmissionId, audit.Draw,
		)
	}
	audit.Seats = append([]Seat(nil), audit.Seats...)
	audit.Seats[seat].Commitment = commitment[:]
	if audit.all(func(s Seat) bool { return len(s.Commitment) > 0 }) {
		audit = StartVerdictReveals(audit, params, height)
	}
	return audit, nil
}

// StartVerdictReveals ends the commitments of an audit.
func StartVerdictReveals(audit Audit, params RoundParams, height int64) Audit {
	audit.Phase, audit.EndHeight = AUDIT_PHASE_REVEAL, height+int64(params.VerdictRevealBlocks)
	return audit
}

// RevealVerdict opens a verdict. When all that were committed are open the audit ends at once.
func RevealVerdict(
	audit Audit, s Submission, verifier string, address Address, msg *MsgRevealVerdict,
	chain string, height int64,
) (Audit, error) {
	place, err := audit.seatOf(verifier)
	if err != nil {
		return audit, err
	}
	seat := audit.Seats[place]
	switch {
	case audit.Phase != AUDIT_PHASE_REVEAL || height > audit.EndHeight:
		return audit, ErrPhaseWrong.Wrapf(
			"the audit of submission %d is in %s", audit.SubmissionId, audit.Phase,
		)
	case len(seat.Commitment) == 0:
		return audit, ErrVerdictNotCommitted.Wrapf(
			"submission %d, draw %d", audit.SubmissionId, audit.Draw,
		)
	case seat.Verdict != VERDICT_UNSPECIFIED:
		return audit, ErrVerdictExists.Wrapf(
			"submission %d, draw %d", audit.SubmissionId, audit.Draw,
		)
	}
	secret, err := verdictSecret(msg)
	if err != nil {
		return audit, err
	}
	commitment, err := VerdictCommitment(s.Place(chain), audit.Draw, address, secret)
	if err != nil {
		return audit, err
	}
	if commitment != Hash(seat.Commitment) {
		return audit, ErrVerdictMismatch.Wrapf(
			"submission %d, draw %d", audit.SubmissionId, audit.Draw,
		)
	}
	// A verdict that contradicts its own root says nothing: it is refused, and the verifier counts
	// as silent. Where all steps are run another than the drawn one may be the wrong one.
	agrees := bytes.Equal(msg.Root, s.Opening.RootAfter)
	if msg.Verdict == VERDICT_VALID && !agrees {
		return audit, ErrVerdictInvalid.Wrap("valid, with another root than the miner's")
	}
	if msg.Verdict == VERDICT_UPDATE_INVALID && !agrees {
		return audit, ErrVerdictInvalid.Wrap("the update invalid, with another root than the miner's")
	}
	if msg.Verdict == VERDICT_INVALID && agrees && !audit.FullReplay {
		return audit, ErrVerdictInvalid.Wrap("invalid, with the root of the miner")
	}
	audit.Seats = append([]Seat(nil), audit.Seats...)
	audit.Seats[place].Verdict = msg.Verdict
	audit.Seats[place].Root, audit.Seats[place].Digest = msg.Root, msg.Digest
	if audit.all(func(s Seat) bool {
		return len(s.Commitment) == 0 || s.Verdict != VERDICT_UNSPECIFIED
	}) {
		audit.EndHeight = height
	}
	return audit, nil
}

func verdictSecret(msg *MsgRevealVerdict) (VerdictSecret, error) {
	secret := VerdictSecret{Verdict: msg.Verdict}
	salt, err := HashFrom(msg.Salt)
	if err != nil {
		return secret, err
	}
	secret.Salt = salt
	if len(msg.Root) > 0 {
		root, err := HashFrom(msg.Root)
		if err != nil {
			return secret, err
		}
		secret.Root = &root
	}
	if len(msg.Digest) > 0 {
		digest, err := HashFrom(msg.Digest)
		if err != nil {
			return secret, err
		}
		secret.Digest = &digest
	}
	return secret, nil
}

func (a Audit) all(holds func(Seat) bool) bool {
	for _, seat := range a.Seats {
		if !holds(seat) {
			return false
		}
	}
	return true
}

// AuditOutcome is what an audit says about a submission.
type AuditOutcome int

// The outcomes of an audit.
const (
	// AuditAccepts: everybody found it valid, and their digests are one.
	AuditAccepts AuditOutcome = iota
	// AuditDisputes: somebody found it invalid, or digests differ, so somebody did not run the
	// step.
	AuditDisputes
	// AuditRepeats: somebody could not check or stayed silent.
	AuditRepeats
)

// SettleAudit weighs the verdicts. "Cannot check" and silence are never held against the miner.
func SettleAudit(audit Audit) AuditOutcome {
	var digest []byte
	complete := len(audit.Seats) > 0
	valid := 0
	for _, seat := range audit.Seats {
		switch {
		case seat.Wrong && seat.Verdict.Accuses(): // the miner was acquitted of it
		case seat.Wrong: // its digest was: nobody is known to have run the step
			complete = false
		case seat.Verdict.Accuses():
			return AuditDisputes
		case seat.Verdict == VERDICT_VALID:
			valid++
			if digest != nil && !bytes.Equal(digest, seat.Digest) {
				return AuditDisputes
			}
			digest = seat.Digest
		default:
			complete = false
		}
	}
	if complete && valid > 0 {
		return AuditAccepts
	}
	return AuditRepeats
}

// Unchecked says that a verifier could not check.
func (a Audit) Unchecked() bool {
	return slices.ContainsFunc(a.Seats, func(s Seat) bool { return s.Verdict == VERDICT_CANNOT_CHECK })
}

// VerdictDuty is what an audit asks of one of its verifiers now.
func VerdictDuty(audit Audit, verifier string) DutyKind {
	place, err := audit.seatOf(verifier)
	if err != nil {
		return DUTY_KIND_UNSPECIFIED
	}
	seat := audit.Seats[place]
	switch {
	case audit.Phase == AUDIT_PHASE_COMMIT && len(seat.Commitment) == 0:
		return DUTY_KIND_COMMIT_VERDICT
	case audit.Phase == AUDIT_PHASE_REVEAL && len(seat.Commitment) > 0 &&
		seat.Verdict == VERDICT_UNSPECIFIED:
		return DUTY_KIND_REVEAL_VERDICT
	}
	return DUTY_KIND_UNSPECIFIED
}
