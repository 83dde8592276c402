package keeper

import (
	"context"

	corestore "cosmossdk.io/core/store"
	storetypes "cosmossdk.io/store/types"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

// iteratorGas is what opening an iterator costs beside the entries that it reads. The SDK prices
// those alone, yet a node lays an iterator over each layer of its caches and over the tree, which
// takes it as long as several reads, of 1,000 gas each.
const iteratorGas = 5_000

// pricedStores are stores in which iterators cost what they take.
type pricedStores struct{ corestore.KVStoreService }

func (s pricedStores) OpenKVStore(ctx context.Context) corestore.KVStore {
	return pricedStore{
		KVStore: s.KVStoreService.OpenKVStore(ctx), meter: sdk.UnwrapSDKContext(ctx).GasMeter(),
	}
}

type pricedStore struct {
	corestore.KVStore
	meter storetypes.GasMeter
}

func (s pricedStore) Iterator(start, end []byte) (corestore.Iterator, error) {
	s.meter.ConsumeGas(iteratorGas, "open an iterator")
	return s.KVStore.Iterator(start, end)
}

func (s pricedStore) ReverseIterator(start, end []byte) (corestore.Iterator, error) {
	s.meter.ConsumeGas(iteratorGas, "open an iterator")
	return s.KVStore.ReverseIterator(start, end)
}
