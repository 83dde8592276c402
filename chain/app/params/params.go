// Package params holds what every binary of the chain must agree on: names, prefixes and codecs. It
// imports no module, so a binary that needs no node stays small.
package params

import (
	"cosmossdk.io/x/tx/signing"
	"github.com/cosmos/gogoproto/proto"

	"github.com/cosmos/cosmos-sdk/codec/address"
	"github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
)

const (
	// Prefix is the human-readable part of an account address.
	Prefix = "remes"
	// ValidatorPrefix is that of a validator's operator address.
	ValidatorPrefix = Prefix + "valoper"
	// ConsensusPrefix is that of a validator's consensus address.
	ConsensusPrefix = Prefix + "valcons"
	// Denom is the base denomination: one millionth of a REMES.
	Denom = "uremes"
	// CoinType is the BIP-44 coin type of accounts.
	CoinType = 118
)

// The SDK keeps bech32 prefixes and the bond denomination in globals. This package is imported by
// every binary and test, so they are set once, before anything reads them.
func init() {
	config := sdk.GetConfig()
	config.SetBech32PrefixForAccount(Prefix, Prefix+"pub")
	config.SetBech32PrefixForValidator(ValidatorPrefix, ValidatorPrefix+"pub")
	config.SetBech32PrefixForConsensusNode(ConsensusPrefix, ConsensusPrefix+"pub")
	config.SetCoinType(CoinType)
	sdk.DefaultBondDenom = Denom
}

// NewInterfaceRegistry returns the registry of message types, with the chain's address codecs.
func NewInterfaceRegistry() types.InterfaceRegistry {
	registry, err := types.NewInterfaceRegistryWithOptions(types.InterfaceRegistryOptions{
		ProtoFiles: proto.HybridResolver,
		SigningOptions: signing.Options{
			AddressCodec:          address.NewBech32Codec(Prefix),
			ValidatorAddressCodec: address.NewBech32Codec(ValidatorPrefix),
		},
	})
	if err != nil {
		panic(err)
	}
	return registry
}
