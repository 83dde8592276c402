package keeper

import (
	"context"

	"cosmossdk.io/collections"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"

	"r3mes.dev/chain/x/remes/types"
)

// Case returns the file of a dispute, and who must move until when.
func (s queryServer) Case(
	ctx context.Context, req *types.QueryCaseRequest,
) (*types.QueryCaseResponse, error) {
	c, err := find(ctx, s.keeper.Cases, req.Id, types.ErrCaseNotFound)
	if err != nil {
		return nil, err
	}
	response := &types.QueryCaseResponse{Case: c}
	if c.Open() {
		response.ToMove, response.EndHeight = c.ToMove(), c.Deadline()
		return response, nil
	}
	response.Offences, err = s.keeper.offencesOf(ctx, c)
	return response, err
}

// offencesOf are the fines that a case led to.
func (k Keeper) offencesOf(ctx context.Context, c types.Case) ([]types.Offence, error) {
	audits, err := valuesOf(
		ctx, k.Audits, collections.NewPrefixedPairRange[uint64, uint32](c.SubmissionId),
	)
	if err != nil {
		return nil, err
	}
	var offences []types.Offence
	for _, suspect := range types.SuspectsOf(c, audits) {
		offender, err := k.address(suspect.Owner)
		if err != nil {
			return nil, err
		}
		key := collections.Join3(offender, int32(suspect.Fault), suspect.Subject)
		offence, err := loadOr(ctx, k.Offences, key, types.Offence{})
		if err != nil {
			return nil, err
		}
		if offence.CaseId == c.Id {
			offences = append(offences, offence)
		}
	}
	return offences, nil
}

// Cases returns the disputes: all, or the open ones of a submission or of a party.
func (s queryServer) Cases(
	ctx context.Context, req *types.QueryCasesRequest,
) (*types.QueryCasesResponse, error) {
	if req.SubmissionId != 0 && req.Party != "" {
		return nil, status.Error(codes.InvalidArgument, "submission_id or party, not both")
	}
	var cases []types.Case
	var next *query.PageResponse
	var err error
	switch {
	case req.SubmissionId != 0:
		cases, next, err = query.CollectionPaginate(ctx, s.keeper.CasesBySubmission, req.Pagination,
			func(key caseKey, _ collections.NoValue) (types.Case, error) {
				return s.keeper.Cases.Get(ctx, key.K2())
			}, query.WithCollectionPaginationPairPrefix[uint64, uint64](req.SubmissionId))
	case req.Party != "":
		party, addressErr := s.address(req.Party)
		if addressErr != nil {
			return nil, addressErr
		}
		cases, next, err = query.CollectionPaginate(ctx, s.keeper.CasesByParty, req.Pagination,
			func(key workKey, _ collections.NoValue) (types.Case, error) {
				return s.keeper.Cases.Get(ctx, key.K2())
			}, query.WithCollectionPaginationPairPrefix[sdk.AccAddress, uint64](party))
	default:
		cases, next, err = page(ctx, s.keeper.Cases, req.Pagination)
	}
	return &types.QueryCasesResponse{Cases: cases, Pagination: next}, err
}

// Offence returns the file of one fine: why somebody was slashed.
func (s queryServer) Offence(
	ctx context.Context, req *types.QueryOffenceRequest,
) (*types.QueryOffenceResponse, error) {
	owner, err := s.address(req.Owner)
	if err != nil {
		return nil, err
	}
	key := collections.Join3(owner, int32(req.Fault), req.Subject)
	offence, err := find(ctx, s.keeper.Offences, key, types.ErrOffenceNotFound)
	if err != nil || offence.CaseId == 0 {
		return &types.QueryOffenceResponse{Offence: offence}, err
	}
	c, err := s.keeper.Cases.Get(ctx, offence.CaseId)
	return &types.QueryOffenceResponse{Offence: offence, Case: &c}, err
}

// caseDuties are the moves that are asked of a party.
func (s queryServer) caseDuties(ctx context.Context, owner sdk.AccAddress) ([]types.Duty, error) {
	name, err := s.keeper.text(owner)
	if err != nil {
		return nil, err
	}
	keys, err := keysOf(
		ctx, s.keeper.CasesByParty, collections.NewPrefixedPairRange[sdk.AccAddress, uint64](owner),
	)
	if err != nil {
		return nil, err
	}
	var duties []types.Duty
	for _, key := range keys {
		c, err := s.keeper.Cases.Get(ctx, key.K2())
		if err != nil {
			return nil, err
		}
		if kind := c.Duty(name); kind != types.DUTY_KIND_UNSPECIFIED {
			duties = append(duties, types.Duty{
				Kind: kind, Id: c.Id, FromHeight: height(ctx), EndHeight: c.Deadline(),
			})
		}
	}
	return duties, nil
}
