// Package types holds the module's messages, records and decisions. Decisions are pure functions:
// they see records and heights, never a store, a clock or another module.
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

// Prefixes of the module's store, all in this list. A prefix is never reused, even after its
// collection is gone.
var (
	ParamsPrefix             = collections.NewPrefix(0)
	TotalsPrefix             = collections.NewPrefix(1)
	DuePrefix                = collections.NewPrefix(2)
	ParticipantsPrefix       = collections.NewPrefix(3)
	OperatorsPrefix          = collections.NewPrefix(4)
	BondsPrefix              = collections.NewPrefix(5)
	VerifiersPrefix          = collections.NewPrefix(6)
	VerifierBondPrefix       = collections.NewPrefix(7)
	UnbondingsPrefix         = collections.NewPrefix(8)
	UnbondingIDPrefix        = collections.NewPrefix(9)
	UnbondingsByOwnerPrefix  = collections.NewPrefix(10)
	EpochsPrefix             = collections.NewPrefix(11)
	BeaconCommitmentsPrefix  = collections.NewPrefix(12)
	RefereesPrefix           = collections.NewPrefix(13)
	RefereeModulesPrefix     = collections.NewPrefix(14)
	ModelsPrefix             = collections.NewPrefix(15)
	ModelIDPrefix            = collections.NewPrefix(16)
	ModelNamesPrefix         = collections.NewPrefix(17)
	DatasetsPrefix           = collections.NewPrefix(18)
	DatasetIDPrefix          = collections.NewPrefix(19)
	DatasetNamesPrefix       = collections.NewPrefix(20)
	PoolsPrefix              = collections.NewPrefix(21)
	PoolIDPrefix             = collections.NewPrefix(22)
	RoundsPrefix             = collections.NewPrefix(23)
	ChunksPrefix             = collections.NewPrefix(24)
	QueuedChunksPrefix       = collections.NewPrefix(25)
	LeasesPrefix             = collections.NewPrefix(26)
	LeaseIDPrefix            = collections.NewPrefix(27)
	OpenWorkPrefix           = collections.NewPrefix(28)
	SubmissionsPrefix        = collections.NewPrefix(29)
	SubmissionsByRoundPrefix = collections.NewPrefix(30)
	AuditsPrefix             = collections.NewPrefix(31)
	OpenSeatsPrefix          = collections.NewPrefix(32)
	AttestationsPrefix       = collections.NewPrefix(33)
	TalliesPrefix            = collections.NewPrefix(34)
	AdaptersPrefix           = collections.NewPrefix(35)
	AdapterIDPrefix          = collections.NewPrefix(36)
	RewardEpochsPrefix       = collections.NewPrefix(37)
	RewardsPrefix            = collections.NewPrefix(38)
	OffencesPrefix           = collections.NewPrefix(39)
	CasesPrefix              = collections.NewPrefix(40)
	CaseIDPrefix             = collections.NewPrefix(41)
	CasesBySubmissionPrefix  = collections.NewPrefix(42)
	CasesByPartyPrefix       = collections.NewPrefix(43)
	CasesByRoundPrefix       = collections.NewPrefix(44)
	AttestedRoundsPrefix     = collections.NewPrefix(45)
	NewestParamsPrefix       = collections.NewPrefix(46)
	NewestEpochPrefix        = collections.NewPrefix(47)
	VerifiersByBondPrefix    = collections.NewPrefix(48)
	EpochVerifiersPrefix     = collections.NewPrefix(49)
	FindingsPrefix           = collections.NewPrefix(50)
	OpenInquiriesPrefix      = collections.NewPrefix(51)
)
