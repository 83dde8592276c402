package keeper

import (
	"context"
	"slices"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"r3mes.dev/chain/x/remes/types"
)

// startAggregation asks the verifiers for the sum of a round, if enough submissions count.
func (k Keeper) startAggregation(ctx context.Context, poolID uint64) error {
	pool, round, params, err := k.currentRound(ctx, poolID)
	if err != nil {
		return err
	}
	summed, err := k.submissionsToSum(ctx, round)
	if err != nil {
		return err
	}
	if len(summed) < int(pool.SubmissionsMin) {
		round.Phase = types.ROUND_PHASE_CARRIED_OVER
		return k.finishRound(ctx, pool, round)
	}
	if err := k.fixSum(ctx, summed); err != nil {
		return err
	}
	bond, err := k.verifierBond(ctx)
	if err != nil {
		return err
	}
	round = types.StartAggregation(round, bond, params.Round, height(ctx))
	updates := types.RootOfSum(summed)
	round.UpdatesRoot, round.Accepted = updates[:], uint32(len(summed))
	if err := k.schedule(
		ctx, round.AttestEndHeight, types.DUE_KIND_ATTEST_END, poolID,
	); err != nil {
		return err
	}
	return k.setPhase(ctx, round, round.AttestEndHeight)
}

// submissionsToSum are those of a round that its audits have accepted, be they challenged or mature
// by now. Otherwise whoever pays a case bond could keep accepted work out of the sum.
func (k Keeper) submissionsToSum(
	ctx context.Context, round types.Round,
) ([]types.Submission, error) {
	submissions, err := k.submissionsOf(ctx, round.PoolId, round.Number)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(submissions, func(s types.Submission) bool {
		return s.AcceptedHeight == 0 || s.Status == types.SUBMISSION_STATUS_FAULTY ||
			s.Status == types.SUBMISSION_STATUS_UNCOUNTED
	}), nil
}

// fixSum marks the submissions that the sum of a round is of. What happens to one of them later
// changes the fate of the result; only a quorum makes a sum without it.
func (k Keeper) fixSum(ctx context.Context, submissions []types.Submission) error {
	for _, submission := range submissions {
		submission.Summed = true
		if err := k.Submissions.Set(ctx, submission.Id, submission); err != nil {
			return err
		}
	}
	return nil
}

// Attest vouches for the sum of a round. With the quorum the round ends with this block.
func (s msgServer) Attest(
	ctx context.Context, msg *types.MsgAttest,
) (*types.MsgAttestResponse, error) {
	verifier, bond, err := s.activeVerifier(ctx, msg.Operator)
	if err != nil {
		return nil, err
	}
	round, params, err := s.roundOf(ctx, msg.PoolId, msg.Round)
	if err != nil {
		return nil, err
	}
	key := collections.Join3(msg.PoolId, msg.Round, verifier)
	earlier, exists, err := lookup(ctx, s.Attestations, key)
	if err != nil {
		return nil, err
	}

	if err := types.CheckAttestation(round, msg, height(ctx)); err != nil {
		return nil, err
	}
	if exists && !types.Replaces(msg, earlier) {
		return nil, types.ErrAttestationExists.Wrapf("round %d of pool %d", msg.Round, msg.PoolId)
	}
	if err := s.checkLeftOut(ctx, round, msg.LeftOut); err != nil {
		return nil, err
	}
	if exists {
		if err := s.takeFromTally(ctx, earlier); err != nil {
			return nil, err
		}
	}
	attestation := types.Attestation{
		PoolId: msg.PoolId, Round: msg.Round, Verifier: bond.Owner, Root: msg.Root, Cid: msg.Cid,
		HeldOutLoss: msg.HeldOutLoss, MomentumRoot: msg.MomentumRoot, Bond: bond.Amount,
		LeftOut: msg.LeftOut,
	}

	tally, err := s.keepAttestation(ctx, verifier, attestation)
	if err != nil {
		return nil, err
	}
	if err := emit(ctx, &types.EventAttested{
		PoolId:       msg.PoolId,
		Round:        msg.Round,
		Verifier:     bond.Owner,
		Root:         msg.Root,
		HeldOutLoss:  msg.HeldOutLoss,
		Bond:         bond.Amount,
		MomentumRoot: msg.MomentumRoot,
		LeftOut:      msg.LeftOut,
	}); err != nil {
		return nil, err
	}
	return &types.MsgAttestResponse{}, s.endEarly(ctx, round, tally, params)
}

// endEarly ends a round with this block if a result has the quorum.
func (k Keeper) endEarly(
	ctx context.Context, round types.Round, tally types.AttestationTally, params types.Params,
) error {
	bondNow, err := k.verifierBond(ctx)
	if err != nil || !types.HasQuorum(tally.Bond, types.WholeBond(round, bondNow), params.Round) {
		return err
	}
	round.AttestEndHeight = height(ctx)
	if err := k.setRound(ctx, round); err != nil {
		return err
	}
	return k.schedule(ctx, height(ctx), types.DUE_KIND_ATTEST_END, round.PoolId)
}

// checkLeftOut refuses a sum without work that nobody disputes, and one of fewer submissions than the
// pool asks for.
func (k Keeper) checkLeftOut(ctx context.Context, round types.Round, leftOut []uint64) error {
	if len(leftOut) == 0 {
		return nil
	}
	for _, id := range leftOut {
		submission, found, err := lookup(ctx, k.Submissions, id)
		if err != nil {
			return err
		}
		listed := found && submission.PoolId == round.PoolId && submission.Round == round.Number
		if !listed || !submission.MayBeLeftOut() {
			return types.ErrAttestationInvalid.Wrapf(
				"submission %d of round %d is not disputed", id, round.Number)
		}
	}
	pool, err := k.Pools.Get(ctx, round.PoolId)
	if err != nil {
		return err
	}
	if left := int(round.Accepted) - len(leftOut); left < int(pool.SubmissionsMin) {
		return types.ErrAttestationInvalid.Wrapf(
			"a sum of %d submissions, at least %d", left, pool.SubmissionsMin)
	}
	return nil
}

// keepAttestation stores an attestation and counts its bond.
func (k Keeper) keepAttestation(
	ctx context.Context, verifier sdk.AccAddress, a types.Attestation,
) (types.AttestationTally, error) {
	if err := k.Attestations.Set(
		ctx, collections.Join3(a.PoolId, a.Round, verifier), a,
	); err != nil {
		return types.AttestationTally{}, err
	}
	if err := k.AttestedRounds.Set(
		ctx, collections.Join3(verifier, a.PoolId, a.Round),
	); err != nil {
		return types.AttestationTally{}, err
	}
	return k.addToTally(ctx, a)
}

func (k Keeper) addToTally(
	ctx context.Context, a types.Attestation,
) (types.AttestationTally, error) {
	result := types.ResultOf(a)
	key := collections.Join3(a.PoolId, a.Round, result[:])
	tally, err := loadOr(ctx, k.Tallies, key, types.AttestationTally{
		PoolId: a.PoolId, Round: a.Round, Result: result[:],
	})
	if err != nil {
		return tally, err
	}
	tally.Bond += a.Bond
	tally.Attesters++
	return tally, k.Tallies.Set(ctx, key, tally)
}

// takeFromTally takes back the bond of an attestation that another replaces.
func (k Keeper) takeFromTally(ctx context.Context, a types.Attestation) error {
	result := types.ResultOf(a)
	key := collections.Join3(a.PoolId, a.Round, result[:])
	tally, err := k.Tallies.Get(ctx, key)
	if err != nil {
		return err
	}
	tally.Bond -= a.Bond
	tally.Attesters--
	if tally.Attesters == 0 {
		return k.Tallies.Remove(ctx, key)
	}
	return k.Tallies.Set(ctx, key, tally)
}

// endAttestation adopts the result that has the quorum, or asks once more; then it adopts the one that
// has more than half, or lets the round carry over.
func (k Keeper) endAttestation(ctx context.Context, poolID uint64) error {
	pool, round, params, err := k.currentRound(ctx, poolID)
	if err != nil || round.Phase != types.ROUND_PHASE_AGGREGATION ||
		height(ctx) < round.AttestEndHeight {
		return err
	}
	attestations, err := k.attestationsOf(ctx, poolID, round.Number)
	if err != nil {
		return err
	}
	leading, tally, err := k.leadingOf(ctx, attestations, round)
	if err != nil {
		return err
	}
	bondNow, err := k.verifierBond(ctx)
	if err != nil {
		return err
	}
	whole := types.WholeBond(round, bondNow)
	adopted := types.HasQuorum(tally.Bond, whole, params.Round)
	if !adopted {
		var again bool
		if round, again = types.NextAttestWindow(round, params.Round, height(ctx)); again {
			return k.askAgain(ctx, round)
		}
		adopted = types.HasMajority(tally.Bond, whole)
	}
	if round, err = k.leaveOut(ctx, round, leading.LeftOut); err != nil {
		return err
	}
	if !adopted {
		round.Phase = types.ROUND_PHASE_CARRIED_OVER
	} else if round, pool, err = k.adopt(ctx, pool, round, leading, tally, params); err != nil {
		return err
	}
	if round, err = k.disputeSum(ctx, round, attestations, leading); err != nil {
		return err
	}
	if !round.SumOpen() {
		if err := k.forgetAttestations(ctx, attestations); err != nil {
			return err
		}
	}
	return k.finishRound(ctx, pool, round)
}

// askAgain announces another window for the sum of a round, and sees to it that its end is noticed.
func (k Keeper) askAgain(ctx context.Context, round types.Round) error {
	if err := k.schedule(
		ctx, round.AttestEndHeight, types.DUE_KIND_ATTEST_END, round.PoolId,
	); err != nil {
		return err
	}
	return k.setPhase(ctx, round, round.AttestEndHeight)
}

// leaveOut takes work off the list of a sum, as the result says that is adopted, or leads. Nothing
// that becomes of it later concerns the version.
func (k Keeper) leaveOut(
	ctx context.Context, round types.Round, leftOut []uint64,
) (types.Round, error) {
	if len(leftOut) == 0 {
		return round, nil
	}
	submissions, err := k.submissionsOf(ctx, round.PoolId, round.Number)
	if err != nil {
		return round, err
	}
	var summed []types.Submission
	for _, submission := range submissions {
		if !submission.Summed {
			continue
		}
		if _, out := slices.BinarySearch(leftOut, submission.Id); !out {
			summed = append(summed, submission)
			continue
		}
		submission.Summed = false
		if err := k.Submissions.Set(ctx, submission.Id, submission); err != nil {
			return round, err
		}
	}
	updates := types.RootOfSum(summed)
	round.UpdatesRoot, round.Accepted = updates[:], uint32(len(summed))
	round.LeftOut = leftOut
	return round, nil
}

// leadingOf is the attested result with the most bond behind it, and its tally. Of equals it is the one
// that the first attester stands by.
func (k Keeper) leadingOf(
	ctx context.Context, attestations []types.Attestation, round types.Round,
) (leading types.Attestation, tally types.AttestationTally, err error) {
	for _, attestation := range attestations {
		result := types.ResultOf(attestation)
		other, err := k.Tallies.Get(ctx, collections.Join3(round.PoolId, round.Number, result[:]))
		if err != nil {
			return leading, tally, err
		}
		if other.Bond > tally.Bond {
			leading, tally = attestation, other
		}
	}
	return leading, tally, nil
}

// adopt makes the result of a round a version of its adapter.
func (k Keeper) adopt(
	ctx context.Context, pool types.Pool, round types.Round, result types.Attestation,
	tally types.AttestationTally, params types.Params,
) (types.Round, types.Pool, error) {
	id, err := next(ctx, k.AdapterID)
	if err != nil {
		return round, pool, err
	}
	adapter := types.AdapterVersion{
		Id:           id,
		ModelId:      pool.ModelId,
		PoolId:       pool.Id,
		Round:        round.Number,
		ParentId:     round.AdapterId,
		Root:         result.Root,
		Cid:          result.Cid,
		HeldOutLoss:  result.HeldOutLoss,
		MomentumRoot: result.MomentumRoot,
		AttestedBond: tally.Bond,
		Status:       types.ADAPTER_STATUS_PROVISIONAL,
		Height:       height(ctx),
	}
	submissions, err := k.submissionsOf(ctx, pool.Id, round.Number)
	if err != nil {
		return round, pool, err
	}
	recalled, err := k.isRecalled(ctx, round.AdapterId)
	if err != nil {
		return round, pool, err
	}
	adapter = types.CountSum(adapter, submissions, recalled)
	if err := k.Adapters.Set(ctx, id, adapter); err != nil {
		return round, pool, err
	}
	round.Phase, round.ResultAdapterId = types.ROUND_PHASE_COMPLETE, id
	round.SumEndHeight = height(ctx) + int64(params.Dispute.ChallengeBlocks)
	if err := k.schedule(ctx, round.SumEndHeight+1, types.DUE_KIND_SUM_END, id); err != nil {
		return round, pool, err
	}
	if adapter.Status != types.ADAPTER_STATUS_RECALLED {
		pool.AdapterId = id
	}
	if err := emit(ctx, &types.EventAdapterAdopted{
		AdapterId:    id,
		PoolId:       pool.Id,
		Round:        round.Number,
		ParentId:     adapter.ParentId,
		Root:         adapter.Root,
		Cid:          adapter.Cid,
		HeldOutLoss:  adapter.HeldOutLoss,
		MomentumRoot: adapter.MomentumRoot,
		LeftOut:      round.LeftOut,
	}); err != nil || adapter.Status != types.ADAPTER_STATUS_RECALLED {
		return round, pool, err
	}
	return round, pool, emit(
		ctx, &types.EventAdapterStatusChanged{AdapterId: id, Status: adapter.Status},
	)
}

// isRecalled says that a version, if it is one, was taken back.
func (k Keeper) isRecalled(ctx context.Context, id uint64) (bool, error) {
	if id == 0 {
		return false, nil
	}
	adapter, err := k.Adapters.Get(ctx, id)
	return adapter.Status == types.ADAPTER_STATUS_RECALLED, err
}

func (k Keeper) forgetAttestations(ctx context.Context, attestations []types.Attestation) error {
	for _, a := range attestations {
		verifier, err := k.address(a.Verifier)
		if err != nil {
			return err
		}
		if err := k.Attestations.Remove(
			ctx, collections.Join3(a.PoolId, a.Round, verifier),
		); err != nil {
			return err
		}
		if err := k.AttestedRounds.Remove(
			ctx, collections.Join3(verifier, a.PoolId, a.Round),
		); err != nil {
			return err
		}
		result := types.ResultOf(a)
		if err := k.Tallies.Remove(
			ctx, collections.Join3(a.PoolId, a.Round, result[:]),
		); err != nil {
			return err
		}
	}
	return nil
}

// settleRound deletes the records of a round that is over, whose sum is settled, and in which
// nothing can be paid, fined or found any more. Their root stays, so that anybody who kept a record can
// prove it. It also closes the pool if this was its last open work.
func (k Keeper) settleRound(ctx context.Context, round types.Round) error {
	over := round.Phase == types.ROUND_PHASE_COMPLETE ||
		round.Phase == types.ROUND_PHASE_CARRIED_OVER
	if !over || round.OpenSubmissions > 0 || round.SumOpen() || len(round.SubmissionsRoot) > 0 {
		return nil
	}
	submissions, err := k.submissionsOf(ctx, round.PoolId, round.Number)
	if err != nil || slices.ContainsFunc(submissions, types.Submission.Asked) {
		return err
	}
	if err := k.Chunks.Clear(ctx, collections.NewSuperPrefixedTripleRange[uint64, uint32, uint32](
		round.PoolId, round.Number)); err != nil {
		return err
	}
	if len(submissions) > 0 {
		if round, err = k.pruneRound(ctx, round, submissions); err != nil {
			return err
		}
	}
	pool, last, _, err := k.currentRound(ctx, round.PoolId)
	if err != nil {
		return err
	}
	return k.closeIfPaid(ctx, pool, last)
}

func (k Keeper) pruneRound(
	ctx context.Context, round types.Round, submissions []types.Submission,
) (types.Round, error) {
	types.SortByChunk(submissions)
	records := make([][]byte, len(submissions))
	for i, submission := range submissions {
		miner, err := k.address(submission.Miner)
		if err != nil {
			return round, err
		}
		records[i] = submission.Record(types.Address(miner))
		if err := k.deleteSubmission(ctx, submission); err != nil {
			return round, err
		}
	}
	root := types.SubmissionsRoot(records)
	round.SubmissionsRoot = root[:]
	return round, k.setRound(ctx, round)
}

func (k Keeper) deleteSubmission(ctx context.Context, submission types.Submission) error {
	key := collections.Join3(submission.PoolId, submission.Round, submission.Id)
	if err := k.SubmissionsByRound.Remove(ctx, key); err != nil {
		return err
	}
	if err := k.Audits.Clear(
		ctx, collections.NewPrefixedPairRange[uint64, uint32](submission.Id),
	); err != nil {
		return err
	}
	if err := k.Findings.Clear(
		ctx, collections.NewPrefixedPairRange[uint64, sdk.AccAddress](submission.Id),
	); err != nil {
		return err
	}
	return k.Submissions.Remove(ctx, submission.Id)
}
