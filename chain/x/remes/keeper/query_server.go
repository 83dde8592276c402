package keeper

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"r3mes.dev/chain/x/remes/types"
)

// queryServer answers questions. The keeper is a named field because its collections share names with the questions.
type queryServer struct{ keeper Keeper }

// NewQueryServer returns the answers to the module's questions.
func NewQueryServer(k Keeper) types.QueryServer { return queryServer{k} }

func (s queryServer) Params(ctx context.Context, req *types.QueryParamsRequest) (*types.QueryParamsResponse, error) {
	if req.AtHeight < 0 {
		return nil, status.Errorf(codes.InvalidArgument, "height %d is negative", req.AtHeight)
	}
	at := req.AtHeight
	if at == 0 {
		at = height(ctx)
	}
	scheduled, err := s.keeper.ParamsAt(ctx, at)
	if err != nil {
		return nil, err
	}
	return &types.QueryParamsResponse{Params: scheduled}, nil
}
