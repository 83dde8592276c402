package keeper

import (
	"context"
	"encoding/hex"
	"errors"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"

	"r3mes.dev/chain/x/remes/types"
)

// queryServer answers questions. The keeper is a named field because its collections share names
// with the questions.
type queryServer struct{ keeper Keeper }

// NewQueryServer returns the answers to the module's questions.
func NewQueryServer(k Keeper) types.QueryServer { return queryServer{k} }

// find reads a record for a question: one that is not there is "not found" to every client.
func find[K, V any](
	ctx context.Context, m collections.Map[K, V], key K, missing *errorsmod.Error,
) (V, error) {
	value, err := load(ctx, m, key, missing)
	if errors.Is(err, missing) {
		return value, status.Error(codes.NotFound, err.Error())
	}
	return value, err
}

// address reads an address of a question: a wrong one is the fault of who asks.
func (s queryServer) address(text string) (sdk.AccAddress, error) {
	address, err := s.keeper.address(text)
	if err != nil {
		err = status.Error(codes.InvalidArgument, err.Error())
	}
	return address, err
}

// page lists records. How many it may read is bounded by the gas that a node has for a question.
func page[K, V any](
	ctx context.Context, m collections.Map[K, V], request *query.PageRequest,
	options ...func(*query.CollectionsPaginateOptions[K]),
) ([]V, *query.PageResponse, error) {
	return query.CollectionPaginate(ctx, m, request, func(_ K, value V) (V, error) { return value, nil }, options...)
}

func (s queryServer) Params(
	ctx context.Context, req *types.QueryParamsRequest,
) (*types.QueryParamsResponse, error) {
	if req.AtHeight < 0 {
		return nil, status.Errorf(codes.InvalidArgument, "height %d is negative", req.AtHeight)
	}
	at := req.AtHeight
	if at == 0 {
		at = height(ctx)
	}
	scheduled, err := s.keeper.ParamsAt(ctx, at)
	return &types.QueryParamsResponse{Params: scheduled}, err
}

func (s queryServer) Participant(
	ctx context.Context, req *types.QueryParticipantRequest,
) (*types.QueryParticipantResponse, error) {
	owner, err := s.address(req.Owner)
	if err != nil {
		return nil, err
	}
	participant, err := find(ctx, s.keeper.Participants, owner, types.ErrParticipantNotFound)
	if err != nil {
		return nil, err
	}
	bonds, err := valuesOf(
		ctx, s.keeper.Bonds, collections.NewPrefixedPairRange[sdk.AccAddress, int32](owner),
	)
	if err != nil {
		return nil, err
	}
	response := &types.QueryParticipantResponse{Participant: participant, Bonds: bonds}
	for _, role := range []types.Role{
		types.ROLE_MINER, types.ROLE_VERIFIER, types.ROLE_STORAGE_PROVIDER,
		types.ROLE_INFERENCE_PROVIDER,
	} {
		unbondings, err := s.keeper.unbondingsOf(ctx, owner, role)
		if err != nil {
			return nil, err
		}
		response.Unbondings = append(response.Unbondings, unbondings...)
	}
	return response, nil
}

func (s queryServer) Verifiers(
	ctx context.Context, req *types.QueryVerifiersRequest,
) (*types.QueryVerifiersResponse, error) {
	bonds, next, err := query.CollectionPaginate(ctx, s.keeper.Verifiers, req.Pagination,
		func(owner sdk.AccAddress, _ collections.NoValue) (types.Bond, error) {
			return s.keeper.bondOf(ctx, owner, types.ROLE_VERIFIER)
		})
	return &types.QueryVerifiersResponse{Verifiers: bonds, Pagination: next}, err
}

func (s queryServer) Beacon(
	ctx context.Context, _ *types.QueryBeaconRequest,
) (*types.QueryBeaconResponse, error) {
	current, err := s.keeper.currentEpoch(ctx)
	if err != nil {
		return nil, err
	}
	response := &types.QueryBeaconResponse{Current: current, Final: current}
	if len(current.Value) > 0 || current.Number == 0 {
		return response, nil
	}
	response.Final, err = loadOr(ctx, s.keeper.Epochs, current.Number-1, types.Epoch{})
	return response, err
}

func (s queryServer) Referees(
	ctx context.Context, req *types.QueryRefereesRequest,
) (*types.QueryRefereesResponse, error) {
	referees, next, err := page(ctx, s.keeper.Referees, req.Pagination)
	return &types.QueryRefereesResponse{Referees: referees, Pagination: next}, err
}

func (s queryServer) RefereeModule(
	ctx context.Context, req *types.QueryRefereeModuleRequest,
) (*types.QueryRefereeModuleResponse, error) {
	id, err := hex.DecodeString(req.Id)
	if err != nil {
		return nil, status.Errorf(codes.InvalidArgument, "%q is not hexadecimal", req.Id)
	}
	module, err := find(ctx, s.keeper.RefereeModules, id, types.ErrRefereeNotFound)
	return &types.QueryRefereeModuleResponse{Module: module}, err
}

func (s queryServer) Model(
	ctx context.Context, req *types.QueryModelRequest,
) (*types.QueryModelResponse, error) {
	model, err := find(ctx, s.keeper.Models, req.Id, types.ErrModelNotFound)
	return &types.QueryModelResponse{Model: model}, err
}

func (s queryServer) Models(
	ctx context.Context, req *types.QueryModelsRequest,
) (*types.QueryModelsResponse, error) {
	models, next, err := page(ctx, s.keeper.Models, req.Pagination)
	return &types.QueryModelsResponse{Models: models, Pagination: next}, err
}

func (s queryServer) Dataset(
	ctx context.Context, req *types.QueryDatasetRequest,
) (*types.QueryDatasetResponse, error) {
	dataset, err := find(ctx, s.keeper.Datasets, req.Id, types.ErrDatasetNotFound)
	return &types.QueryDatasetResponse{Dataset: dataset}, err
}

func (s queryServer) Datasets(
	ctx context.Context, req *types.QueryDatasetsRequest,
) (*types.QueryDatasetsResponse, error) {
	datasets, next, err := page(ctx, s.keeper.Datasets, req.Pagination)
	return &types.QueryDatasetsResponse{Datasets: datasets, Pagination: next}, err
}

func (s queryServer) Pool(
	ctx context.Context, req *types.QueryPoolRequest,
) (*types.QueryPoolResponse, error) {
	pool, err := find(ctx, s.keeper.Pools, req.Id, types.ErrPoolNotFound)
	if err != nil {
		return nil, err
	}
	round, err := s.keeper.Rounds.Get(ctx, collections.Join(pool.Id, pool.Round))
	return &types.QueryPoolResponse{Pool: pool, Round: round}, err
}

func (s queryServer) Pools(
	ctx context.Context, req *types.QueryPoolsRequest,
) (*types.QueryPoolsResponse, error) {
	pools, next, err := page(ctx, s.keeper.Pools, req.Pagination)
	return &types.QueryPoolsResponse{Pools: pools, Pagination: next}, err
}

// Estimate says what an accepted chunk of a pool would pay its miner now.
func (s queryServer) Estimate(
	ctx context.Context, req *types.QueryEstimateRequest,
) (*types.QueryEstimateResponse, error) {
	pool, err := find(ctx, s.keeper.Pools, req.PoolId, types.ErrPoolNotFound)
	if err != nil {
		return nil, err
	}
	model, err := s.keeper.Models.Get(ctx, pool.ModelId)
	if err != nil {
		return nil, err
	}
	epoch, err := s.keeper.currentRewardEpoch(ctx)
	if err != nil {
		return nil, err
	}
	totals, err := s.keeper.totals(ctx)
	if err != nil {
		return nil, err
	}
	params, err := s.keeper.params(ctx)
	if err != nil {
		return nil, err
	}
	supply := s.keeper.bank.GetSupply(ctx, Denom).Amount.Uint64()
	return types.EstimateChunk(pool, model.Programs[pool.Program], epoch, totals, supply, params)
}

func (s queryServer) Round(
	ctx context.Context, req *types.QueryRoundRequest,
) (*types.QueryRoundResponse, error) {
	round, err := find(
		ctx, s.keeper.Rounds, collections.Join(req.PoolId, req.Number), types.ErrRoundNotFound,
	)
	return &types.QueryRoundResponse{Round: round}, err
}

func (s queryServer) Rounds(
	ctx context.Context, req *types.QueryRoundsRequest,
) (*types.QueryRoundsResponse, error) {
	rounds, next, err := page(ctx, s.keeper.Rounds, req.Pagination,
		query.WithCollectionPaginationPairPrefix[uint64, uint32](req.PoolId))
	return &types.QueryRoundsResponse{Rounds: rounds, Pagination: next}, err
}

func (s queryServer) Lease(
	ctx context.Context, req *types.QueryLeaseRequest,
) (*types.QueryLeaseResponse, error) {
	lease, err := find(ctx, s.keeper.Leases, req.Id, types.ErrLeaseNotFound)
	return &types.QueryLeaseResponse{Lease: lease}, err
}

func (s queryServer) Submission(
	ctx context.Context, req *types.QuerySubmissionRequest,
) (*types.QuerySubmissionResponse, error) {
	submission, err := find(ctx, s.keeper.Submissions, req.Id, types.ErrSubmissionNotFound)
	if err != nil {
		return nil, err
	}
	audits, err := valuesOf(
		ctx, s.keeper.Audits, collections.NewPrefixedPairRange[uint64, uint32](req.Id),
	)
	return &types.QuerySubmissionResponse{Submission: submission, Audits: audits}, err
}

func (s queryServer) Submissions(
	ctx context.Context, req *types.QuerySubmissionsRequest,
) (*types.QuerySubmissionsResponse, error) {
	submissions, next, err := query.CollectionPaginate(ctx, s.keeper.SubmissionsByRound, req.Pagination,
		func(key submissionKey, _ collections.NoValue) (types.Submission, error) {
			return s.keeper.Submissions.Get(ctx, key.K3())
		}, inRound[uint64](req.PoolId, req.Round))
	return &types.QuerySubmissionsResponse{Submissions: submissions, Pagination: next}, err
}

func (s queryServer) Findings(
	ctx context.Context, req *types.QueryFindingsRequest,
) (*types.QueryFindingsResponse, error) {
	findings, next, err := page(ctx, s.keeper.Findings, req.Pagination,
		query.WithCollectionPaginationPairPrefix[uint64, sdk.AccAddress](req.SubmissionId))
	return &types.QueryFindingsResponse{Findings: findings, Pagination: next}, err
}

func (s queryServer) Attestations(
	ctx context.Context, req *types.QueryAttestationsRequest,
) (*types.QueryAttestationsResponse, error) {
	attestations, next, err := page(ctx, s.keeper.Attestations, req.Pagination,
		inRound[sdk.AccAddress](req.PoolId, req.Round))
	return &types.QueryAttestationsResponse{Attestations: attestations, Pagination: next}, err
}

// inRound keeps a page to the records of one round.
func inRound[K any](
	pool uint64, round uint32,
) func(*query.CollectionsPaginateOptions[collections.Triple[uint64, uint32, K]]) {
	return func(options *query.CollectionsPaginateOptions[collections.Triple[uint64, uint32, K]]) {
		prefix := collections.TripleSuperPrefix[uint64, uint32, K](pool, round)
		options.Prefix = &prefix
	}
}

func (s queryServer) Adapter(
	ctx context.Context, req *types.QueryAdapterRequest,
) (*types.QueryAdapterResponse, error) {
	adapter, err := find(ctx, s.keeper.Adapters, req.Id, types.ErrAdapterNotFound)
	return &types.QueryAdapterResponse{Adapter: adapter}, err
}

func (s queryServer) Adapters(
	ctx context.Context, req *types.QueryAdaptersRequest,
) (*types.QueryAdaptersResponse, error) {
	adapters, next, err := page(ctx, s.keeper.Adapters, req.Pagination)
	return &types.QueryAdaptersResponse{Adapters: adapters, Pagination: next}, err
}

func (s queryServer) Rewards(
	ctx context.Context, req *types.QueryRewardsRequest,
) (*types.QueryRewardsResponse, error) {
	owner, err := s.address(req.Owner)
	if err != nil {
		return nil, err
	}
	amount, err := s.keeper.rewardsOf(ctx, owner)
	return &types.QueryRewardsResponse{Amount: amount}, err
}

func (s queryServer) Offences(
	ctx context.Context, req *types.QueryOffencesRequest,
) (*types.QueryOffencesResponse, error) {
	owner, err := s.address(req.Owner)
	if err != nil {
		return nil, err
	}
	offences, next, err := page(ctx, s.keeper.Offences, req.Pagination,
		func(options *query.CollectionsPaginateOptions[offenceKey]) {
			prefix := collections.TriplePrefix[sdk.AccAddress, int32, uint64](owner)
			options.Prefix = &prefix
		})
	return &types.QueryOffencesResponse{Offences: offences, Pagination: next}, err
}

func (s queryServer) Supply(
	ctx context.Context, _ *types.QuerySupplyRequest,
) (*types.QuerySupplyResponse, error) {
	totals, err := s.keeper.totals(ctx)
	if err != nil {
		return nil, err
	}
	balances, err := s.keeper.Balances(ctx)
	return &types.QuerySupplyResponse{Totals: totals, Balances: balances}, err
}
