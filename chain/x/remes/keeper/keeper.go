// Package keeper holds the module's state and the handlers that change it. Only this package touches the store.
package keeper

import (
	"cosmossdk.io/collections"
	"cosmossdk.io/core/address"
	"cosmossdk.io/core/store"

	"github.com/cosmos/cosmos-sdk/codec"

	"r3mes.dev/chain/x/remes/types"
)

// Keeper is its collections, in the order of the flow. What is not here is not state.
type Keeper struct {
	Schema collections.Schema

	// Params: activation height -> parameters.
	Params collections.Map[int64, types.Params]

	addresses address.Codec
	authority string
	bank      types.BankKeeper
}

// Inputs are what a keeper is built from.
type Inputs struct {
	Codec     codec.BinaryCodec
	Store     store.KVStoreService
	Addresses address.Codec
	// Authority is the address that may change parameters and registries: the governance module's.
	Authority string
	Bank      types.BankKeeper
}

// NewKeeper declares the module's state on a store.
func NewKeeper(in Inputs) Keeper {
	sb := collections.NewSchemaBuilder(in.Store)
	k := Keeper{
		Params: collections.NewMap(
			sb, types.ParamsPrefix, "params", collections.Int64Key, codec.CollValue[types.Params](in.Codec)),

		addresses: in.Addresses,
		authority: in.Authority,
		bank:      in.Bank,
	}
	schema, err := sb.Build()
	if err != nil {
		panic(err)
	}
	k.Schema = schema
	return k
}
