package keeper

import (
	"context"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"r3mes.dev/chain/x/remes/types"
)

// ClaimChunk leases the next chunk of a pool's queue and locks a slot of the miner's bond.
func (s msgServer) ClaimChunk(
	ctx context.Context, msg *types.MsgClaimChunk,
) (*types.MsgClaimChunkResponse, error) {
	miner, participant, err := s.participantOf(ctx, msg.Operator)
	if err != nil {
		return nil, err
	}
	pool, round, _, err := s.currentRound(ctx, msg.PoolId)
	if err != nil {
		return nil, err
	}

	now := height(ctx)
	if round, err = s.inTraining(ctx, pool, round); err != nil {
		return nil, err
	}
	if now < participant.PausedUntil {
		return nil, types.ErrLeaseLimitReached.Wrapf(
			"%d leases were left behind; the next is given at height %d", participant.ExpiredLeases,
			participant.PausedUntil)
	}
	bond, slot, err := s.lockSlot(ctx, miner, round)
	if err != nil {
		return nil, err
	}
	chunk, round, err := s.nextChunk(ctx, pool, round)
	if err != nil {
		return nil, err
	}
	work, err := s.weightedWork(ctx, pool)
	if err != nil {
		return nil, err
	}
	id, err := next(ctx, s.LeaseID)
	if err != nil {
		return nil, err
	}
	lease := types.Lease{
		Id:           id,
		PoolId:       pool.Id,
		Round:        round.Number,
		Position:     chunk.Position,
		Chunk:        chunk.Index,
		Miner:        participant.Owner,
		EndHeight:    min(now+int64(pool.LeaseBlocks), round.TrainingEndHeight),
		Bond:         slot,
		WeightedWork: work,
	}

	chunk.Status = types.CHUNK_STATUS_LEASED
	round.Leased++
	if err := s.storeLease(ctx, miner, lease, chunk, round); err != nil {
		return nil, err
	}
	if err := s.setBond(ctx, miner, bond); err != nil {
		return nil, err
	}
	err = emit(ctx, &types.EventChunkLeased{
		LeaseId:   id,
		PoolId:    pool.Id,
		Round:     round.Number,
		Chunk:     chunk.Index,
		Miner:     participant.Owner,
		EndHeight: lease.EndHeight,
	})
	return &types.MsgClaimChunkResponse{
		LeaseId: id, Round: round.Number, Chunk: chunk.Index, EndHeight: lease.EndHeight,
	}, err
}

// lockSlot is a miner's bond with one more slot locked, by the parameters of a round, and how much that
// is. It stores nothing.
func (k Keeper) lockSlot(
	ctx context.Context, miner sdk.AccAddress, round types.Round,
) (types.Bond, uint64, error) {
	began, err := k.ParamsAt(ctx, round.OpenHeight)
	if err != nil {
		return types.Bond{}, 0, err
	}
	bond, err := k.bondOf(ctx, miner, types.ROLE_MINER)
	if err != nil {
		return types.Bond{}, 0, err
	}
	slot := began.Params.Bond.MinerSlot
	bond, err = types.LockSlot(bond, slot)
	return bond, slot, err
}

// weightedWork is what a chunk of a pool counts in the emission by the pool's weight of now.
func (k Keeper) weightedWork(ctx context.Context, pool types.Pool) (uint64, error) {
	model, err := k.Models.Get(ctx, pool.ModelId)
	if err != nil {
		return 0, err
	}
	return types.WeightedWork(model.Programs[pool.Program], pool), nil
}

// inTraining is a round of which chunks may be leased now. If it rests its next window begins.
func (k Keeper) inTraining(
	ctx context.Context, pool types.Pool, round types.Round,
) (types.Round, error) {
	now := height(ctx)
	if round.Resting() {
		goesOn, err := k.mayGoOn(ctx, pool)
		if err == nil && !goesOn {
			err = types.ErrPoolClosed.Wrapf("pool %d: what it trains is no longer approved", pool.Id)
		}
		if err != nil {
			return round, err
		}
		// Nobody is bound by the parameters that it was opened with, which may be of long ago.
		round.OpenHeight, round.TrainingEndHeight = now, now+int64(pool.TrainingBlocks)
		return round, k.startTraining(ctx, round)
	}
	if round.Phase != types.ROUND_PHASE_TRAINING || now >= round.TrainingEndHeight {
		return round, types.ErrPhaseWrong.Wrapf(
			"round %d of pool %d is in %s", round.Number, pool.Id, round.Phase,
		)
	}
	return round, nil
}

func (k Keeper) storeLease(
	ctx context.Context, miner sdk.AccAddress, lease types.Lease, chunk types.Chunk,
	round types.Round,
) error {
	if err := k.Leases.Set(ctx, lease.Id, lease); err != nil {
		return err
	}
	if err := k.OpenWork.Set(ctx, collections.Join(miner, lease.Id)); err != nil {
		return err
	}
	if err := k.setChunk(ctx, chunk); err != nil {
		return err
	}
	if err := k.setRound(ctx, round); err != nil {
		return err
	}
	return k.schedule(ctx, lease.EndHeight, types.DUE_KIND_LEASE_END, lease.Id)
}

// nextChunk is the first chunk that waits for another lease, else the next of the queue.
func (k Keeper) nextChunk(
	ctx context.Context, pool types.Pool, round types.Round,
) (types.Chunk, types.Round, error) {
	queued, err := k.queuedChunks(ctx, round)
	if err != nil {
		return types.Chunk{}, round, err
	}
	if len(queued) > 0 {
		if err := k.QueuedChunks.Remove(ctx, queued[0]); err != nil {
			return types.Chunk{}, round, err
		}
		chunk, err := k.Chunks.Get(ctx, queued[0])
		return chunk, round, err
	}
	if round.NextPosition == pool.ChunksPerRound {
		return types.Chunk{}, round, types.ErrChunkNoneLeft.Wrapf(
			"round %d of pool %d", round.Number, pool.Id,
		)
	}
	position := round.NextPosition
	round.NextPosition++
	index, err := types.QueuePosition(round, pool.ChunksTotal, position)
	chunk := types.Chunk{PoolId: pool.Id, Round: round.Number, Position: position, Index: index}
	return chunk, round, err
}

// queuedChunks are the places of a round that wait for another lease: at most its chunks.
func (k Keeper) queuedChunks(ctx context.Context, round types.Round) ([]chunkKey, error) {
	return keysOf(ctx, k.QueuedChunks,
		collections.NewSuperPrefixedTripleRange[uint64, uint32, uint32](round.PoolId, round.Number))
}

func (k Keeper) setChunk(ctx context.Context, chunk types.Chunk) error {
	return k.Chunks.Set(ctx, collections.Join3(chunk.PoolId, chunk.Round, chunk.Position), chunk)
}

// expireLease puts a chunk back into the queue. It costs the miner no bond, but after several it must
// wait.
func (k Keeper) expireLease(ctx context.Context, id uint64) error {
	lease, found, err := lookup(ctx, k.Leases, id)
	if err != nil || !found { // committed in the meantime
		return err
	}
	miner, err := k.address(lease.Miner)
	if err != nil {
		return err
	}
	round, params, err := k.roundOf(ctx, lease.PoolId, lease.Round)
	if err != nil {
		return err
	}
	chunk, err := k.Chunks.Get(ctx, collections.Join3(lease.PoolId, lease.Round, lease.Position))
	if err != nil {
		return err
	}

	chunk = types.ExpireChunk(chunk, params.Round)
	round.Leased--

	if err := k.Leases.Remove(ctx, id); err != nil {
		return err
	}
	if err := k.OpenWork.Remove(ctx, collections.Join(miner, id)); err != nil {
		return err
	}
	if err := k.setChunk(ctx, chunk); err != nil {
		return err
	}
	if chunk.Status == types.CHUNK_STATUS_QUEUED {
		key := collections.Join3(chunk.PoolId, chunk.Round, chunk.Position)
		if err := k.QueuedChunks.Set(ctx, key); err != nil {
			return err
		}
	}
	if err := k.setRound(ctx, round); err != nil {
		return err
	}
	if err := k.unlockSlot(ctx, miner, lease.Bond); err != nil {
		return err
	}
	if err := emit(ctx, &types.EventLeaseExpired{
		LeaseId: id, PoolId: lease.PoolId, Round: lease.Round, Chunk: lease.Chunk,
		Miner: lease.Miner,
	}); err != nil {
		return err
	}
	pool, err := k.Pools.Get(ctx, lease.PoolId)
	if err != nil {
		return err
	}
	if err := k.countLeft(ctx, miner, pool, params.Round); err != nil {
		return err
	}
	return k.endTrainingEarly(ctx, pool, round)
}

// countLeft counts a lease that a miner left behind.
func (k Keeper) countLeft(
	ctx context.Context, miner sdk.AccAddress, pool types.Pool, params types.RoundParams,
) error {
	participant, err := k.Participants.Get(ctx, miner)
	if err != nil {
		return err
	}
	return k.Participants.Set(
		ctx, miner, types.CountLeft(participant, pool.LeaseBlocks, params, height(ctx)))
}

func (k Keeper) unlockSlot(ctx context.Context, miner sdk.AccAddress, slot uint64) error {
	bond, err := k.bondOf(ctx, miner, types.ROLE_MINER)
	if err != nil {
		return err
	}
	return k.setBond(ctx, miner, types.UnlockSlot(bond, slot))
}
