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
// until now, where the rewards of epoch and year stand, and what is promised to the leases and submissions that
// are open. It walks every bond, this once.
func ToVersion2(ctx context.Context, k Keeper) error {
	return errors.Join(
		keepNewest(ctx, k.Params, k.NewestParams), keepNewest(ctx, k.Epochs, k.NewestEpoch),
		k.indexVerifiers(ctx), k.fixAllVerifiers(ctx), k.dateRewards(ctx), k.promiseWork(ctx),
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

// promiseWork gives every lease, and every submission that is not accepted yet, what it counts in the
// emission by the weight that its pool has now: until now its acceptance would have.
func (k Keeper) promiseWork(ctx context.Context) error {
	leases, err := valuesOf(ctx, k.Leases, nil)
	if err != nil {
		return err
	}
	for _, lease := range leases {
		if lease.WeightedWork, err = k.workOf(ctx, lease.PoolId); err != nil {
			return err
		}
		if err := k.Leases.Set(ctx, lease.Id, lease); err != nil {
			return err
		}
	}
	submissions, err := valuesOf(ctx, k.Submissions, nil)
	if err != nil {
		return err
	}
	for _, submission := range submissions {
		if !submission.Open() || submission.AcceptedHeight > 0 {
			continue
		}
		if submission.WeightedWork, err = k.workOf(ctx, submission.PoolId); err != nil {
			return err
		}
		if err := k.Submissions.Set(ctx, submission.Id, submission); err != nil {
			return err
		}
	}
	return nil
}

func (k Keeper) workOf(ctx context.Context, pool uint64) (uint64, error) {
	p, err := k.Pools.Get(ctx, pool)
	if err != nil {
		return 0, err
	}
	return k.weightedWork(ctx, p)
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
