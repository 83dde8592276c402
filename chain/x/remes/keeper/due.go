package keeper

import (
	"context"
	"fmt"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"r3mes.dev/chain/x/remes/types"
)

// retryBlocks is how long an item waits that could not be handled.
const retryBlocks = 10

// schedule puts something into the queue. An item whose record has moved on in the meantime does
// nothing when its height comes, so nothing ever has to be taken out.
func (k Keeper) schedule(ctx context.Context, at int64, kind types.DueKind, id uint64) error {
	return k.Due.Set(ctx, collections.Join3(at, int32(kind), id))
}

// EndBlock handles what is due, at most params.block.items_max items; the rest waits for the next
// block. An item that fails changes nothing and is tried again later, so no item can halt the
// chain.
func (k Keeper) EndBlock(ctx context.Context) error {
	params, err := k.params(ctx)
	if err != nil {
		return err
	}
	now, limit := height(ctx), int(params.Block.ItemsMax)
	due, err := k.dueKeys(ctx, new(collections.Range[dueKey]).EndExclusive(
		collections.TriplePrefix[int64, int32, uint64](now+1)), limit)
	if err != nil {
		return err
	}
	if err := k.handleAll(ctx, due, now); err != nil {
		return err
	}
	woken, err := k.awaited(ctx, limit-len(due)) // by what was due
	if err != nil {
		return err
	}
	return k.handleAll(ctx, woken, now)
}

// handleAll takes items out of the queue and handles them.
func (k Keeper) handleAll(ctx context.Context, keys []dueKey, now int64) error {
	for _, key := range keys {
		if err := k.Due.Remove(ctx, key); err != nil {
			return err
		}
		kind, id := types.DueKind(key.K2()), key.K3()
		if failure := k.handleApart(ctx, kind, id); failure != nil {
			sdk.UnwrapSDKContext(ctx).Logger().Error(
				"due item failed", "kind", kind, "id", id, "error", failure,
			)
			if err := k.schedule(ctx, now+retryBlocks, kind, id); err != nil {
				return err
			}
			if err := emit(
				ctx, &types.EventDueItemDelayed{Kind: kind, Id: id, Height: now + retryBlocks},
			); err != nil {
				return err
			}
		}
	}
	return nil
}

// dueKeys are the first keys of a range. The range has an end, or the store below would read ahead
// into what waits.
func (k Keeper) dueKeys(
	ctx context.Context, within collections.Ranger[dueKey], limit int,
) ([]dueKey, error) {
	iterator, err := k.Due.Iterate(ctx, within)
	if err != nil {
		return nil, err
	}
	defer iterator.Close()
	var keys []dueKey
	for ; iterator.Valid() && len(keys) < limit; iterator.Next() {
		key, err := iterator.Key()
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// handleApart handles one item on a copy of the state that is kept only if it succeeds.
func (k Keeper) handleApart(ctx context.Context, kind types.DueKind, id uint64) (err error) {
	cached, write := sdk.UnwrapSDKContext(ctx).CacheContext()
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v", cause)
		}
	}()
	if err := k.handleDue(cached, kind, id); err != nil {
		return err
	}
	write()
	return nil
}

func (k Keeper) handleDue(ctx context.Context, kind types.DueKind, id uint64) error {
	switch kind {
	case types.DUE_KIND_EPOCH_REVEAL_END:
		return k.finishBeacon(ctx, id)
	case types.DUE_KIND_UNBONDING:
		return k.payUnbonding(ctx, id)
	case types.DUE_KIND_ROUND_START:
		return k.startRound(ctx, id)
	case types.DUE_KIND_LEASE_END:
		return k.expireLease(ctx, id)
	case types.DUE_KIND_TRAINING_END:
		return k.endTraining(ctx, id)
	case types.DUE_KIND_REVEAL_END:
		return k.endReveals(ctx, id)
	case types.DUE_KIND_DRAW:
		return k.drawAudit(ctx, id)
	case types.DUE_KIND_AUDIT_END:
		return k.endAuditPhase(ctx, id)
	case types.DUE_KIND_ATTEST_END:
		return k.endAttestation(ctx, id)
	case types.DUE_KIND_MATURE:
		return k.mature(ctx, id)
	case types.DUE_KIND_REWARD_EPOCH_END:
		return k.closeRewardEpoch(ctx, id)
	case types.DUE_KIND_CASE_CLOCK:
		return k.timeOutCase(ctx, id)
	case types.DUE_KIND_SUM_END:
		return k.endSum(ctx, id)
	case types.DUE_KIND_RECALL:
		return k.goOnRecalling(ctx, id)
	case types.DUE_KIND_INQUIRY:
		return k.weighInquiry(ctx, id)
	}
	return fmt.Errorf("no handler for %s", kind)
}
