package types

// How a case ends is in the hands of its parties, and a miner whose work is right may lose one on purpose. So
// a lost case decides about who lost it. What others would lose by it, a version or a part of a verifier's
// bond, an inquiry decides: all verifiers train the work again, and say what is wrong with it.

// OpenInquiry asks about work whose miner lost a case, for as long as a party of that case had.
func OpenInquiry(c Case, verifierBond uint64, params DisputeParams, height int64) *Inquiry {
	return &Inquiry{
		CaseId: c.Id, WholeBond: verifierBond, EndHeight: height + int64(params.ClockBlocks),
	}
}

// Asked says that an inquiry about a submission is open.
func (s Submission) Asked() bool { return s.Inquiry != nil && s.Inquiry.CloseHeight == 0 }

// FoundWrong says that an inquiry has found a submission wrong.
func (s Submission) FoundWrong() bool { return s.Inquiry != nil && s.Inquiry.WorkWrong }

// CheckFinding refuses a finding about what nobody is asked about, or that says nothing.
func CheckFinding(s Submission, part WrongPart, height int64) error {
	if !s.Asked() || height > s.Inquiry.EndHeight {
		return ErrInquiryNotOpen.Wrapf("submission %d is %s", s.Id, s.Status)
	}
	if _, known := WrongPart_name[int32(part)]; !known || part == WRONG_PART_UNSPECIFIED {
		return ErrFindingInvalid.Wrapf("%s", part)
	}
	return nil
}

// HadToFind says that an audit had to find what is wrong: the drawn step, the update, or any step if all
// were run.
func (a Audit) HadToFind(part WrongPart) bool {
	return a.FullReplay || part != WRONG_PART_OTHER_STEP
}

// Count adds the bond behind a finding.
func (q Inquiry) Count(finding Finding, audit Audit) Inquiry {
	q.WrongBond += finding.Bond
	if audit.HadToFind(finding.Part) {
		q.MissedBond += finding.Bond
	}
	return q
}

// Weigh decides what enough bond says: at once with the quorum, as its window ends with more than half. The
// inquiry is closed then, or as soon as nothing is left to decide.
func (q Inquiry) Weigh(audit Audit, bondNow uint64, params RoundParams, height int64) Inquiry {
	whole, ended := max(q.WholeBond, bondNow), height >= q.EndHeight
	enough := func(bond uint64) bool {
		return HasQuorum(bond, whole, params) || ended && HasMajority(bond, whole)
	}
	q.WorkWrong = q.WorkWrong || enough(q.WrongBond)
	q.VerdictsWrong = q.VerdictsWrong || enough(q.MissedBond) && audit.PaidSeats() > 0
	if ended || q.WorkWrong && (q.VerdictsWrong || audit.PaidSeats() == 0) {
		q.CloseHeight = height
	}
	return q
}
