package keeper

import (
	"cmp"
	"context"
	"slices"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"r3mes.dev/chain/x/remes/types"
)

// Duties says what an operator must do next, and by when: a daemon that does what this answers, in
// time, is never fined.
func (s queryServer) Duties(
	ctx context.Context, req *types.QueryDutiesRequest,
) (*types.QueryDutiesResponse, error) {
	owner, err := s.ownerOf(ctx, req.Operator)
	if err != nil {
		return nil, err
	}
	var duties []types.Duty
	for _, gather := range []func(context.Context, sdk.AccAddress) ([]types.Duty, error){
		s.workDuties, s.auditDuties, s.beaconDuties, s.caseDuties, s.standInDuties, s.inquiryDuties,
	} {
		found, err := gather(ctx, owner)
		if err != nil {
			return nil, err
		}
		duties = append(duties, found...)
	}
	own, err := s.ownCaseDuties(ctx, req.Operator, owner)
	if err != nil {
		return nil, err
	}
	duties = append(duties, own...)
	slices.SortStableFunc(duties, func(a, b types.Duty) int { return cmp.Compare(a.EndHeight, b.EndHeight) })
	return &types.QueryDutiesResponse{Duties: duties}, nil
}

// ownCaseDuties are those of the cases that an operator's key has opened itself: anybody may be a
// challenger, and such a case is not its owner's.
func (s queryServer) ownCaseDuties(
	ctx context.Context, operator string, owner sdk.AccAddress,
) ([]types.Duty, error) {
	key, err := s.address(operator)
	if err != nil || key.Equals(owner) {
		return nil, err
	}
	return s.caseDuties(ctx, key)
}

// ownerOf accepts an operator's address, or the owner's own.
func (s queryServer) ownerOf(ctx context.Context, address string) (sdk.AccAddress, error) {
	key, err := s.address(address)
	if err != nil {
		return nil, err
	}
	owner, err := loadOr(ctx, s.keeper.Operators, key, nil)
	if err != nil {
		return nil, err
	}
	if owner != nil {
		return owner, nil
	}
	cases, err := keysOf(
		ctx, s.keeper.CasesByParty, collections.NewPrefixedPairRange[sdk.AccAddress, uint64](key),
	)
	if err != nil || len(cases) > 0 { // anybody may be a challenger
		return key, err
	}
	_, err = find(ctx, s.keeper.Participants, key, types.ErrParticipantNotFound)
	return key, err
}

// workDuties are those of a miner. Their number is bounded by its bond.
func (s queryServer) workDuties(ctx context.Context, owner sdk.AccAddress) ([]types.Duty, error) {
	keys, err := keysOf(
		ctx, s.keeper.OpenWork, collections.NewPrefixedPairRange[sdk.AccAddress, uint64](owner),
	)
	if err != nil {
		return nil, err
	}
	var duties []types.Duty
	for _, key := range keys {
		duty, err := s.workDuty(ctx, key.K2())
		if err != nil {
			return nil, err
		}
		if duty.Kind != types.DUTY_KIND_UNSPECIFIED {
			duties = append(duties, duty)
		}
	}
	return duties, nil
}

func (s queryServer) workDuty(ctx context.Context, id uint64) (types.Duty, error) {
	lease, leased, err := lookup(ctx, s.keeper.Leases, id)
	if err != nil {
		return types.Duty{}, err
	}
	if leased {
		return types.Duty{
			Kind: types.DUTY_KIND_COMMIT, Id: id, FromHeight: height(ctx),
			EndHeight: lease.EndHeight,
		}, nil
	}
	submission, err := s.keeper.Submissions.Get(ctx, id)
	if err != nil {
		return types.Duty{}, err
	}
	switch submission.Status {
	case types.SUBMISSION_STATUS_COMMITTED:
		round, _, err := s.keeper.roundOf(ctx, submission.PoolId, submission.Round)
		if err != nil || round.Phase != types.ROUND_PHASE_REVEAL {
			return types.Duty{}, err
		}
		end := round.RevealEndHeight
		if height(ctx) >= end { // the next block is late, and takes it for a part of the slot
			end = round.LateRevealEndHeight
		}
		return types.Duty{
			Kind: types.DUTY_KIND_REVEAL, Id: id, FromHeight: height(ctx), EndHeight: end,
		}, nil
	case types.SUBMISSION_STATUS_DRAWN:
		_, audit, _, err := s.keeper.openAudit(ctx, id)
		return types.Duty{
			Kind: types.DUTY_KIND_OPEN_STEP, Id: id, FromHeight: height(ctx),
			EndHeight: audit.EndHeight,
		}, err
	}
	return types.Duty{}, nil
}

func (s queryServer) auditDuties(ctx context.Context, owner sdk.AccAddress) ([]types.Duty, error) {
	name, err := s.keeper.text(owner)
	if err != nil {
		return nil, err
	}
	keys, err := keysOf(
		ctx, s.keeper.OpenSeats, collections.NewPrefixedPairRange[sdk.AccAddress, uint64](owner),
	)
	if err != nil {
		return nil, err
	}
	var duties []types.Duty
	for _, key := range keys {
		_, audit, _, err := s.keeper.openAudit(ctx, key.K2())
		if err != nil {
			return nil, err
		}
		if kind := types.VerdictDuty(audit, name); kind != types.DUTY_KIND_UNSPECIFIED {
			duties = append(duties, types.Duty{
				Kind: kind, Id: key.K2(), FromHeight: height(ctx), EndHeight: audit.EndHeight,
			})
		}
	}
	return duties, nil
}

func (s queryServer) beaconDuties(ctx context.Context, owner sdk.AccAddress) ([]types.Duty, error) {
	current, err := s.keeper.currentEpoch(ctx)
	if err != nil {
		return nil, err
	}
	commitment, err := loadOr(
		ctx, s.keeper.BeaconCommitments, collections.Join(current.Number, owner),
		types.BeaconCommitment{},
	)
	if err != nil || commitment.Epoch == 0 || len(commitment.Secret) > 0 {
		return nil, err
	}
	return []types.Duty{{
		Kind: types.DUTY_KIND_REVEAL_BEACON, Id: current.Number,
		FromHeight: current.StartHeight + 1, EndHeight: current.RevealEndHeight,
	}}, nil
}
