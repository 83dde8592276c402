package keeper

import (
	"context"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"r3mes.dev/chain/x/remes/types"
)

// Challenge disputes a step or the update of a submission, or the sum of a round, and locks a bond.
// Where too many cases are open already the challenge waits in the oldest of them.
func (s msgServer) Challenge(
	ctx context.Context, msg *types.MsgChallenge,
) (*types.MsgChallengeResponse, error) {
	challenger, err := s.address(msg.Challenger)
	if err != nil {
		return nil, err
	}
	if msg.Kind == types.CASE_KIND_AGGREGATE && msg.SubmissionId == 0 {
		return s.challengeSum(ctx, msg, challenger)
	}
	known := msg.Kind == types.CASE_KIND_STEP || msg.Kind == types.CASE_KIND_UPDATE
	if !known || msg.PoolId != 0 || msg.Round != 0 || msg.Momentum {
		return nil, types.ErrChallengeKindInvalid.Wrapf("%s", msg.Kind)
	}
	submission, err := load(ctx, s.Submissions, msg.SubmissionId, types.ErrSubmissionNotFound)
	if err != nil {
		return nil, err
	}
	params, err := s.params(ctx)
	if err != nil {
		return nil, err
	}
	if err := types.CheckChallenge(submission, msg.Kind, msg.Step, height(ctx)); err != nil {
		return nil, err
	}
	if err := requireStranger(submission, msg.Challenger); err != nil {
		return nil, err
	}
	open, err := s.openCasesOf(ctx, submission.Id)
	if err != nil {
		return nil, err
	}
	return s.takeChallenge(ctx, challenger, types.Challenge{
		Challenger: msg.Challenger, Kind: msg.Kind, Step: msg.Step,
	}, params, open, func(challenge types.Challenge) (uint64, error) {
		return s.openChallenged(ctx, submission, challenge)
	})
}

// takeChallenge locks the bond of a challenge of what the open cases are about. It waits in the
// oldest of them if they are too many, or else gets a case of its own.
func (k Keeper) takeChallenge(
	ctx context.Context, challenger sdk.AccAddress, challenge types.Challenge, params types.Params,
	open []types.Case, begin func(types.Challenge) (uint64, error),
) (*types.MsgChallengeResponse, error) {
	queued := len(open) >= int(params.Dispute.OpenCasesMax)
	if err := types.CheckNewChallenge(open, challenge.Challenger, queued); err != nil {
		return nil, err
	}

	challenge.Bond = types.ChallengeBond(open, queued, params.Bond.Challenge)
	if err := k.takeFrom(ctx, challenger, types.BondAccountName, challenge.Bond); err != nil {
		return nil, err
	}
	if queued {
		return &types.MsgChallengeResponse{CaseId: open[0].Id, Queued: true},
			k.queueChallenge(ctx, open[0], challenge)
	}
	id, err := begin(challenge)
	return &types.MsgChallengeResponse{CaseId: id}, err
}

// requireStranger refuses a challenge of a miner's own work: the challenger's part of a fine would
// give it back. Its operator may challenge, since any key can be named as one, that of a stranger who
// is about to challenge too.
func requireStranger(submission types.Submission, challenger string) error {
	if challenger == submission.Miner {
		return types.ErrUnauthorized.Wrapf("%s is the miner of submission %d", challenger, submission.Id)
	}
	return nil
}

// openCasesOf are the open cases about a submission, the oldest first: at most those that may be
// open, and the one that opened by itself.
func (k Keeper) openCasesOf(ctx context.Context, submission uint64) ([]types.Case, error) {
	keys, err := keysOf(
		ctx, k.CasesBySubmission, collections.NewPrefixedPairRange[uint64, uint64](submission),
	)
	if err != nil {
		return nil, err
	}
	cases := make([]types.Case, len(keys))
	for i, key := range keys {
		if cases[i], err = k.Cases.Get(ctx, key.K2()); err != nil {
			return nil, err
		}
	}
	return cases, nil
}

func (k Keeper) queueChallenge(
	ctx context.Context, oldest types.Case, challenge types.Challenge,
) error {
	oldest.Queue = append(oldest.Queue, challenge)
	if err := k.Cases.Set(ctx, oldest.Id, oldest); err != nil {
		return err
	}
	return emit(ctx, &types.EventChallengeQueued{
		CaseId: oldest.Id, SubmissionId: oldest.SubmissionId, Challenger: challenge.Challenger,
		PoolId: oldest.PoolId, Round: oldest.Round,
	})
}

// openChallenged opens a case about a submission for a challenge with a bond.
func (k Keeper) openChallenged(
	ctx context.Context, submission types.Submission, challenge types.Challenge,
) (uint64, error) {
	return k.openCase(ctx, submission, challenge.Step, types.Case{
		Kind: challenge.Kind, Defender: submission.Miner,
		Challenger: challenge.Challenger, Bond: challenge.Bond,
	})
}

// openCase begins a case and holds up its submission. Its clocks are those of the round: the parties have
// had them before their eyes since they began, and bonds stay for as long as they may run.
func (k Keeper) openCase(
	ctx context.Context, submission types.Submission, step uint32, c types.Case,
) (uint64, error) {
	_, params, err := k.roundOf(ctx, submission.PoolId, submission.Round)
	if err != nil {
		return 0, err
	}
	if c, err = types.OpenCase(c, submission, step, params.Dispute, height(ctx)); err != nil {
		return 0, err
	}
	id, err := k.beginCase(ctx, c)
	if err != nil {
		return 0, err
	}
	submission.OpenCases++
	if submission.Status == types.SUBMISSION_STATUS_DISPUTED {
		return id, k.Submissions.Set(ctx, submission.Id, submission)
	}
	submission.Status = types.SUBMISSION_STATUS_DISPUTED
	return id, k.setStatus(ctx, submission)
}

// beginCase gives a case its number, and announces it.
func (k Keeper) beginCase(ctx context.Context, c types.Case) (id uint64, err error) {
	if c.Id, err = next(ctx, k.CaseID); err != nil {
		return 0, err
	}
	if err := k.indexCase(ctx, c); err != nil {
		return 0, err
	}
	if err := emit(ctx, &types.EventCaseOpened{
		CaseId: c.Id, Kind: c.Kind, SubmissionId: c.SubmissionId, Defender: c.Defender,
		Challenger: c.Challenger, PoolId: c.PoolId, Round: c.Round,
	}); err != nil {
		return 0, err
	}
	return c.Id, k.setCase(ctx, c, c)
}

// indexCase makes an open case known to those whom it concerns.
func (k Keeper) indexCase(ctx context.Context, c types.Case) error {
	var err error
	if c.Kind == types.CASE_KIND_AGGREGATE {
		err = k.CasesByRound.Set(ctx, collections.Join3(c.PoolId, c.Round, c.Id))
	} else {
		err = k.CasesBySubmission.Set(ctx, collections.Join(c.SubmissionId, c.Id))
	}
	if err != nil {
		return err
	}
	return k.eachParty(c, func(party sdk.AccAddress) error {
		return k.CasesByParty.Set(ctx, collections.Join(party, c.Id))
	})
}

func (k Keeper) unindexCase(ctx context.Context, c types.Case) error {
	var err error
	if c.Kind == types.CASE_KIND_AGGREGATE {
		err = k.CasesByRound.Remove(ctx, collections.Join3(c.PoolId, c.Round, c.Id))
	} else {
		err = k.CasesBySubmission.Remove(ctx, collections.Join(c.SubmissionId, c.Id))
	}
	if err != nil {
		return err
	}
	return k.eachParty(c, func(party sdk.AccAddress) error {
		return k.CasesByParty.Remove(ctx, collections.Join(party, c.Id))
	})
}

func (k Keeper) eachParty(c types.Case, do func(sdk.AccAddress) error) error {
	for _, name := range []string{c.Defender, c.Challenger} {
		party, err := k.address(name)
		if err != nil {
			return err
		}
		if err := do(party); err != nil {
			return err
		}
	}
	return nil
}

// setCase stores a case after a move, sees to it that the end of the clock is noticed, and
// announces whose move it is.
func (k Keeper) setCase(ctx context.Context, before, c types.Case) error {
	if err := k.Cases.Set(ctx, c.Id, c); err != nil {
		return err
	}
	if err := k.schedule(ctx, c.Deadline(), types.DUE_KIND_CASE_CLOCK, c.Id); err != nil {
		return err
	}
	return emit(ctx, &types.EventCaseMoved{
		CaseId: c.Id, Stage: c.Claim.Stage, ToMove: c.ToMove(), BlocksLeft: c.BlocksLeft(),
		Found: types.FoundBy(before, c),
	})
}

// dispute is a case with the records that its moves are judged by.
func (k Keeper) dispute(ctx context.Context, id uint64) (types.Dispute, error) {
	d := types.Dispute{}
	var err error
	if d.Case, err = load(ctx, k.Cases, id, types.ErrCaseNotFound); err != nil {
		return d, err
	}
	if !d.Case.Open() { // its submission may be gone
		return d, d.Case.CheckMove(height(ctx))
	}
	if d.Case.Kind != types.CASE_KIND_AGGREGATE {
		if d.Submission, err = k.Submissions.Get(ctx, d.Case.SubmissionId); err != nil {
			return d, err
		}
	}
	pool, err := k.Pools.Get(ctx, d.Case.PoolId)
	if err != nil {
		return d, err
	}
	model, err := k.Models.Get(ctx, pool.ModelId)
	if err != nil {
		return d, err
	}
	d.Steps, d.Density = pool.Hyperparameters.LocalSteps, pool.Hyperparameters.Density
	d.Program = model.Programs[pool.Program]
	if d.Case.Kind == types.CASE_KIND_DIGEST {
		d.Audit, err = k.Audits.Get(ctx, collections.Join(d.Case.SubmissionId, d.Case.Draw))
	}
	return d, err
}

// requireParty refuses a move of anybody but one party: by its operator, or by its own key.
func (k Keeper) requireParty(ctx context.Context, signer, party string, c types.Case) error {
	key, err := k.address(signer)
	if err != nil {
		return err
	}
	owner, err := loadOr(ctx, k.Operators, key, []byte(key))
	if err != nil {
		return err
	}
	name, err := k.text(owner)
	if err != nil {
		return err
	}
	defends, err := k.defends(ctx, owner, c)
	if err != nil {
		return err
	}
	switch {
	case signer == party || name == party || party == c.Defender && defends:
		return nil
	case name == c.Defender || name == c.Challenger || signer == c.Challenger || defends:
		return types.ErrCaseOtherParty.Wrapf("case %d expects %s to move", c.Id, party)
	}
	return types.ErrUnauthorized.Wrapf("%s is no party of case %d", signer, c.Id)
}

// PostTrace shows the children of the disputed node.
func (s msgServer) PostTrace(
	ctx context.Context, msg *types.MsgPostTrace,
) (*types.MsgPostTraceResponse, error) {
	d, err := s.dispute(ctx, msg.CaseId)
	if err != nil {
		return nil, err
	}
	if err := s.requireParty(ctx, msg.Operator, d.Case.Defender, d.Case); err != nil {
		return nil, err
	}
	moved, err := d.Post(msg, height(ctx))
	if err != nil {
		return nil, err
	}
	return &types.MsgPostTraceResponse{}, s.setCase(ctx, d.Case, moved)
}

// Pinpoint names the first child that differs.
func (s msgServer) Pinpoint(
	ctx context.Context, msg *types.MsgPinpoint,
) (*types.MsgPinpointResponse, error) {
	d, err := s.dispute(ctx, msg.CaseId)
	if err != nil {
		return nil, err
	}
	if err := s.requireParty(ctx, msg.Operator, d.Case.Challenger, d.Case); err != nil {
		return nil, err
	}
	moved, err := d.Pin(msg.Child, height(ctx))
	if err != nil {
		return nil, err
	}
	return &types.MsgPinpointResponse{}, s.setCase(ctx, d.Case, moved)
}

// timeOutCase ends a case whose running clock has run out.
func (k Keeper) timeOutCase(ctx context.Context, id uint64) error {
	c, err := k.Cases.Get(ctx, id)
	if err != nil || !c.Open() || height(ctx) < c.Deadline() {
		return err
	}
	return k.closeCase(ctx, c, c.TimeOut())
}
