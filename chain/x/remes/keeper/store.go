package keeper

import (
	"context"
	"errors"
	"strings"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"r3mes.dev/chain/x/remes/types"
)

// load reads a record. A record that is not there is the caller's refusal; a broken store is not.
func load[K, V any](
	ctx context.Context, m collections.Map[K, V], key K, missing *errorsmod.Error,
) (V, error) {
	value, found, err := lookup(ctx, m, key)
	if err == nil && !found {
		err = missing.Wrapf("%v", m.KeyCodec().Stringify(key))
	}
	return value, err
}

// lookup reads a record that may be gone, or that was never there.
func lookup[K, V any](
	ctx context.Context, m collections.Map[K, V], key K,
) (value V, found bool, err error) {
	value, err = m.Get(ctx, key)
	if errors.Is(err, collections.ErrNotFound) {
		return value, false, nil
	}
	return value, err == nil, err
}

// loadOr reads a record, or gives a first value where none was stored yet.
func loadOr[K, V any](ctx context.Context, m collections.Map[K, V], key K, first V) (V, error) {
	value, found, err := lookup(ctx, m, key)
	if err == nil && !found {
		return first, nil
	}
	return value, err
}

// itemOr is loadOr for a single value.
func itemOr[V any](ctx context.Context, item collections.Item[V], first V) (V, error) {
	value, err := item.Get(ctx)
	if errors.Is(err, collections.ErrNotFound) {
		return first, nil
	}
	return value, err
}

// grow stores a record under a key above all that a map has, and keeps that key beside the map.
func grow[K, V any](
	ctx context.Context, m collections.Map[K, V], newest collections.Item[K], key K, value V,
) error {
	if err := m.Set(ctx, key, value); err != nil {
		return err
	}
	return newest.Set(ctx, key)
}

// newestKey reads the key that grow keeps beside a map. Genesis and a migration write it, so it is
// missing only in a store of an earlier release that came through no upgrade.
func newestKey[K any](
	ctx context.Context, newest collections.Item[K], of string,
) (K, error) {
	key, err := newest.Get(ctx)
	if errors.Is(err, collections.ErrNotFound) {
		return key, types.ErrStoreNotMigrated.Wrapf("which is the newest of %s is not recorded", of)
	}
	return key, err
}

// next gives the next number of a sequence, from 1: 0 stands for "none" in every record.
func next(ctx context.Context, sequence collections.Sequence) (uint64, error) {
	number, err := sequence.Next(ctx)
	return number + 1, err
}

// keysOf collects the keys of a set in a range. The caller's range must be bounded; it may then
// change the set.
func keysOf[K any](
	ctx context.Context, set collections.KeySet[K], r collections.Ranger[K],
) ([]K, error) {
	iterator, err := set.Iterate(ctx, r)
	if err != nil {
		return nil, err
	}
	return iterator.Keys()
}

// valuesOf collects the records in a range. The caller's range must be bounded; it may then change
// the map.
func valuesOf[K, V any](
	ctx context.Context, m collections.Map[K, V], r collections.Ranger[K],
) ([]V, error) {
	iterator, err := m.Iterate(ctx, r)
	if err != nil {
		return nil, err
	}
	return iterator.Values()
}

// address reads an address of a message or a record. Bech32 may be written in capitals, too, which
// is refused: records are told apart by their texts.
func (k Keeper) address(text string) (sdk.AccAddress, error) {
	bytes, err := k.addresses.StringToBytes(text)
	if err != nil || len(bytes) != types.AddressSize || strings.ToLower(text) != text {
		return nil, types.ErrAddressInvalid.Wrap(text)
	}
	return bytes, nil
}

// text writes an address.
func (k Keeper) text(address sdk.AccAddress) (string, error) {
	return k.addresses.BytesToString(address)
}

func chainID(ctx context.Context) string { return sdk.UnwrapSDKContext(ctx).ChainID() }
