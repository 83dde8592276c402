package keeper

import (
	"context"

	"cosmossdk.io/collections"

	"r3mes.dev/chain/x/remes/types"
)

// Commit binds a miner to its work before anybody sees it.
func (s msgServer) Commit(
	ctx context.Context, msg *types.MsgCommit,
) (*types.MsgCommitResponse, error) {
	commitment, err := types.HashFrom(msg.Commitment)
	if err != nil {
		return nil, err
	}
	_, participant, err := s.participantOf(ctx, msg.Operator)
	if err != nil {
		return nil, err
	}
	committed, err := s.Submissions.Has(ctx, msg.LeaseId)
	if err != nil {
		return nil, err
	}
	if committed {
		return nil, types.ErrCommitmentExists.Wrapf("lease %d", msg.LeaseId)
	}
	lease, err := load(ctx, s.Leases, msg.LeaseId, types.ErrLeaseNotFound)
	if err != nil {
		return nil, err
	}
	if lease.Miner != participant.Owner {
		return nil, types.ErrLeaseOtherMiner.Wrapf("lease %d is of %s", lease.Id, lease.Miner)
	}

	submission, err := types.NewSubmission(lease, commitment, height(ctx))
	if err != nil {
		return nil, err
	}

	pool, round, err := s.storeCommitment(ctx, lease, submission)
	if err != nil {
		return nil, err
	}
	if err := emit(ctx, &types.EventCommitted{
		SubmissionId: submission.Id, PoolId: lease.PoolId, Round: lease.Round, Miner: lease.Miner,
		Commitment: msg.Commitment,
	}); err != nil {
		return nil, err
	}
	return &types.MsgCommitResponse{}, s.endTrainingEarly(ctx, pool, round)
}

// storeCommitment turns a lease into a submission, and returns the pool and the round that count it.
func (k Keeper) storeCommitment(
	ctx context.Context, lease types.Lease, submission types.Submission,
) (types.Pool, types.Round, error) {
	pool, round, _, err := k.currentRound(ctx, lease.PoolId)
	if err != nil {
		return pool, round, err
	}
	chunk, err := k.Chunks.Get(ctx, collections.Join3(lease.PoolId, lease.Round, lease.Position))
	if err != nil {
		return pool, round, err
	}
	chunk.Status = types.CHUNK_STATUS_COMMITTED
	round.Leased--
	round.Committed++
	round.OpenSubmissions++
	pool.OpenSubmissions++
	if err := k.setChunk(ctx, chunk); err != nil {
		return pool, round, err
	}
	if err := k.setRound(ctx, round); err != nil {
		return pool, round, err
	}
	if err := k.Pools.Set(ctx, pool.Id, pool); err != nil {
		return pool, round, err
	}
	if err := k.Leases.Remove(ctx, lease.Id); err != nil {
		return pool, round, err
	}
	if err := k.Submissions.Set(ctx, submission.Id, submission); err != nil {
		return pool, round, err
	}
	return pool, round, k.SubmissionsByRound.Set(
		ctx, collections.Join3(lease.PoolId, lease.Round, submission.Id),
	)
}

// endTrainingEarly ends the training window at the end of this block if nothing more can be
// committed.
func (k Keeper) endTrainingEarly(
	ctx context.Context, pool types.Pool, round types.Round,
) error {
	if round.Phase != types.ROUND_PHASE_TRAINING || !types.NothingLeased(round, pool) {
		return nil
	}
	queued, err := k.queuedChunks(ctx, round)
	if err != nil || len(queued) > 0 {
		return err
	}
	round.TrainingEndHeight = height(ctx)
	if err := k.setRound(ctx, round); err != nil {
		return err
	}
	return k.schedule(ctx, round.TrainingEndHeight, types.DUE_KIND_TRAINING_END, pool.Id)
}

// endTraining opens the reveals of a round. A round in which nobody has committed yet rests until
// somebody leases a chunk of it, unless nobody can or may: pools that nobody works for cost no block
// anything.
func (k Keeper) endTraining(ctx context.Context, poolID uint64) error {
	pool, round, params, err := k.currentRound(ctx, poolID)
	if err != nil || round.Phase != types.ROUND_PHASE_TRAINING ||
		height(ctx) < round.TrainingEndHeight {
		return err
	}
	queued, err := k.queuedChunks(ctx, round)
	if err != nil {
		return err
	}
	if round.Committed == 0 && (!types.NothingLeased(round, pool) || len(queued) > 0) {
		goesOn, err := k.mayGoOn(ctx, pool)
		if err != nil {
			return err
		}
		if goesOn {
			round.TrainingEndHeight = 0
			return k.setPhase(ctx, round, 0)
		}
	}
	if err := k.dropQueued(ctx, queued); err != nil {
		return err
	}
	if round.Committed == 0 {
		round.Phase = types.ROUND_PHASE_CARRIED_OVER
		return k.finishRound(ctx, pool, round)
	}
	round = types.StartReveals(round, params.Round, height(ctx))
	if err := k.schedule(
		ctx, round.LateRevealEndHeight, types.DUE_KIND_REVEAL_END, poolID,
	); err != nil {
		return err
	}
	return k.setPhase(ctx, round, round.RevealEndHeight)
}

// dropQueued gives the chunks up that wait for another lease.
func (k Keeper) dropQueued(ctx context.Context, queued []chunkKey) error {
	for _, key := range queued {
		chunk, err := k.Chunks.Get(ctx, key)
		if err != nil {
			return err
		}
		chunk.Status = types.CHUNK_STATUS_DROPPED
		if err := k.setChunk(ctx, chunk); err != nil {
			return err
		}
		if err := k.QueuedChunks.Remove(ctx, key); err != nil {
			return err
		}
	}
	return nil
}

// Reveal opens a commitment. After the window it still counts, at a price.
func (s msgServer) Reveal(
	ctx context.Context, msg *types.MsgReveal,
) (*types.MsgRevealResponse, error) {
	miner, participant, err := s.participantOf(ctx, msg.Operator)
	if err != nil {
		return nil, err
	}
	submission, err := load(ctx, s.Submissions, msg.SubmissionId, types.ErrSubmissionNotFound)
	if err != nil {
		return nil, err
	}
	if submission.Miner != participant.Owner {
		return nil, types.ErrLeaseOtherMiner.Wrapf(
			"submission %d is of %s", submission.Id, submission.Miner,
		)
	}
	round, params, err := s.roundOf(ctx, submission.PoolId, submission.Round)
	if err != nil {
		return nil, err
	}

	submission, err = types.Reveal(
		submission, round, msg, chainID(ctx), types.Address(miner), height(ctx),
	)
	if err != nil {
		return nil, err
	}

	late := height(ctx) > round.RevealEndHeight
	if late { // the slot pays: what is left of it answers from here on
		fine := types.PartOf(submission.Bond, params.Slash.Rate(types.FAULT_LATE_REVEAL))
		if err := s.slash(ctx, params, slashing{
			fault: types.FAULT_LATE_REVEAL, subject: submission.Id, owner: miner,
			role: types.ROLE_MINER, base: submission.Bond, unlock: fine,
		}); err != nil {
			return nil, err
		}
		submission.Bond -= fine
	}
	if err := s.Submissions.Set(ctx, submission.Id, submission); err != nil {
		return nil, err
	}
	round.Revealed++
	if round.Revealed == round.Committed { // nobody else can reveal: the window ends with this block
		round.LateRevealEndHeight = height(ctx)
		if err := s.schedule(
			ctx, height(ctx), types.DUE_KIND_REVEAL_END, round.PoolId,
		); err != nil {
			return nil, err
		}
	}
	if err := s.setRound(ctx, round); err != nil {
		return nil, err
	}
	return &types.MsgRevealResponse{}, emit(ctx, &types.EventRevealed{
		SubmissionId: submission.Id,
		PoolId:       submission.PoolId,
		Round:        submission.Round,
		Miner:        submission.Miner,
		StepsRoot:    msg.StepsRoot,
		UpdateRoot:   msg.UpdateRoot,
		UpdateCid:    msg.UpdateCid,
		LossSum:      msg.LossSum,
		Late:         late,
	})
}

// endReveals closes the reveals of a round: silence is a fault, the rest waits for the draw.
func (k Keeper) endReveals(ctx context.Context, poolID uint64) error {
	pool, round, params, err := k.currentRound(ctx, poolID)
	if err != nil || round.Phase != types.ROUND_PHASE_REVEAL ||
		height(ctx) < round.LateRevealEndHeight {
		return err
	}
	round.Phase, round.Unsettled = types.ROUND_PHASE_AUDIT, round.Revealed
	if err := k.setPhase(ctx, round, 0); err != nil {
		return err
	}
	submissions, err := k.submissionsOf(ctx, poolID, round.Number)
	if err != nil {
		return err
	}
	draw, err := k.beaconDue(ctx, params, height(ctx))
	if err != nil {
		return err
	}
	for _, submission := range submissions {
		if submission.Status == types.SUBMISSION_STATUS_COMMITTED {
			if err := k.convict(ctx, submission, types.FAULT_NO_REVEAL, params); err != nil {
				return err
			}
			continue
		}
		submission.DrawAfterHeight = height(ctx)
		if err := k.Submissions.Set(ctx, submission.Id, submission); err != nil {
			return err
		}
		if err := k.schedule(ctx, draw, types.DUE_KIND_DRAW, submission.Id); err != nil {
			return err
		}
	}
	if round.Unsettled > 0 {
		return nil
	}
	return k.startAggregation(ctx, pool.Id)
}

// submissionsOf are the submissions of a round: at most its chunks.
func (k Keeper) submissionsOf(
	ctx context.Context, pool uint64, round uint32,
) ([]types.Submission, error) {
	keys, err := keysOf(ctx, k.SubmissionsByRound,
		collections.NewSuperPrefixedTripleRange[uint64, uint32, uint64](pool, round))
	if err != nil {
		return nil, err
	}
	submissions := make([]types.Submission, len(keys))
	for i, key := range keys {
		if submissions[i], err = k.Submissions.Get(ctx, key.K3()); err != nil {
			return nil, err
		}
	}
	return submissions, nil
}

// convict fines the miner of a submission the slot that it locked, and ends the submission.
func (k Keeper) convict(
	ctx context.Context, submission types.Submission, fault types.Fault, params types.Params,
) error {
	miner, err := k.address(submission.Miner)
	if err != nil {
		return err
	}
	if err := k.slash(ctx, params, slashing{
		fault: fault, subject: submission.Id, owner: miner, role: types.ROLE_MINER,
		base: submission.Bond, unlock: submission.Bond,
	}); err != nil {
		return err
	}
	submission.Status = types.SUBMISSION_STATUS_FAULTY
	return k.end(ctx, submission)
}

// release gives the miner of a submission its slot back, and ends the submission.
func (k Keeper) release(ctx context.Context, submission types.Submission) error {
	miner, err := k.address(submission.Miner)
	if err != nil {
		return err
	}
	if err := k.unlockSlot(ctx, miner, submission.Bond); err != nil {
		return err
	}
	return k.end(ctx, submission)
}

// end stores a submission that can neither be paid nor fined any more, and counts it off its round
// and its pool. The last one of a round that is over takes the round's records with it.
func (k Keeper) end(ctx context.Context, submission types.Submission) error {
	miner, err := k.address(submission.Miner)
	if err != nil {
		return err
	}
	if err := k.OpenWork.Remove(ctx, collections.Join(miner, submission.Id)); err != nil {
		return err
	}
	if err := k.setStatus(ctx, submission); err != nil {
		return err
	}
	round, _, err := k.roundOf(ctx, submission.PoolId, submission.Round)
	if err != nil {
		return err
	}
	round.OpenSubmissions--
	if err := k.setRound(ctx, round); err != nil {
		return err
	}
	pool, err := k.Pools.Get(ctx, submission.PoolId)
	if err != nil {
		return err
	}
	pool.OpenSubmissions--
	if err := k.Pools.Set(ctx, pool.Id, pool); err != nil {
		return err
	}
	return k.settleRound(ctx, round)
}

// setStatus stores a submission that has another status, and announces it.
func (k Keeper) setStatus(ctx context.Context, submission types.Submission) error {
	if err := k.Submissions.Set(ctx, submission.Id, submission); err != nil {
		return err
	}
	return emit(ctx, &types.EventSubmissionChanged{
		SubmissionId: submission.Id,
		PoolId:       submission.PoolId,
		Round:        submission.Round,
		Miner:        submission.Miner,
		Status:       submission.Status,
	})
}
