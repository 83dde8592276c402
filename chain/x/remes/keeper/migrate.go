package keeper

import (
	"context"
	"errors"
	"fmt"

	"cosmossdk.io/collections"
)

// KeepNewest is the migration from version 1 of the store, in which the newest parameters and the
// current epoch were found by an iterator: it writes their keys beside the maps.
func KeepNewest(ctx context.Context, k Keeper) error {
	return errors.Join(
		keepNewest(ctx, k.Params, k.NewestParams), keepNewest(ctx, k.Epochs, k.NewestEpoch),
	)
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
