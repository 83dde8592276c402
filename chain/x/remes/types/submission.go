package types

import (
	"cmp"
	"slices"
)

// NewSubmission binds a miner to a commitment on its lease. It fails once the lease has ended.
func NewSubmission(lease Lease, commitment Hash, height int64) (Submission, error) {
	if height > lease.EndHeight {
		return Submission{}, ErrLeaseExpired.Wrapf(
			"lease %d ended at height %d", lease.Id, lease.EndHeight,
		)
	}
	return Submission{
		Id: lease.Id, PoolId: lease.PoolId, Round: lease.Round, Position: lease.Position,
		Chunk: lease.Chunk,
		Miner: lease.Miner, Bond: lease.Bond, Commitment: commitment[:],
		Status: SUBMISSION_STATUS_COMMITTED, WeightedWork: lease.WeightedWork,
	}, nil
}

// Place is where a submission belongs.
func (s Submission) Place(chain string) Place {
	return Place{Chain: chain, Pool: s.PoolId, Round: uint64(s.Round), Chunk: s.Chunk}
}

// Reveal opens a commitment while the round's window, or the late one behind it, is open.
func Reveal(
	s Submission, round Round, msg *MsgReveal, chain string, miner Address, height int64,
) (Submission, error) {
	if s.Status != SUBMISSION_STATUS_COMMITTED {
		return s, ErrRevealExists.Wrapf("submission %d is %s", s.Id, s.Status)
	}
	if round.Phase != ROUND_PHASE_REVEAL || height > round.LateRevealEndHeight {
		return s, ErrPhaseWrong.Wrapf(
			"round %d of pool %d is in %s", round.Number, round.PoolId, round.Phase,
		)
	}
	if err := CheckCID(msg.UpdateCid); err != nil {
		return s, err
	}
	roots, err := HashesFrom([][]byte{msg.StepsRoot, msg.UpdateRoot, msg.Salt})
	if err != nil {
		return s, err
	}
	secret := SubmissionSecret{
		StepsRoot: roots[0], UpdateRoot: roots[1], UpdateCID: msg.UpdateCid, LossSum: msg.LossSum,
		Salt: roots[2],
	}
	if SubmissionCommitment(s.Place(chain), miner, secret) != Hash(s.Commitment) {
		return s, ErrCommitmentMismatch.Wrapf("submission %d", s.Id)
	}
	s.Status = SUBMISSION_STATUS_REVEALED
	s.StepsRoot, s.UpdateRoot, s.UpdateCid = msg.StepsRoot, msg.UpdateRoot, msg.UpdateCid
	s.LossSum = msg.LossSum
	return s, nil
}

// Record is what stays of a submission in the root of its round (spec/encoding.md section 6).
func (s Submission) Record(miner Address) []byte {
	var e encoder
	e.u64(s.Id)
	e.u64(s.Chunk)
	e.address(miner)
	e.u8(uint8(s.Status))
	e.sized(s.StepsRoot)
	e.sized(s.UpdateRoot)
	e.sized(s.UpdateCid)
	e.i64(s.LossSum)
	return e.bytes
}

// SortByChunk puts submissions into the order of their chunks, as the root of their records wants
// it. A chunk has one submission in a round.
func SortByChunk(submissions []Submission) {
	slices.SortFunc(submissions, func(a, b Submission) int { return cmp.Compare(a.Chunk, b.Chunk) })
}

// Open says that a submission may still be paid or fined.
func (s Submission) Open() bool {
	return s.Status != SUBMISSION_STATUS_FAULTY && s.Status != SUBMISSION_STATUS_UNCOUNTED &&
		s.Status != SUBMISSION_STATUS_MATURE
}
