package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"r3mes.dev/chain/x/remes/referee"
	"r3mes.dev/chain/x/remes/types"
)

// fuelPerGas prices a tile: what every validator computes costs the executor as if it took the
// whole allowance, whatever a validator keeps compiled.
const fuelPerGas = 20

// ExecuteTile has every validator compute the disputed tile with the registered referee. The result
// decides the case.
func (s msgServer) ExecuteTile(
	ctx context.Context, msg *types.MsgExecuteTile,
) (*types.MsgExecuteTileResponse, error) {
	d, err := s.dispute(ctx, msg.CaseId)
	if err != nil {
		return nil, err
	}
	if err := d.Case.CheckMove(height(ctx)); err != nil {
		return nil, err
	}
	if d.Case.Claim.Stage != types.CASE_STAGE_EXECUTION {
		return nil, types.ErrCaseMoveWrong.Wrapf("case %d is in %s", d.Case.Id, d.Case.Claim.Stage)
	}
	scheduled, err := s.ParamsAt(ctx, d.Case.OpenHeight)
	if err != nil {
		return nil, err
	}
	params := scheduled.Params.Dispute
	if err := types.CheckTileSize(msg, params.TileBytesMax); err != nil {
		return nil, err
	}
	sdk.UnwrapSDKContext(ctx).GasMeter().ConsumeGas(params.TileFuelMax/fuelPerGas, "referee")

	decided, outcome, err := s.execute(ctx, d, msg, params)
	if err != nil {
		return nil, err
	}
	return &types.MsgExecuteTileResponse{Outcome: outcome}, s.closeCase(ctx, decided, outcome)
}

// execute runs the referee on the proven inputs of the disputed tile.
func (k Keeper) execute(
	ctx context.Context, d types.Dispute, msg *types.MsgExecuteTile, params types.DisputeParams,
) (types.Case, types.CaseOutcome, error) {
	undecided := types.CASE_OUTCOME_UNDECIDED
	tile, module, err := k.tileOf(ctx, d, msg)
	if err != nil {
		return d.Case, undecided, err
	}
	payload, outcome, err := module.Run(referee.Task{
		Op: d.Case.Record, Constants: tile.Constants(), Tile: uint32(d.Case.Claim.Index),
		Fuel: params.TileFuelMax - min(params.TileFuelMax, referee.FuelConstant),
	}, func(r referee.Range) ([]byte, error) {
		return tile.Read(types.LeafRange(r))
	})
	var misfit *referee.TaskError
	switch {
	case errors.Is(err, types.ErrTileUnreadable), errors.As(err, &misfit):
		return d.Case, undecided, nil
	case err != nil:
		return d.Case, undecided, err
	case outcome.Code != referee.Done:
		d.Case.RefereeCode = outcome.Refusal
		return d.Case, undecided, nil
	}
	if err := tile.RequireUsed(); err != nil {
		return d.Case, undecided, err
	}
	hash, ok := tile.OutputLeaf(uint32(d.Case.Claim.Index), payload)
	if !ok {
		return d.Case, undecided, nil
	}
	d.Case.ExecutedHash = hash[:]
	return d.Case, d.Case.TileOutcome(hash), nil
}

// tileOf is the disputed tile with everything that its inputs are proven under, and the referee
// that computes it.
func (k Keeper) tileOf(
	ctx context.Context, d types.Dispute, msg *types.MsgExecuteTile,
) (*types.Tile, *referee.Module, error) {
	pool, err := k.Pools.Get(ctx, d.Case.PoolId)
	if err != nil {
		return nil, nil, err
	}
	model, err := k.Models.Get(ctx, pool.ModelId)
	if err != nil {
		return nil, nil, err
	}
	dataset, err := k.Datasets.Get(ctx, pool.DatasetId)
	if err != nil {
		return nil, nil, err
	}
	round, err := k.Rounds.Get(ctx, collections.Join(d.Case.PoolId, d.Case.Round))
	if err != nil {
		return nil, nil, err
	}
	roots := types.AgreedRoots{
		Model: model, Dataset: dataset, Pool: pool, Round: round, Adapter: model.InitialAdapterRoot,
	}
	if round.AdapterId != 0 {
		adapter, err := k.Adapters.Get(ctx, round.AdapterId)
		if err != nil {
			return nil, nil, err
		}
		roots.Adapter = adapter.Root
	}
	bytes, err := k.RefereeModules.Get(ctx, model.RefereeId)
	if err != nil {
		return nil, nil, err
	}
	module, err := k.referee.Register(bytes)
	if err != nil {
		return nil, nil, types.ErrRefereeInvalid.Wrap(err.Error())
	}
	tile, err := types.NewTile(d, roots, msg)
	return tile, module, err
}
