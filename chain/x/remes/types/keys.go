// Package types holds the module's messages, records and decisions. Decisions are pure functions: they see records and
// heights, never a store, a clock or another module.
package types

import "cosmossdk.io/collections"

const (
	// ModuleName is the module's name in routes, errors and genesis.
	ModuleName = "remes"
	// StoreKey names the module's store.
	StoreKey = ModuleName

	// BondAccountName holds bonds, unbondings, deposits and challenge bonds.
	BondAccountName = "remes_bond"
	// EscrowAccountName holds what sponsors have put into pools.
	EscrowAccountName = "remes_escrow"
	// RewardAccountName holds rewards that are earned or still locked.
	RewardAccountName = "remes_rewards"
	// InsuranceAccountName holds the insurance pool's part of slashes.
	InsuranceAccountName = "remes_insurance"
)

// Prefixes of the module's store, all in this list. A prefix is never reused, even after its collection is gone.
var (
	ParamsPrefix = collections.NewPrefix(0)
)
