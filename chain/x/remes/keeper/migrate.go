package keeper

import (
	"context"
	"errors"
	"fmt"

	"cosmossdk.io/collections"

	"r3mes.dev/chain/x/remes/types"
)

// ToVersion2 is the migration from version 1 of the store. It writes the keys of the newest
// parameters and of the current epoch beside their maps, where an iterator had to find them, the index
// of verifiers by their bonds, beside each epoch whom it draws from: who is active now, as it was
// until now, and where the rewards of epoch and year stand. It walks every bond, this once.
func ToVersion2(ctx context.Context, k Keeper) error {
	return errors.Join(
		keepNewest(ctx, k.Params, k.NewestParams), keepNewest(ctx, k.Epochs, k.NewestEpoch),
		k.indexVerifiers(ctx), k.fixAllVerifiers(ctx), k.dateRewards(ctx),
	)
}

// dateRewards gives the current epoch of rewards the height at which it began, and the year what its
// epochs have had until now, as if the parameters had always been those of today.
func (k Keeper) dateRewards(ctx context.Context) error {
	params, err := k.params(ctx)
	if err != nil {
		return err
	}
	epoch, err := k.currentRewardEpoch(ctx)
	if err != nil {
		return err
	}
	epoch.OpenHeight = max(0, epoch.EndHeight-int64(params.Reward.EpochBlocks))
	if err := k.RewardEpochs.Set(ctx, epoch.Number, epoch); err != nil {
		return err
	}
	ofYear := epoch.Number % uint64(params.Reward.EpochsPerYear)
	return k.addTotals(ctx, func(t *types.Totals) {
		t.YearOffered = ofYear * (t.YearBudget / uint64(params.Reward.EpochsPerYear))
	})
}

func keepNewest[K, V any](
	ctx context.Context, m collections.Map[K, V], newest collections.Item[K],
) error {
	iterator, err := m.Iterate(ctx, new(collections.Range[K]).Descending())
	if err != nil {
		return err
	}
	defer iterator.Close()
	if !iterator.Valid() { // genesis fills both maps
		return fmt.Errorf("%s is empty", m.GetName())
	}
	key, err := iterator.Key()
	if err != nil {
		return err
	}
	return newest.Set(ctx, key)
}

func (k Keeper) indexVerifiers(ctx context.Context) error {
	bonds, err := valuesOf(ctx, k.Bonds, nil)
	if err != nil {
		return err
	}
	for _, bond := range bonds {
		if bond.Role != types.ROLE_VERIFIER {
			continue
		}
		owner, err := k.address(bond.Owner)
		if err != nil {
			return err
		}
		if err := k.indexVerifier(ctx, owner, 0, bond.Amount); err != nil {
			return err
		}
	}
	return nil
}

func (k Keeper) fixAllVerifiers(ctx context.Context) error {
	epochs, err := valuesOf(ctx, k.Epochs, nil)
	if err != nil {
		return err
	}
	for _, epoch := range epochs {
		if epoch.Number == 0 { // it has no beacon
			continue
		}
		if err := k.fixVerifiers(ctx, epoch.Number); err != nil {
			return err
		}
	}
	return nil
}
