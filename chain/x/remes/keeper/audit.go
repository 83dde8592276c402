package keeper

import (
	"context"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"r3mes.dev/chain/x/remes/types"
)

// drawAudit draws the step and the verifiers of a submission with a beacon that began after the
// miner was bound.
func (k Keeper) drawAudit(ctx context.Context, id uint64) error {
	submission, found, err := lookup(ctx, k.Submissions, id)
	if err != nil || !found || submission.Status != types.SUBMISSION_STATUS_REVEALED {
		return err // it was settled in the meantime, and perhaps deleted
	}
	_, params, err := k.roundOf(ctx, submission.PoolId, submission.Round)
	if err != nil {
		return err
	}
	epoch, found, err := k.beacon.After(ctx, submission.DrawAfterHeight)
	if err != nil {
		return err
	}
	if !found {
		due, err := k.beaconDue(ctx, params, submission.DrawAfterHeight)
		if err != nil {
			return err
		}
		return k.schedule(ctx, due, types.DUE_KIND_DRAW, id)
	}
	seed := types.AuditSeed(chainID(ctx), types.Hash(epoch.Value),
		submission.PoolId, uint64(submission.Round), submission.Chunk, submission.Draws)
	wanted := int(params.Round.VerifiersPerSubmission)
	drawn, err := k.drawVerifiers(ctx, seed, epoch.Number, submission.Miner, wanted)
	if err != nil {
		return err
	}
	if len(drawn) < wanted { // without a whole audit nothing counts, and nobody is to blame
		return k.leaveUncounted(ctx, submission)
	}
	pool, err := k.Pools.Get(ctx, submission.PoolId)
	if err != nil {
		return err
	}
	return k.storeAudit(ctx, submission, pool, seed, epoch.Number, drawn, params)
}

// drawVerifiers draws up to wanted verifiers. A seat of somebody who has ceased to be active since the
// epoch began goes to the next in the order drawn, which moves nobody else's place: whoever leaves
// gives a seat away, and chooses no other draw.
func (k Keeper) drawVerifiers(
	ctx context.Context, seed types.Hash, epoch uint64, miner string, wanted int,
) ([]sdk.AccAddress, error) {
	eligible, err := k.eligibleVerifiers(ctx, epoch, miner)
	if err != nil {
		return nil, err
	}
	order, err := types.AuditVerifiers(seed, len(eligible), len(eligible))
	if err != nil {
		return nil, err
	}
	var drawn []sdk.AccAddress
	for _, place := range order {
		if len(drawn) == wanted {
			break
		}
		active, err := k.Verifiers.Has(ctx, eligible[place])
		if err != nil {
			return nil, err
		}
		if active {
			drawn = append(drawn, eligible[place])
		}
	}
	return drawn, nil
}

func (k Keeper) storeAudit(
	ctx context.Context, submission types.Submission, pool types.Pool, seed types.Hash,
	epoch uint64,
	verifiers []sdk.AccAddress, params types.Params,
) error {
	names := make([]string, len(verifiers))
	for i, verifier := range verifiers {
		name, err := k.text(verifier)
		if err != nil {
			return err
		}
		names[i] = name
		if err := k.OpenSeats.Set(ctx, collections.Join(verifier, submission.Id)); err != nil {
			return err
		}
	}
	audit := types.NewAudit(
		submission, seed, epoch, pool.Hyperparameters.LocalSteps, names, params.Round, height(ctx))
	submission.Status = types.SUBMISSION_STATUS_DRAWN
	submission.Draws++
	if err := k.setAudit(ctx, audit); err != nil {
		return err
	}
	if err := k.setStatus(ctx, submission); err != nil {
		return err
	}
	return emit(ctx, &types.EventAuditDrawn{
		SubmissionId: submission.Id,
		Draw:         audit.Draw,
		Step:         audit.Step,
		Verifiers:    names,
		FullReplay:   audit.FullReplay,
		EndHeight:    audit.EndHeight,
	})
}

// setAudit stores an audit and sees to it that the end of its phase is noticed.
func (k Keeper) setAudit(ctx context.Context, audit types.Audit) error {
	if err := k.Audits.Set(
		ctx, collections.Join(audit.SubmissionId, audit.Draw), audit,
	); err != nil {
		return err
	}
	return k.schedule(ctx, audit.EndHeight, types.DUE_KIND_AUDIT_END, audit.SubmissionId)
}

// eligibleVerifiers are those who were active verifiers as an epoch began, by owner address, but for the
// miner itself. Whatever can be changed for a fee with the beacon known says nothing here, neither a
// bond nor whose key somebody names as its operator: whoever leaves the list moves all others on it.
func (k Keeper) eligibleVerifiers(
	ctx context.Context, epoch uint64, miner string,
) ([]sdk.AccAddress, error) {
	list, found, err := lookup(ctx, k.EpochVerifiers, epoch)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, types.ErrStoreNotMigrated.Wrapf("epoch %d has no verifiers to draw from", epoch)
	}
	var eligible []sdk.AccAddress
	for _, verifier := range list.Verifiers {
		if verifier == miner {
			continue
		}
		owner, err := k.address(verifier)
		if err != nil {
			return nil, err
		}
		eligible = append(eligible, owner)
	}
	return eligible, nil
}

// openAudit is a submission with its last audit.
func (k Keeper) openAudit(
	ctx context.Context, id uint64,
) (types.Submission, types.Audit, types.Params, error) {
	submission, err := load(ctx, k.Submissions, id, types.ErrSubmissionNotFound)
	if err != nil {
		return submission, types.Audit{}, types.Params{}, err
	}
	if submission.Draws == 0 {
		return submission, types.Audit{}, types.Params{}, types.ErrAuditNotFound.Wrapf(
			"submission %d is not drawn", id,
		)
	}
	_, params, err := k.roundOf(ctx, submission.PoolId, submission.Round)
	if err != nil {
		return submission, types.Audit{}, params, err
	}
	audit, err := load(
		ctx, k.Audits, collections.Join(id, submission.Draws-1), types.ErrAuditNotFound,
	)
	return submission, audit, params, err
}

// OpenStep shows the states around the drawn step.
func (s msgServer) OpenStep(
	ctx context.Context, msg *types.MsgOpenStep,
) (*types.MsgOpenStepResponse, error) {
	_, participant, err := s.participantOf(ctx, msg.Operator)
	if err != nil {
		return nil, err
	}
	submission, audit, params, err := s.openAudit(ctx, msg.SubmissionId)
	if err != nil {
		return nil, err
	}
	if submission.Miner != participant.Owner {
		return nil, types.ErrLeaseOtherMiner.Wrapf(
			"submission %d is of %s", submission.Id, submission.Miner,
		)
	}
	pool, err := s.Pools.Get(ctx, submission.PoolId)
	if err != nil {
		return nil, err
	}
	proof, err := types.HashesFrom(msg.Proof.Hashes)
	if err != nil {
		return nil, err
	}

	audit, err = types.OpenStep(
		audit, submission, msg.Opening, proof, pool.Hyperparameters.LocalSteps, params.Round,
		height(ctx))
	if err != nil {
		return nil, err
	}

	submission.Opening = &msg.Opening
	submission.Status = types.SUBMISSION_STATUS_AUDITED
	if err := s.setAudit(ctx, audit); err != nil {
		return nil, err
	}
	if err := s.setStatus(ctx, submission); err != nil {
		return nil, err
	}
	event := &types.EventStepOpened{SubmissionId: submission.Id, EndHeight: audit.EndHeight}
	return &types.MsgOpenStepResponse{}, emit(ctx, event)
}

// CommitVerdict binds a verifier to its verdict before anybody sees it.
func (s msgServer) CommitVerdict(
	ctx context.Context, msg *types.MsgCommitVerdict,
) (*types.MsgCommitVerdictResponse, error) {
	commitment, err := types.HashFrom(msg.Commitment)
	if err != nil {
		return nil, err
	}
	_, participant, err := s.participantOf(ctx, msg.Operator)
	if err != nil {
		return nil, err
	}
	submission, audit, params, err := s.openAudit(ctx, msg.SubmissionId)
	if err != nil {
		return nil, err
	}

	audit, err = types.CommitVerdict(
		audit, participant.Owner, commitment, params.Round, height(ctx),
	)
	if err != nil {
		return nil, err
	}

	if err := s.setAudit(ctx, audit); err != nil {
		return nil, err
	}
	return &types.MsgCommitVerdictResponse{}, emit(ctx, &types.EventVerdictCommitted{
		SubmissionId: submission.Id, Draw: audit.Draw, Verifier: participant.Owner,
	})
}

// RevealVerdict opens a verdict.
func (s msgServer) RevealVerdict(
	ctx context.Context, msg *types.MsgRevealVerdict,
) (*types.MsgRevealVerdictResponse, error) {
	verifier, participant, err := s.participantOf(ctx, msg.Operator)
	if err != nil {
		return nil, err
	}
	submission, audit, _, err := s.openAudit(ctx, msg.SubmissionId)
	if err != nil {
		return nil, err
	}

	audit, err = types.RevealVerdict(
		audit, submission, participant.Owner, types.Address(verifier), msg, chainID(ctx), height(
			ctx,
		))
	if err != nil {
		return nil, err
	}

	if err := s.setAudit(ctx, audit); err != nil {
		return nil, err
	}
	return &types.MsgRevealVerdictResponse{}, emit(ctx, &types.EventVerdictRevealed{
		SubmissionId: submission.Id, Draw: audit.Draw, Verifier: participant.Owner,
		Verdict: msg.Verdict,
	})
}

// endAuditPhase moves an audit on whose phase has ended.
func (k Keeper) endAuditPhase(ctx context.Context, id uint64) error {
	has, err := k.Submissions.Has(ctx, id)
	if err != nil || !has { // settled and deleted in the meantime
		return err
	}
	submission, audit, params, err := k.openAudit(ctx, id)
	if err != nil || audit.Phase == types.AUDIT_PHASE_SETTLED || height(ctx) < audit.EndHeight {
		return err
	}
	bound := 0
	for _, seat := range audit.Seats {
		if len(seat.Commitment) > 0 {
			bound++
		}
	}
	switch {
	case audit.Phase == types.AUDIT_PHASE_OPENING:
		if err := k.closeAudit(ctx, audit); err != nil {
			return err
		}
		if err := k.convict(ctx, submission, types.FAULT_NO_OPENING, params); err != nil {
			return err
		}
		return k.countSettled(ctx, submission, !submission.Settled, false)
	case audit.Phase == types.AUDIT_PHASE_COMMIT && bound > 0:
		return k.setAudit(ctx, types.StartVerdictReveals(audit, params.Round, height(ctx)))
	}
	return k.settleAudit(ctx, submission, audit, params)
}

// closeAudit ends an audit and the duties of its verifiers.
func (k Keeper) closeAudit(ctx context.Context, audit types.Audit) error {
	audit.Phase = types.AUDIT_PHASE_SETTLED
	for _, seat := range audit.Seats {
		verifier, err := k.address(seat.Verifier)
		if err != nil {
			return err
		}
		if err := k.OpenSeats.Remove(
			ctx, collections.Join(verifier, audit.SubmissionId),
		); err != nil {
			return err
		}
	}
	return k.Audits.Set(ctx, collections.Join(audit.SubmissionId, audit.Draw), audit)
}

// settleAudit fines the silent and does what the verdicts say.
func (k Keeper) settleAudit(
	ctx context.Context, submission types.Submission, audit types.Audit, params types.Params,
) error {
	if err := k.closeAudit(ctx, audit); err != nil {
		return err
	}
	if err := k.fineSilent(ctx, audit, params); err != nil {
		return err
	}
	return k.weighAudit(ctx, submission, audit, params)
}

// weighAudit does what the verdicts of an audit say that no case has proven wrong.
func (k Keeper) weighAudit(
	ctx context.Context, submission types.Submission, audit types.Audit, params types.Params,
) error {
	switch types.SettleAudit(audit) {
	case types.AuditAccepts:
		return k.accept(ctx, submission, audit, params)
	case types.AuditDisputes:
		first := !submission.Settled
		submission.Settled = true
		if err := k.openDispute(ctx, submission, audit); err != nil {
			return err
		}
		return k.countSettled(ctx, submission, first, false)
	}
	return k.redraw(ctx, submission, audit, params)
}

func (k Keeper) fineSilent(ctx context.Context, audit types.Audit, params types.Params) error {
	for _, seat := range audit.Seats {
		if seat.Verdict != types.VERDICT_UNSPECIFIED {
			continue
		}
		verifier, err := k.address(seat.Verifier)
		if err != nil {
			return err
		}
		if err := k.slash(ctx, params, slashing{
			fault: types.FAULT_MISSED_AUDIT, subject: audit.SubmissionId, owner: verifier,
			role: types.ROLE_VERIFIER,
		}); err != nil {
			return err
		}
	}
	return nil
}

// redraw draws again with a later beacon; after the last draw the submission is left uncounted. Where it
// could not be checked its lease was left behind: its chunk is as lost to the round as by one that expired.
func (k Keeper) redraw(
	ctx context.Context, submission types.Submission, audit types.Audit, params types.Params,
) error {
	if submission.Draws >= params.Round.DrawsMax {
		if audit.Unchecked() {
			if err := k.countUnchecked(ctx, submission, params); err != nil {
				return err
			}
		}
		return k.leaveUncounted(ctx, submission)
	}
	submission.Status = types.SUBMISSION_STATUS_REVEALED
	submission.DrawAfterHeight = height(ctx)
	if err := k.setStatus(ctx, submission); err != nil {
		return err
	}
	due, err := k.beaconDue(ctx, params, submission.DrawAfterHeight)
	if err != nil {
		return err
	}
	return k.schedule(ctx, due, types.DUE_KIND_DRAW, submission.Id)
}

func (k Keeper) countUnchecked(
	ctx context.Context, submission types.Submission, params types.Params,
) error {
	miner, err := k.address(submission.Miner)
	if err != nil {
		return err
	}
	pool, err := k.Pools.Get(ctx, submission.PoolId)
	if err != nil {
		return err
	}
	return k.countLeft(ctx, miner, pool, params.Round)
}

// countAccepted makes up for a lease that a miner left behind before.
func (k Keeper) countAccepted(ctx context.Context, submission types.Submission) error {
	miner, err := k.address(submission.Miner)
	if err != nil {
		return err
	}
	participant, err := k.Participants.Get(ctx, miner)
	if err != nil {
		return err
	}
	return k.Participants.Set(ctx, miner, types.CountAccepted(participant))
}

// leaveUncounted ends a submission that could not be checked, at no one's cost.
func (k Keeper) leaveUncounted(ctx context.Context, submission types.Submission) error {
	first := !submission.Settled
	submission.Settled, submission.Status = true, types.SUBMISSION_STATUS_UNCOUNTED
	if err := k.release(ctx, submission); err != nil {
		return err
	}
	return k.countSettled(ctx, submission, first, false)
}

// accept lets a submission count and starts its challenge period.
func (k Keeper) accept(
	ctx context.Context, submission types.Submission, audit types.Audit, params types.Params,
) error {
	pool, err := k.Pools.Get(ctx, submission.PoolId)
	if err != nil {
		return err
	}
	epoch, err := k.currentRewardEpoch(ctx)
	if err != nil {
		return err
	}

	epoch, submission.WeightedWork = types.AddWork(
		epoch, submission.WeightedWork, uint32(audit.PaidSeats()),
	)
	first := !submission.Settled
	submission.Settled, submission.Status = true, types.SUBMISSION_STATUS_ACCEPTED
	submission.RewardEpoch, submission.Price = epoch.Number, pool.ChunkPrice
	submission.AcceptedHeight = height(ctx)
	submission.MatureHeight = height(ctx) + int64(params.Dispute.ChallengeBlocks)

	if err := k.RewardEpochs.Set(ctx, epoch.Number, epoch); err != nil {
		return err
	}
	if err := k.countAccepted(ctx, submission); err != nil {
		return err
	}
	if err := k.setStatus(ctx, submission); err != nil {
		return err
	}
	if err := k.schedule(
		ctx, submission.MatureHeight, types.DUE_KIND_MATURE, submission.Id,
	); err != nil {
		return err
	}
	return k.countSettled(ctx, submission, first, true)
}

// countSettled counts a submission off those that a round waits for, the first time that it is
// settled. With the last one aggregation begins. What is accepted later does not enter the sum.
func (k Keeper) countSettled(
	ctx context.Context, submission types.Submission, first, accepted bool,
) error {
	round, _, err := k.roundOf(ctx, submission.PoolId, submission.Round)
	if err != nil {
		return err
	}
	if first {
		round.Unsettled--
	}
	if accepted && round.Phase == types.ROUND_PHASE_AUDIT {
		round.Accepted++
	}
	if err := k.setRound(ctx, round); err != nil {
		return err
	}
	if round.Unsettled > 0 || round.Phase != types.ROUND_PHASE_AUDIT {
		return nil
	}
	return k.startAggregation(ctx, round.PoolId)
}
