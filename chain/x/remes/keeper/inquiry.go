package keeper

import (
	"context"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"r3mes.dev/chain/x/remes/types"
)

// openInquiry asks all verifiers about work whose miner lost a case, if others may lose by it: a version that
// it is in or may come into, or a verifier that called it valid. Otherwise it is off its version at once.
func (k Keeper) openInquiry(
	ctx context.Context, submission types.Submission, c types.Case, params types.Params,
) (types.Submission, error) {
	audit, err := k.lastAudit(ctx, submission)
	if err != nil {
		return submission, err
	}
	counts, err := k.countsInSum(ctx, submission)
	if err != nil {
		return submission, err
	}
	if !counts && audit.PaidSeats() == 0 {
		return submission, k.leaveAdapter(ctx, submission)
	}
	bond, err := k.verifierBond(ctx)
	if err != nil {
		return submission, err
	}
	submission.Inquiry = types.OpenInquiry(c, bond, params.Dispute, height(ctx))
	end := submission.Inquiry.EndHeight
	if err := k.holdUnbondings(ctx, audit.PaidVerifiers(), end); err != nil {
		return submission, err
	}
	if err := k.OpenInquiries.Set(ctx, submission.Id); err != nil {
		return submission, err
	}
	if err := k.schedule(ctx, end, types.DUE_KIND_INQUIRY, submission.Id); err != nil {
		return submission, err
	}
	return submission, emit(ctx, &types.EventInquiryOpened{
		SubmissionId: submission.Id, CaseId: c.Id, EndHeight: end,
	})
}

// countsInSum says that a submission is in a version that is not recalled, or in a sum that is being made.
func (k Keeper) countsInSum(ctx context.Context, submission types.Submission) (bool, error) {
	if !submission.Summed {
		return false, nil
	}
	round, _, err := k.roundOf(ctx, submission.PoolId, submission.Round)
	if err != nil || round.ResultAdapterId == 0 {
		return round.Phase == types.ROUND_PHASE_AGGREGATION, err
	}
	recalled, err := k.isRecalled(ctx, round.ResultAdapterId)
	return !recalled, err
}

// FindFault says what is wrong with work whose miner lost a case. What enough of them say takes effect as the
// block ends.
func (s msgServer) FindFault(
	ctx context.Context, msg *types.MsgFindFault,
) (*types.MsgFindFaultResponse, error) {
	verifier, bond, err := s.activeVerifier(ctx, msg.Operator)
	if err != nil {
		return nil, err
	}
	submission, err := load(ctx, s.Submissions, msg.SubmissionId, types.ErrSubmissionNotFound)
	if err != nil {
		return nil, err
	}
	key := collections.Join(submission.Id, verifier)
	exists, err := s.Findings.Has(ctx, key)
	if err != nil {
		return nil, err
	}

	if err := types.CheckFinding(submission, msg.Part, height(ctx)); err != nil {
		return nil, err
	}
	if exists {
		return nil, types.ErrFindingExists.Wrapf("submission %d", submission.Id)
	}
	audit, err := s.lastAudit(ctx, submission)
	if err != nil {
		return nil, err
	}
	finding := types.Finding{
		SubmissionId: submission.Id, Verifier: bond.Owner, Part: msg.Part, Bond: bond.Amount,
	}
	counted := submission.Inquiry.Count(finding, audit)

	submission.Inquiry = &counted
	if err := s.Findings.Set(ctx, key, finding); err != nil {
		return nil, err
	}
	if err := s.Submissions.Set(ctx, submission.Id, submission); err != nil {
		return nil, err
	}
	if err := s.schedule(
		ctx, height(ctx), types.DUE_KIND_INQUIRY, submission.Id,
	); err != nil {
		return nil, err
	}
	return &types.MsgFindFaultResponse{}, emit(ctx, &types.EventFaultFound{
		SubmissionId: submission.Id, Verifier: finding.Verifier, Part: finding.Part,
		Bond: finding.Bond,
	})
}

// weighInquiry does what the findings about a submission say by now, each thing once.
func (k Keeper) weighInquiry(ctx context.Context, id uint64) error {
	submission, found, err := lookup(ctx, k.Submissions, id)
	if err != nil || !found || !submission.Asked() { // it is closed, and its round perhaps settled
		return err
	}
	round, params, err := k.roundOf(ctx, submission.PoolId, submission.Round)
	if err != nil {
		return err
	}
	audit, err := k.lastAudit(ctx, submission)
	if err != nil {
		return err
	}
	bond, err := k.verifierBond(ctx)
	if err != nil {
		return err
	}
	before := *submission.Inquiry
	after := before.Weigh(audit, bond, params.Round, height(ctx))
	submission.Inquiry = &after
	if err := k.Submissions.Set(ctx, id, submission); err != nil {
		return err
	}
	if after.WorkWrong && !before.WorkWrong && submission.Summed {
		if err := k.recallVersion(ctx, round.ResultAdapterId); err != nil {
			return err
		}
	}
	if after.VerdictsWrong && !before.VerdictsWrong {
		if err := k.fineVerdicts(ctx, submission, audit.PaidVerifiers(), params); err != nil {
			return err
		}
	}
	if after.CloseHeight == 0 {
		return nil
	}
	return k.closeInquiry(ctx, submission)
}

// fineVerdicts fines the verifiers whose valid verdicts an inquiry found wrong. Their challenger is that of
// the case.
func (k Keeper) fineVerdicts(
	ctx context.Context, submission types.Submission, verifiers []string, params types.Params,
) error {
	c, err := k.Cases.Get(ctx, submission.Inquiry.CaseId)
	if err != nil {
		return err
	}
	for _, verifier := range verifiers {
		if err := k.fineVerifier(ctx, submission, c, verifier, c.Challenger, params); err != nil {
			return err
		}
	}
	return nil
}

// closeInquiry lets go of the version that a submission is in, and of the records of its round.
func (k Keeper) closeInquiry(ctx context.Context, submission types.Submission) error {
	if err := k.OpenInquiries.Remove(ctx, submission.Id); err != nil {
		return err
	}
	if err := emit(ctx, &types.EventInquiryClosed{
		SubmissionId: submission.Id, WorkWrong: submission.Inquiry.WorkWrong,
		VerdictsWrong: submission.Inquiry.VerdictsWrong,
	}); err != nil {
		return err
	}
	if err := k.leaveAdapter(ctx, submission); err != nil {
		return err
	}
	round, _, err := k.roundOf(ctx, submission.PoolId, submission.Round)
	if err != nil {
		return err
	}
	return k.settleRound(ctx, round)
}

// inquiryDuties are the inquiries in which an active verifier has not spoken. One that finds everything
// right says nothing until they are closed.
func (s queryServer) inquiryDuties(
	ctx context.Context, owner sdk.AccAddress,
) ([]types.Duty, error) {
	active, err := s.keeper.Verifiers.Has(ctx, owner)
	if err != nil || !active {
		return nil, err
	}
	open, err := keysOf(ctx, s.keeper.OpenInquiries, nil)
	if err != nil {
		return nil, err
	}
	var duties []types.Duty
	for _, id := range open {
		spoken, err := s.keeper.Findings.Has(ctx, collections.Join(id, owner))
		if err != nil {
			return nil, err
		}
		if spoken {
			continue
		}
		submission, err := s.keeper.Submissions.Get(ctx, id)
		if err != nil {
			return nil, err
		}
		duties = append(duties, types.Duty{
			Kind: types.DUTY_KIND_FIND_FAULT, Id: id, FromHeight: height(ctx),
			EndHeight: submission.Inquiry.EndHeight,
		})
	}
	return duties, nil
}
