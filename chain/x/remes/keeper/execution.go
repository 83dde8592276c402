package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"
	storetypes "cosmossdk.io/store/types"

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
	bytesMax := params.TileBytesMax
	if d.Case.Kind == types.CASE_KIND_AGGREGATE {
		bytesMax = types.LimitSumInputBytesMax
	}
	if err := types.CheckTileSize(msg, bytesMax); err != nil {
		return nil, err
	}
	sdk.UnwrapSDKContext(ctx).GasMeter().ConsumeGas(params.TileFuelMax/fuelPerGas, "referee")

	decided, outcome, err := s.execute(ctx, d, msg, params)
	if err != nil {
		return nil, err
	}
	// Whoever proves a tile pays for the proof alone, however many challenges wait, versions follow or
	// verifiers answer: others could make those too many for a transaction.
	ctx = sdk.UnwrapSDKContext(ctx).WithGasMeter(storetypes.NewInfiniteGasMeter())
	return &types.MsgExecuteTileResponse{Outcome: outcome}, s.closeCase(ctx, decided, outcome)
}

// ForeseeTile takes it for granted that whoever is to move in a case brings its tile, and that this
// ends the case: what a mempool thinks of the next block. It refuses anybody else, who may bring it
// as well but is not awaited.
func (k Keeper) ForeseeTile(ctx context.Context, msg *types.MsgExecuteTile) error {
	c, err := load(ctx, k.Cases, msg.CaseId, types.ErrCaseNotFound)
	if err != nil {
		return err
	}
	if err := c.CheckMove(height(ctx)); err != nil {
		return err
	}
	if c.Claim.Stage != types.CASE_STAGE_EXECUTION {
		return types.ErrCaseMoveWrong.Wrapf("case %d is in %s", c.Id, c.Claim.Stage)
	}
	if err := k.requireParty(ctx, msg.Executor, c.ToMove(), c); err != nil {
		return err
	}
	c.Outcome = types.CASE_OUTCOME_UNDECIDED
	return k.Cases.Set(ctx, c.Id, c)
}

// execute judges the disputed tile from its proven inputs.
func (k Keeper) execute(
	ctx context.Context, d types.Dispute, msg *types.MsgExecuteTile, params types.DisputeParams,
) (types.Case, types.CaseOutcome, error) {
	model, roots, err := k.agreedRoots(ctx, d)
	if err != nil {
		return d.Case, types.CASE_OUTCOME_UNDECIDED, err
	}
	switch d.Case.Kind {
	case types.CASE_KIND_UPDATE:
		return judgeTile(types.NewUpdateTile, d, roots, msg)
	case types.CASE_KIND_AGGREGATE:
		return judgeTile(types.NewSumTile, d, roots, msg)
	}
	return k.runReferee(ctx, d, model, roots, msg, params)
}

// judged is a tile that consensus computes by itself.
type judged interface {
	Judge() (types.Hash, types.CaseOutcome, error)
}

// judgeTile compares the claim of a case with what the tile is in truth, without a referee.
func judgeTile[T judged](
	newTile func(types.Dispute, types.AgreedRoots, *types.MsgExecuteTile) (T, error),
	d types.Dispute, roots types.AgreedRoots, msg *types.MsgExecuteTile,
) (types.Case, types.CaseOutcome, error) {
	tile, err := newTile(d, roots, msg)
	if err != nil {
		return d.Case, types.CASE_OUTCOME_UNDECIDED, err
	}
	truth, outcome, err := tile.Judge()
	d.Case.ExecutedHash = truth[:]
	return d.Case, outcome, err
}

// runReferee has the referee compute the disputed tile of an operation.
func (k Keeper) runReferee(
	ctx context.Context, d types.Dispute, model types.Model, roots types.AgreedRoots,
	msg *types.MsgExecuteTile, params types.DisputeParams,
) (types.Case, types.CaseOutcome, error) {
	undecided := types.CASE_OUTCOME_UNDECIDED
	tile, err := types.NewTile(d, roots, msg)
	if err != nil {
		return d.Case, undecided, err
	}
	bytes, err := k.RefereeModules.Get(ctx, model.RefereeId)
	if err != nil {
		return d.Case, undecided, err
	}
	module, err := k.referee.Register(bytes)
	if err != nil {
		return d.Case, undecided, types.ErrRefereeInvalid.Wrap(err.Error())
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

// agreedRoots are the records that the inputs of a tile are proven under.
func (k Keeper) agreedRoots(
	ctx context.Context, d types.Dispute,
) (types.Model, types.AgreedRoots, error) {
	none := types.AgreedRoots{}
	pool, err := k.Pools.Get(ctx, d.Case.PoolId)
	if err != nil {
		return types.Model{}, none, err
	}
	model, err := k.Models.Get(ctx, pool.ModelId)
	if err != nil {
		return model, none, err
	}
	dataset, err := k.Datasets.Get(ctx, pool.DatasetId)
	if err != nil {
		return model, none, err
	}
	round, err := k.Rounds.Get(ctx, collections.Join(d.Case.PoolId, d.Case.Round))
	if err != nil {
		return model, none, err
	}
	roots := types.AgreedRoots{
		Model: model, Dataset: dataset, Pool: pool, Round: round, Adapter: model.InitialAdapterRoot,
	}
	if round.AdapterId != 0 {
		adapter, err := k.Adapters.Get(ctx, round.AdapterId)
		if err != nil {
			return model, none, err
		}
		roots.Adapter, roots.Momentum = adapter.Root, adapter.MomentumRoot
	}
	return model, roots, nil
}
