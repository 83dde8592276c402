package types

import "math/bits"

// StartAggregation opens the attestations of a round.
func StartAggregation(round Round, verifierBond uint64, params RoundParams, height int64) Round {
	round.Phase = ROUND_PHASE_AGGREGATION
	round.VerifierBond = verifierBond
	round.AttestEndHeight = height + int64(params.AttestBlocks)
	return round
}

// attestWindows is how often verifiers are asked for the sum of a round before it carries over.
const attestWindows = 2

// NextAttestWindow opens another window, or says that there is none.
func NextAttestWindow(round Round, params RoundParams, height int64) (Round, bool) {
	round.AttestWindows++
	if round.AttestWindows >= attestWindows {
		return round, false
	}
	round.AttestEndHeight = height + int64(params.AttestBlocks)
	return round, true
}

// CheckAttestation refuses an attestation outside its window or without a proper result.
func CheckAttestation(round Round, msg *MsgAttest, height int64) error {
	if round.Phase != ROUND_PHASE_AGGREGATION || height > round.AttestEndHeight {
		return ErrAggregationNotOpen.Wrapf(
			"round %d of pool %d is in %s", round.Number, round.PoolId, round.Phase,
		)
	}
	if len(msg.Root) != HashSize || len(msg.MomentumRoot) != HashSize || CheckCID(msg.Cid) != nil {
		return ErrAttestationInvalid.Wrap("a root is no hash or cid is no CID")
	}
	for i, id := range msg.LeftOut {
		if i > 0 && id <= msg.LeftOut[i-1] {
			return ErrAttestationInvalid.Wrapf("submission %d is left out of order", id)
		}
	}
	return nil
}

// MayBeLeftOut says that the sum of a round may be made without a submission of its list: a case is
// open about it, or has ended it. So whoever keeps right work out of a sum loses the bond of a case.
func (s Submission) MayBeLeftOut() bool {
	switch s.Status {
	case SUBMISSION_STATUS_DISPUTED, SUBMISSION_STATUS_FAULTY, SUBMISSION_STATUS_UNCOUNTED:
		return s.Summed
	}
	return false
}

// Replaces says that a verifier's attestation takes the place of its earlier one: it leaves out more.
// There are as many in turn as there is work to leave out, and what they replace counts for nothing.
func Replaces(msg *MsgAttest, earlier Attestation) bool {
	return len(msg.LeftOut) > len(earlier.LeftOut)
}

// ResultOf tells the results of a round apart.
func ResultOf(a Attestation) Hash {
	var e encoder
	e.sized(a.Root)
	e.sized(a.MomentumRoot)
	e.sized(a.Cid)
	e.i64(a.HeldOutLoss)
	for _, id := range a.LeftOut {
		e.u64(id)
	}
	return LeafHash(e.bytes)
}

// WholeBond is what a quorum refers to: the bond at the start of the aggregation or now, whichever is
// more, so that neither leaving nor joining during the window makes it easier.
func WholeBond(round Round, bondNow uint64) uint64 { return max(round.VerifierBond, bondNow) }

// HasQuorum says that enough bond stands behind a word of verifiers for it to hold at once.
func HasQuorum(bond, whole uint64, params RoundParams) bool {
	high, low := bits.Mul64(bond, Million)
	needHigh, needLow := bits.Mul64(whole, uint64(params.AttestQuorumPpm))
	return bond > 0 && (high > needHigh || high == needHigh && low >= needLow)
}

// HasMajority says that enough bond stands behind a word of verifiers once the last window for it has
// passed: more than half, which no two words have. Whoever keeps silent stops it only with as much.
func HasMajority(bond, whole uint64) bool { return bond > whole/2 }

// CountSum counts the submissions that a version is the sum of. One of them that was found wrong in the
// meantime recalls it, as does a recalled parent. It matures no earlier than its sum.
func CountSum(adapter AdapterVersion, submissions []Submission, parentRecalled bool) AdapterVersion {
	wrong := parentRecalled
	for _, submission := range submissions {
		if !submission.Summed {
			continue
		}
		adapter.Submissions++
		if submission.Open() || submission.Asked() {
			adapter.OpenSubmissions++
		}
		wrong = wrong || submission.FoundWrong()
	}
	if wrong {
		adapter.Status = ADAPTER_STATUS_RECALLED
	}
	return adapter
}
