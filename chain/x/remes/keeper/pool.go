package keeper

import (
	"context"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"r3mes.dev/chain/x/remes/types"
)

// openingGas is the price of the two items that a pool puts into the queue of what is due, where
// nobody ever works for it: its first round begins, and the first window ends. Blocks are filled with
// transactions by their gas, a hundred million of it, and handle items by their number, two hundred on
// every preset. At this price whoever buys all gas of a block fills half of a block's end.
const openingGas = 2_000_000

// OpenPool funds the training of an adapter and opens its first round.
func (s msgServer) OpenPool(
	ctx context.Context, msg *types.MsgOpenPool,
) (*types.MsgOpenPoolResponse, error) {
	sponsor, err := s.address(msg.Sponsor)
	if err != nil {
		return nil, err
	}
	params, err := s.params(ctx)
	if err != nil {
		return nil, err
	}
	model, err := load(ctx, s.Models, msg.ModelId, types.ErrModelNotFound)
	if err != nil {
		return nil, err
	}
	dataset, err := load(ctx, s.Datasets, msg.DatasetId, types.ErrDatasetNotFound)
	if err != nil {
		return nil, err
	}
	if err := s.checkParent(ctx, msg); err != nil {
		return nil, err
	}

	pool, err := types.NewPool(msg, model, dataset, params, height(ctx))
	if err != nil {
		return nil, err
	}

	sdk.UnwrapSDKContext(ctx).GasMeter().ConsumeGas(openingGas, "the first round of a pool")
	if pool.Id, err = next(ctx, s.PoolID); err != nil {
		return nil, err
	}
	if err := s.takeFrom(ctx, sponsor, types.EscrowAccountName, pool.Budget); err != nil {
		return nil, err
	}
	if err := emit(ctx, &types.EventPoolOpened{
		PoolId: pool.Id, Sponsor: pool.Sponsor, ModelId: pool.ModelId, DatasetId: pool.DatasetId,
		Budget: pool.Budget,
	}); err != nil {
		return nil, err
	}
	return &types.MsgOpenPoolResponse{Id: pool.Id}, s.openRound(ctx, pool)
}

// checkParent refuses an adapter of another model or another program: its tensors would not fit.
func (k Keeper) checkParent(ctx context.Context, msg *types.MsgOpenPool) error {
	if msg.ParentAdapterId == 0 {
		return nil
	}
	adapter, err := load(ctx, k.Adapters, msg.ParentAdapterId, types.ErrAdapterNotFound)
	if err != nil {
		return err
	}
	if adapter.Status == types.ADAPTER_STATUS_RECALLED {
		return types.ErrAdapterRecalled.Wrapf("version %d", adapter.Id)
	}
	origin, err := k.Pools.Get(ctx, adapter.PoolId)
	if err != nil {
		return err
	}
	if adapter.ModelId != msg.ModelId || origin.Program != msg.Program {
		return types.ErrAdapterModelMismatch.Wrapf(
			"version %d is of program %d of model %d", adapter.Id, origin.Program, adapter.ModelId)
	}
	return nil
}

// ClosePool ends a pool after its current round.
func (s msgServer) ClosePool(
	ctx context.Context, msg *types.MsgClosePool,
) (*types.MsgClosePoolResponse, error) {
	pool, err := load(ctx, s.Pools, msg.PoolId, types.ErrPoolNotFound)
	if err != nil {
		return nil, err
	}
	if msg.Sponsor != pool.Sponsor {
		return nil, types.ErrUnauthorized.Wrapf("pool %d was opened by %s", pool.Id, pool.Sponsor)
	}
	if pool.Status != types.POOL_STATUS_OPEN {
		return nil, types.ErrPoolClosed.Wrapf("pool %d", pool.Id)
	}
	pool.Status = types.POOL_STATUS_CLOSING
	if err := s.Pools.Set(ctx, pool.Id, pool); err != nil {
		return nil, err
	}
	event := &types.EventPoolStatusChanged{PoolId: pool.Id, Status: pool.Status}
	if err := emit(ctx, event); err != nil {
		return nil, err
	}
	round, _, err := s.roundOf(ctx, pool.Id, pool.Round)
	if err != nil || !round.Resting() {
		return &types.MsgClosePoolResponse{}, err
	}
	return &types.MsgClosePoolResponse{}, s.endTraining(ctx, pool.Id) // nothing else would end it
}

// SetPoolWeight weighs the work of a pool in the emission, for chunks that are leased from now on: who
// holds a lease decided to train by what it would pay.
func (s msgServer) SetPoolWeight(
	ctx context.Context, msg *types.MsgSetPoolWeight,
) (*types.MsgSetPoolWeightResponse, error) {
	if err := s.requireAuthority(msg.Authority); err != nil {
		return nil, err
	}
	pool, err := load(ctx, s.Pools, msg.PoolId, types.ErrPoolNotFound)
	if err != nil {
		return nil, err
	}
	if msg.EmissionWeightPpm > types.Million {
		return nil, types.ErrMessageInvalid.Wrapf(
			"weight %d, at most %d ppm", msg.EmissionWeightPpm, types.Million,
		)
	}
	pool.EmissionWeightPpm = msg.EmissionWeightPpm
	if err := s.Pools.Set(ctx, pool.Id, pool); err != nil {
		return nil, err
	}
	event := &types.EventPoolWeightChanged{
		PoolId: pool.Id, EmissionWeightPpm: pool.EmissionWeightPpm,
	}
	return &types.MsgSetPoolWeightResponse{}, emit(ctx, event)
}

// openRound opens the next round of a pool. It waits for a beacon that nobody knows yet. The version
// that it will start from is known only then: until its training the one that is named may be recalled.
func (k Keeper) openRound(ctx context.Context, pool types.Pool) error {
	pool.Round++
	params, err := k.params(ctx)
	if err != nil {
		return err
	}
	if pool, _, err = k.leaveRecalled(ctx, pool); err != nil {
		return err
	}
	round := types.Round{
		PoolId:     pool.Id,
		Number:     pool.Round,
		Phase:      types.ROUND_PHASE_WAITING,
		AdapterId:  pool.AdapterId,
		OpenHeight: height(ctx),
	}
	due, err := k.beaconDue(ctx, params, round.OpenHeight)
	if err != nil {
		return err
	}
	if err := k.schedule(ctx, due, types.DUE_KIND_ROUND_START, pool.Id); err != nil {
		return err
	}
	return k.setPhase(ctx, round, 0)
}

// startRound shuffles the chunks of a round, if the beacon is known, and if the version is that it
// starts from.
func (k Keeper) startRound(ctx context.Context, poolID uint64) error {
	pool, round, params, err := k.currentRound(ctx, poolID)
	if err != nil || round.Phase != types.ROUND_PHASE_WAITING {
		return err
	}
	epoch, found, err := k.beacon.After(ctx, round.OpenHeight)
	if err != nil {
		return err
	}
	if !found {
		due, err := k.beaconDue(ctx, params, round.OpenHeight)
		if err != nil {
			return err
		}
		return k.schedule(ctx, due, types.DUE_KIND_ROUND_START, poolID)
	}
	pool, left, err := k.leaveRecalled(ctx, pool)
	if err != nil {
		return err
	}
	if !left {
		return k.schedule(ctx, height(ctx)+1, types.DUE_KIND_ROUND_START, poolID)
	}
	round.AdapterId = pool.AdapterId
	round = types.StartRound(round, pool, chainID(ctx), types.Hash(epoch.Value), height(ctx))
	return k.startTraining(ctx, round)
}

// startTraining announces a training window, and sees to it that its end is noticed.
func (k Keeper) startTraining(ctx context.Context, round types.Round) error {
	if err := k.schedule(
		ctx, round.TrainingEndHeight, types.DUE_KIND_TRAINING_END, round.PoolId,
	); err != nil {
		return err
	}
	return k.setPhase(ctx, round, round.TrainingEndHeight)
}

// currentRound is a pool with its current round and the parameters of the height at which the round
// was opened.
func (k Keeper) currentRound(
	ctx context.Context, poolID uint64,
) (types.Pool, types.Round, types.Params, error) {
	pool, err := load(ctx, k.Pools, poolID, types.ErrPoolNotFound)
	if err != nil {
		return pool, types.Round{}, types.Params{}, err
	}
	round, params, err := k.roundOf(ctx, poolID, pool.Round)
	return pool, round, params, err
}

// roundOf is a round and the parameters of the height at which it was opened.
func (k Keeper) roundOf(
	ctx context.Context, poolID uint64, number uint32,
) (types.Round, types.Params, error) {
	round, err := load(ctx, k.Rounds, collections.Join(poolID, number), types.ErrRoundNotFound)
	if err != nil {
		return round, types.Params{}, err
	}
	scheduled, err := k.ParamsAt(ctx, round.OpenHeight)
	return round, scheduled.Params, err
}

func (k Keeper) setRound(ctx context.Context, round types.Round) error {
	return k.Rounds.Set(ctx, collections.Join(round.PoolId, round.Number), round)
}

// setPhase stores a round that has moved on, and announces it.
func (k Keeper) setPhase(ctx context.Context, round types.Round, end int64) error {
	if err := k.setRound(ctx, round); err != nil {
		return err
	}
	return emit(ctx, &types.EventRoundPhaseChanged{
		PoolId: round.PoolId, Round: round.Number, Phase: round.Phase, EndHeight: end,
		AdapterId: round.AdapterId, LeftOut: round.LeftOut,
	})
}

// finishRound ends a round with or without a result, opens the next one, or begins to close the
// pool.
func (k Keeper) finishRound(ctx context.Context, pool types.Pool, round types.Round) error {
	if err := k.setPhase(ctx, round, 0); err != nil {
		return err
	}
	goesOn, err := k.mayGoOn(ctx, pool)
	if err != nil {
		return err
	}
	if goesOn && round.Number < pool.Rounds {
		if err := k.openRound(ctx, pool); err != nil {
			return err
		}
		return k.settleRound(ctx, round)
	}
	if pool.Status == types.POOL_STATUS_OPEN {
		pool.Status = types.POOL_STATUS_CLOSING
		event := &types.EventPoolStatusChanged{PoolId: pool.Id, Status: pool.Status}
		if err := emit(ctx, event); err != nil {
			return err
		}
	}
	if err := k.Pools.Set(ctx, pool.Id, pool); err != nil {
		return err
	}
	return k.settleRound(ctx, round)
}

// mayGoOn says that a pool is open, and that what it trains and trains on is still approved.
func (k Keeper) mayGoOn(ctx context.Context, pool types.Pool) (bool, error) {
	model, err := k.Models.Get(ctx, pool.ModelId)
	if err != nil {
		return false, err
	}
	dataset, err := k.Datasets.Get(ctx, pool.DatasetId)
	return pool.Status == types.POOL_STATUS_OPEN && model.Status == types.STATUS_APPROVED &&
		dataset.Status == types.STATUS_APPROVED, err
}

// closeIfPaid stores a pool, and closes it once its last round is over and nothing in it can be
// paid any more: the rest of the budget returns to the sponsor.
func (k Keeper) closeIfPaid(ctx context.Context, pool types.Pool, last types.Round) error {
	over := last.Phase == types.ROUND_PHASE_COMPLETE || last.Phase == types.ROUND_PHASE_CARRIED_OVER
	if pool.Status != types.POOL_STATUS_CLOSING || pool.OpenSubmissions > 0 || !over {
		return k.Pools.Set(ctx, pool.Id, pool)
	}
	sponsor, err := k.address(pool.Sponsor)
	if err != nil {
		return err
	}
	returned := pool.Escrow
	pool.Escrow, pool.Status = 0, types.POOL_STATUS_CLOSED
	if err := k.giveTo(ctx, types.EscrowAccountName, sponsor, returned); err != nil {
		return err
	}
	if err := k.Pools.Set(ctx, pool.Id, pool); err != nil {
		return err
	}
	return emit(
		ctx,
		&types.EventPoolStatusChanged{PoolId: pool.Id, Status: pool.Status, Returned: returned},
	)
}
