package keeper

import (
	"context"

	"cosmossdk.io/collections"

	"r3mes.dev/chain/x/remes/types"
)

// closeCase ends a case: it pays and fines the parties, and lets go of the submission or ends it.
func (k Keeper) closeCase(ctx context.Context, c types.Case, outcome types.CaseOutcome) error {
	_, params, err := k.roundOf(ctx, c.PoolId, c.Round)
	if err != nil {
		return err
	}
	if c.Kind == types.CASE_KIND_AGGREGATE {
		return k.closeSumCase(ctx, c, outcome, params)
	}
	if err := k.endCase(ctx, c, outcome); err != nil {
		return err
	}
	submission, err := k.Submissions.Get(ctx, c.SubmissionId)
	if err != nil {
		return err
	}
	submission.OpenCases--
	if err := k.Submissions.Set(ctx, submission.Id, submission); err != nil {
		return err
	}
	switch {
	case outcome == types.CASE_OUTCOME_UNDECIDED:
		return k.leaveUndecided(ctx, c)
	case c.Kind == types.CASE_KIND_DIGEST:
		if err := k.fineDigest(ctx, c, outcome, params); err != nil {
			return err
		}
	case outcome.Convicts():
		return k.convictByCase(ctx, c, params)
	default:
		if err := k.fineChallenger(ctx, c, params); err != nil {
			return err
		}
	}
	return k.resume(ctx, c.SubmissionId, c.Queue)
}

// endCase stores a case that is over. It touches no submission. The file keeps the claim, not the
// nodes that nobody answered to, nor the challenges that waited.
func (k Keeper) endCase(ctx context.Context, c types.Case, outcome types.CaseOutcome) error {
	c.Outcome, c.CloseHeight, c.Claim.Children, c.Queue = outcome, height(ctx), nil, nil
	if err := k.unindexCase(ctx, c); err != nil {
		return err
	}
	if err := k.Cases.Set(ctx, c.Id, c); err != nil {
		return err
	}
	return emit(ctx, &types.EventCaseClosed{
		CaseId: c.Id, Outcome: outcome, ExecutedHash: c.ExecutedHash,
	})
}

// returnBond gives a challenge bond back.
func (k Keeper) returnBond(ctx context.Context, challenger string, bond uint64) error {
	to, err := k.address(challenger)
	if err != nil {
		return err
	}
	return k.giveTo(ctx, types.BondAccountName, to, bond)
}

// returnBonds gives the bond of a case back, and those of the challenges that wait in it.
func (k Keeper) returnBonds(ctx context.Context, c types.Case) error {
	if err := k.returnBond(ctx, c.Challenger, c.Bond); err != nil {
		return err
	}
	for _, challenge := range c.Queue {
		if err := k.returnBond(ctx, challenge.Challenger, challenge.Bond); err != nil {
			return err
		}
	}
	return nil
}

// endOtherCases ends what else is open about a submission that needs no judgment any more. Nobody
// loses by it.
func (k Keeper) endOtherCases(ctx context.Context, submission uint64) error {
	open, err := k.openCasesOf(ctx, submission)
	if err != nil {
		return err
	}
	return k.endAsMoot(ctx, open)
}

func (k Keeper) endAsMoot(ctx context.Context, cases []types.Case) error {
	for _, c := range cases {
		if err := k.endCase(ctx, c, types.CASE_OUTCOME_MOOT); err != nil {
			return err
		}
		if err := k.returnBonds(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// endDispute ends everything that is open about the submission of a case that decides its fate: all
// bonds return, and its unpaid reward is forfeited.
func (k Keeper) endDispute(ctx context.Context, c types.Case) (types.Submission, error) {
	if err := k.returnBonds(ctx, c); err != nil {
		return types.Submission{}, err
	}
	if err := k.endOtherCases(ctx, c.SubmissionId); err != nil {
		return types.Submission{}, err
	}
	submission, err := k.Submissions.Get(ctx, c.SubmissionId)
	if err != nil {
		return submission, err
	}
	submission.OpenCases = 0
	return k.forfeit(ctx, submission)
}

// convictByCase ends a submission whose miner lost a case: the miner loses slot and reward. What others would
// lose by it, an inquiry decides.
func (k Keeper) convictByCase(
	ctx context.Context, c types.Case, params types.Params,
) error {
	submission, err := k.endDispute(ctx, c)
	if err != nil {
		return err
	}
	challenger, err := k.address(c.Challenger)
	if err != nil {
		return err
	}
	miner, err := k.address(submission.Miner)
	if err != nil {
		return err
	}
	if err := k.slash(ctx, params, slashing{
		fault: types.FAULT_WRONG_STEP, subject: submission.Id, owner: miner,
		role: types.ROLE_MINER, base: submission.Bond, unlock: submission.Bond,
		challenger: challenger, caseID: c.Id,
	}); err != nil {
		return err
	}
	if submission, err = k.openInquiry(ctx, submission, c, params); err != nil {
		return err
	}
	submission.Status = types.SUBMISSION_STATUS_FAULTY
	return k.end(ctx, submission)
}

// fineVerifier fines a verifier whose digest a case proved wrong, or whose verdict an inquiry after it found
// wrong, and takes its seat's word and pay.
func (k Keeper) fineVerifier(
	ctx context.Context, submission types.Submission, c types.Case, verifier, challenger string,
	params types.Params,
) error {
	owner, err := k.address(verifier)
	if err != nil {
		return err
	}
	fine := slashing{
		fault: types.FAULT_WRONG_VERDICT, subject: submission.Id, owner: owner,
		role: types.ROLE_VERIFIER, caseID: c.Id,
	}
	if challenger != "" && challenger != verifier {
		if fine.challenger, err = k.address(challenger); err != nil {
			return err
		}
	}
	if err := k.slash(ctx, params, fine); err != nil {
		return err
	}
	audit, err := k.lastAudit(ctx, submission)
	if err != nil {
		return err
	}
	return k.Audits.Set(
		ctx, collections.Join(audit.SubmissionId, audit.Draw), types.MarkWrong(audit, verifier),
	)
}

func (k Keeper) lastAudit(
	ctx context.Context, submission types.Submission,
) (types.Audit, error) {
	return k.Audits.Get(ctx, collections.Join(submission.Id, submission.Draws-1))
}

// fineDigest fines the verifier whose digest was wrong.
func (k Keeper) fineDigest(
	ctx context.Context, c types.Case, outcome types.CaseOutcome, params types.Params,
) error {
	submission, err := k.Submissions.Get(ctx, c.SubmissionId)
	if err != nil {
		return err
	}
	if outcome.Convicts() {
		return k.fineVerifier(ctx, submission, c, c.Defender, c.Challenger, params)
	}
	return k.fineVerifier(ctx, submission, c, c.Challenger, "", params)
}

// fineChallenger takes what answers for a challenge that was not upheld: the bond of the challenge,
// half to the accused, or a part of the bond of a verifier.
func (k Keeper) fineChallenger(ctx context.Context, c types.Case, params types.Params) error {
	if c.Bond == 0 && c.Kind == types.CASE_KIND_AGGREGATE {
		return k.fineSum(ctx, c, c.Challenger, "", params)
	}
	if c.Bond == 0 {
		submission, err := k.Submissions.Get(ctx, c.SubmissionId)
		if err != nil {
			return err
		}
		return k.fineVerifier(ctx, submission, c, c.Challenger, "", params)
	}
	challenger, err := k.address(c.Challenger)
	if err != nil {
		return err
	}
	defender, err := k.address(c.Defender)
	if err != nil {
		return err
	}
	awarded := types.PartOf(c.Bond, params.Slash.FalseChallengeAccusedPpm)
	parts := types.SlashParts{Burned: c.Bond - awarded, Awarded: awarded}
	if err := k.distributeSlash(ctx, types.BondAccountName, parts, defender); err != nil {
		return err
	}
	return k.recordOffence(ctx, challenger, types.Offence{
		Fault: types.FAULT_FALSE_CHALLENGE, Subject: c.Id, Offender: c.Challenger,
		Taken: c.Bond, Burned: parts.Burned, Awarded: parts.Awarded, CaseId: c.Id,
	})
}

// leaveUndecided ends a submission whose dispute the referee could not judge: nobody loses a bond,
// and nothing is paid for it.
func (k Keeper) leaveUndecided(ctx context.Context, c types.Case) error {
	submission, err := k.endDispute(ctx, c)
	if err != nil {
		return err
	}
	if err := k.leaveAdapter(ctx, submission); err != nil {
		return err
	}
	return k.leaveUncounted(ctx, submission)
}

// resume goes on where a case that acquitted the miner had stopped: with the next challenge that
// waits, with the wait for maturity, or with the audit.
func (k Keeper) resume(ctx context.Context, id uint64, queue []types.Challenge) error {
	submission, err := k.Submissions.Get(ctx, id)
	if err != nil {
		return err
	}
	if len(queue) > 0 {
		return k.openQueued(ctx, submission, queue)
	}
	if submission.OpenCases > 0 {
		return nil
	}
	if submission.AcceptedHeight > 0 {
		submission.Status = types.SUBMISSION_STATUS_ACCEPTED
		if err := k.setStatus(ctx, submission); err != nil {
			return err
		}
		return k.schedule(ctx, max(submission.MatureHeight, height(ctx)+1),
			types.DUE_KIND_MATURE, submission.Id)
	}
	_, params, err := k.roundOf(ctx, submission.PoolId, submission.Round)
	if err != nil {
		return err
	}
	audit, err := k.lastAudit(ctx, submission)
	if err != nil {
		return err
	}
	return k.weighAudit(ctx, submission, audit, params)
}

// openQueued gives the next waiting challenge its case, which takes the rest of the queue along.
func (k Keeper) openQueued(
	ctx context.Context, submission types.Submission, queue []types.Challenge,
) error {
	id, err := k.openChallenged(ctx, submission, queue[0])
	if err != nil {
		return err
	}
	opened, err := k.Cases.Get(ctx, id)
	if err != nil {
		return err
	}
	opened.Queue = queue[1:]
	if err := k.Cases.Set(ctx, id, opened); err != nil {
		return err
	}
	audit, err := k.lastAudit(ctx, submission)
	if err != nil {
		return err
	}
	return k.holdUnbondings(ctx, audit.PaidVerifiers(), opened.EndsBy())
}

// openDispute opens the case that the verdicts of an audit ask for.
func (k Keeper) openDispute(
	ctx context.Context, submission types.Submission, audit types.Audit,
) error {
	c, step := types.DisputeOf(submission, audit)
	_, err := k.openCase(ctx, submission, step, c)
	return err
}

// forfeit takes the unpaid reward of a submission: its part of the emission is burned, its price
// stays in the escrow of the pool.
func (k Keeper) forfeit(
	ctx context.Context, submission types.Submission,
) (types.Submission, error) {
	if submission.AcceptedHeight == 0 {
		return submission, nil
	}
	audit, err := k.lastAudit(ctx, submission)
	if err != nil {
		return submission, err
	}
	epoch, err := loadOr(ctx, k.RewardEpochs, submission.RewardEpoch,
		types.RewardEpoch{Number: submission.RewardEpoch, Closed: true})
	if err != nil {
		return submission, err
	}
	epoch, burned, err := types.ForfeitFromEpoch(epoch, submission.WeightedWork, audit.PaidSeats())
	if err != nil {
		return submission, err
	}
	if err := k.setRewardEpoch(ctx, epoch); err != nil {
		return submission, err
	}
	if err := k.burn(ctx, types.RewardAccountName, burned); err != nil {
		return submission, err
	}
	submission.WeightedWork = 0
	return submission, k.addTotals(ctx, func(t *types.Totals) { t.Forfeited += burned })
}

// recallsMax bounds how many versions of a line one block takes back, or looks at.
const recallsMax = 256

// recallVersion takes back a version, if it is one, and every version of its pool that was trained
// from it. The pool goes on from the last one before it.
func (k Keeper) recallVersion(ctx context.Context, id uint64) error {
	if id == 0 {
		return nil
	}
	result, err := k.Adapters.Get(ctx, id)
	if err != nil || result.Status == types.ADAPTER_STATUS_RECALLED {
		return err
	}
	if err := k.recallAdapter(ctx, result); err != nil {
		return err
	}
	pool, err := k.Pools.Get(ctx, result.PoolId)
	if err != nil {
		return err
	}
	newest := pool.AdapterId
	if newest < id { // the pool has left this line, which a later block still takes back
		return k.recallLine(ctx, pool.Id, result.ParentId)
	}
	pool.AdapterId = result.ParentId
	if err := k.Pools.Set(ctx, pool.Id, pool); err != nil {
		return err
	}
	return k.recallLine(ctx, pool.Id, newest)
}

// recallLine takes back a version of a pool and those before it, up to one that is recalled already
// or of another pool. The next block goes on where this one has done enough.
func (k Keeper) recallLine(ctx context.Context, poolID, id uint64) error {
	for n := 0; id != 0; n++ {
		adapter, err := k.Adapters.Get(ctx, id)
		if err != nil || adapter.Status == types.ADAPTER_STATUS_RECALLED || adapter.PoolId != poolID {
			return err
		}
		if n == recallsMax {
			return k.schedule(ctx, height(ctx)+1, types.DUE_KIND_RECALL, id)
		}
		if err := k.recallAdapter(ctx, adapter); err != nil {
			return err
		}
		id = adapter.ParentId
	}
	return nil
}

// goOnRecalling takes back the line of a version.
func (k Keeper) goOnRecalling(ctx context.Context, id uint64) error {
	adapter, err := k.Adapters.Get(ctx, id)
	if err != nil {
		return err
	}
	return k.recallLine(ctx, adapter.PoolId, id)
}

// leaveRecalled moves a pool to the version that its next round starts from. What is wrong with a
// version of its own has moved the pool already; here it learns that the version of another pool that
// it began with was recalled, or comes from one that was. Its own versions since are then recalled in
// the next blocks. It has not left them all if there are more than one block looks at.
func (k Keeper) leaveRecalled(
	ctx context.Context, pool types.Pool,
) (moved types.Pool, left bool, err error) {
	var lines []uint64 // the newest version of each pool on the way back
	sound, lost := pool.AdapterId, 0
	at := sound
	for n := 0; at != 0 && n < recallsMax; n++ {
		adapter, err := k.Adapters.Get(ctx, at)
		if err != nil {
			return pool, false, err
		}
		if adapter.Status == types.ADAPTER_STATUS_RECALLED {
			at, sound, lost = adapter.ParentId, adapter.ParentId, len(lines)
			continue
		}
		lines = append(lines, at)
		origin, err := k.Pools.Get(ctx, adapter.PoolId)
		if err != nil {
			return pool, false, err
		}
		at = origin.ParentAdapterId
	}
	for _, id := range lines[:lost] {
		if err := k.schedule(ctx, height(ctx)+1, types.DUE_KIND_RECALL, id); err != nil {
			return pool, false, err
		}
	}
	pool.AdapterId = sound
	return pool, at == 0 || at != sound, k.Pools.Set(ctx, pool.Id, pool)
}

func (k Keeper) recallAdapter(ctx context.Context, adapter types.AdapterVersion) error {
	if adapter.Status == types.ADAPTER_STATUS_RECALLED {
		return nil
	}
	adapter.Status = types.ADAPTER_STATUS_RECALLED
	if err := k.Adapters.Set(ctx, adapter.Id, adapter); err != nil {
		return err
	}
	return emit(ctx, &types.EventAdapterStatusChanged{AdapterId: adapter.Id, Status: adapter.Status})
}

// leaveAdapter counts a submission that will not mature off the version that it is in.
func (k Keeper) leaveAdapter(ctx context.Context, submission types.Submission) error {
	if !submission.Summed {
		return nil
	}
	round, _, err := k.roundOf(ctx, submission.PoolId, submission.Round)
	if err != nil {
		return err
	}
	return k.matureAdapter(ctx, round.ResultAdapterId)
}
