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
	d, params, err := s.disputedTile(ctx, msg)
	if err != nil {
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

// disputedTile is the dispute that waits for a tile, with the parameters that it goes by.
func (k Keeper) disputedTile(
	ctx context.Context, msg *types.MsgExecuteTile,
) (types.Dispute, types.DisputeParams, error) {
	none := types.DisputeParams{}
	d, err := k.dispute(ctx, msg.CaseId)
	if err != nil {
		return d, none, err
	}
	if err := d.Case.CheckMove(height(ctx)); err != nil {
		return d, none, err
	}
	if d.Case.Claim.Stage != types.CASE_STAGE_EXECUTION {
		return d, none, types.ErrCaseMoveWrong.Wrapf("case %d is in %s", d.Case.Id, d.Case.Claim.Stage)
	}
	_, ofRound, err := k.roundOf(ctx, d.Case.PoolId, d.Case.Round)
	if err != nil {
		return d, none, err
	}
	params := ofRound.Dispute
	bytesMax := params.TileBytesMax
	if d.Case.Kind == types.CASE_KIND_AGGREGATE {
		bytesMax = types.LimitSumInputBytesMax
	}
	return d, params, types.CheckTileSize(msg, bytesMax)
}

// ForeseeTile does what ExecuteTile does but for running the referee, which takes too long, and takes
// it for granted that this ends the case: what a mempool thinks of the next block. Whatever a referee
// is given is proven before it runs, so what is foreseen ends its case indeed. It refuses everybody but
// whoever is to move: others may bring the tile as well, but are not awaited.
func (k Keeper) ForeseeTile(ctx context.Context, msg *types.MsgExecuteTile) error {
	d, params, err := k.disputedTile(ctx, msg)
	if err != nil {
		return err
	}
	if err := k.requireParty(ctx, msg.Executor, d.Case.ToMove(), d.Case); err != nil {
		return err
	}
	if d.Case.Kind == types.CASE_KIND_UPDATE || d.Case.Kind == types.CASE_KIND_AGGREGATE {
		_, _, err = k.execute(ctx, d, msg, params)
	} else {
		_, err = k.gatherTile(ctx, d, msg, params)
	}
	if err != nil {
		return err
	}
	d.Case.Outcome = types.CASE_OUTCOME_UNDECIDED
	return k.Cases.Set(ctx, d.Case.Id, d.Case)
}

// execute judges the disputed tile from its proven inputs.
func (k Keeper) execute(
	ctx context.Context, d types.Dispute, msg *types.MsgExecuteTile, params types.DisputeParams,
) (types.Case, types.CaseOutcome, error) {
	if d.Case.Kind != types.CASE_KIND_UPDATE && d.Case.Kind != types.CASE_KIND_AGGREGATE {
		return k.runReferee(ctx, d, msg, params)
	}
	roots, err := k.agreedRoots(ctx, d)
	if err != nil {
		return d.Case, types.CASE_OUTCOME_UNDECIDED, err
	}
	if d.Case.Kind == types.CASE_KIND_UPDATE {
		return judgeTile(types.NewUpdateTile, d, roots, msg)
	}
	return judgeTile(types.NewSumTile, d, roots, msg)
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

// gathered is a tile before its execution: all that it reads is proven, and nothing else is brought.
type gathered struct {
	module *referee.Module
	tile   *types.Tile
	task   referee.Task
	// outcome is not Done where the referee names no leaves, or such as are not there.
	outcome referee.Outcome
}

// gatherTile proves what the referee names. That costs little beside an execution, and comes before it.
func (k Keeper) gatherTile(
	ctx context.Context, d types.Dispute, msg *types.MsgExecuteTile, params types.DisputeParams,
) (g gathered, err error) {
	roots, err := k.agreedRoots(ctx, d)
	if err != nil {
		return g, err
	}
	if g.tile, err = types.NewTile(d, roots, msg); err != nil {
		return g, err
	}
	bytes, err := k.RefereeModules.Get(ctx, roots.Model.RefereeId)
	if err != nil {
		return g, err
	}
	if g.module, err = k.referee.Register(bytes); err != nil {
		return g, types.ErrRefereeInvalid.Wrap(err.Error())
	}
	g.task, g.outcome, err = g.module.Gather(referee.Task{
		Op: d.Case.Record, Constants: g.tile.Constants(), Tile: uint32(d.Case.Claim.Index),
		Fuel: params.TileFuelMax - min(params.TileFuelMax, referee.FuelConstant),
	}, func(r referee.Range) ([]byte, error) {
		return g.tile.Read(types.LeafRange(r))
	})
	if unfit(err) {
		g.outcome = referee.Outcome{Code: referee.Trapped}
		return g, nil
	}
	if err == nil && g.outcome.Code == referee.Done {
		err = g.tile.RequireUsed()
	}
	return g, err
}

// unfit says that a registration is at fault, and nobody in the case: the referee names leaves that
// the operation does not have, or more than a request holds.
func unfit(err error) bool {
	var misfit *referee.TaskError
	return errors.Is(err, types.ErrTileUnreadable) || errors.As(err, &misfit)
}

// runReferee has the referee compute the disputed tile of an operation.
func (k Keeper) runReferee(
	ctx context.Context, d types.Dispute, msg *types.MsgExecuteTile, params types.DisputeParams,
) (types.Case, types.CaseOutcome, error) {
	undecided := types.CASE_OUTCOME_UNDECIDED
	g, err := k.gatherTile(ctx, d, msg, params)
	if err != nil {
		return d.Case, undecided, err
	}
	var payload []byte
	outcome := g.outcome
	if outcome.Code == referee.Done {
		payload, outcome, err = g.module.Execute(g.task)
	}
	switch {
	case unfit(err):
		return d.Case, undecided, nil
	case err != nil:
		return d.Case, undecided, err
	case outcome.Code != referee.Done:
		d.Case.RefereeCode = outcome.Refusal
		return d.Case, undecided, nil
	}
	hash, ok := g.tile.OutputLeaf(uint32(d.Case.Claim.Index), payload)
	if !ok {
		return d.Case, undecided, nil
	}
	d.Case.ExecutedHash = hash[:]
	return d.Case, d.Case.TileOutcome(hash), nil
}

// agreedRoots are the records that the inputs of a tile are proven under.
func (k Keeper) agreedRoots(
	ctx context.Context, d types.Dispute,
) (types.AgreedRoots, error) {
	none := types.AgreedRoots{}
	pool, err := k.Pools.Get(ctx, d.Case.PoolId)
	if err != nil {
		return none, err
	}
	model, err := k.Models.Get(ctx, pool.ModelId)
	if err != nil {
		return none, err
	}
	dataset, err := k.Datasets.Get(ctx, pool.DatasetId)
	if err != nil {
		return none, err
	}
	round, err := k.Rounds.Get(ctx, collections.Join(d.Case.PoolId, d.Case.Round))
	if err != nil {
		return none, err
	}
	roots := types.AgreedRoots{
		Model: model, Dataset: dataset, Pool: pool, Round: round, Adapter: model.InitialAdapterRoot,
	}
	if round.AdapterId != 0 {
		adapter, err := k.Adapters.Get(ctx, round.AdapterId)
		if err != nil {
			return none, err
		}
		roots.Adapter, roots.Momentum = adapter.Root, adapter.MomentumRoot
	}
	return roots, nil
}
