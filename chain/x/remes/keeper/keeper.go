// Package keeper holds the module's state and the handlers that change it. Only this package
// touches the store.
package keeper

import (
	"cosmossdk.io/collections"
	"cosmossdk.io/core/address"
	"cosmossdk.io/core/store"

	"github.com/cosmos/cosmos-sdk/codec"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"r3mes.dev/chain/x/remes/referee"
	"r3mes.dev/chain/x/remes/types"
)

// Keys of several parts. Owners and verifiers are addresses; rounds and places in a queue are
// numbers in their pool.
type (
	roleKey       = collections.Pair[sdk.AccAddress, int32]
	amountKey     = collections.Pair[uint64, sdk.AccAddress]
	unbondingKey  = collections.Triple[sdk.AccAddress, int32, uint64]
	beaconKey     = collections.Pair[uint64, sdk.AccAddress]
	roundKey      = collections.Pair[uint64, uint32]
	chunkKey      = collections.Triple[uint64, uint32, uint32]
	workKey       = collections.Pair[sdk.AccAddress, uint64]
	submissionKey = collections.Triple[uint64, uint32, uint64]
	auditKey      = collections.Pair[uint64, uint32]
	findingKey    = collections.Pair[uint64, sdk.AccAddress]
	attesterKey   = collections.Triple[uint64, uint32, sdk.AccAddress]
	attestedKey   = collections.Triple[sdk.AccAddress, uint64, uint32]
	tallyKey      = collections.Triple[uint64, uint32, []byte]
	caseKey       = collections.Pair[uint64, uint64]
	sumCaseKey    = collections.Triple[uint64, uint32, uint64]
	offenceKey    = collections.Triple[sdk.AccAddress, int32, uint64]
	dueKey        = collections.Triple[int64, int32, uint64]
)

// Keeper is its collections, in the order of the flow. What is not here is not state.
type Keeper struct {
	Schema collections.Schema

	// Params: activation height -> parameters. NewestParams: the last of these heights.
	Params       collections.Map[int64, types.Params]
	NewestParams collections.Item[int64]
	// Totals: the running sums of money.
	Totals collections.Item[types.Totals]
	// Due: height, kind, id of everything that waits.
	Due collections.KeySet[dueKey]

	// Participants: owner -> participant. Operators: operator -> owner.
	Participants collections.Map[sdk.AccAddress, types.Participant]
	Operators    collections.Map[sdk.AccAddress, []byte]
	// Bonds: owner, role -> bond. Verifiers: those whose bond is large enough. VerifierBond: the
	// sum of their bonds. VerifiersByBond: uremes, owner of every bond of a verifier.
	Bonds           collections.Map[roleKey, types.Bond]
	Verifiers       collections.KeySet[sdk.AccAddress]
	VerifierBond    collections.Item[uint64]
	VerifiersByBond collections.KeySet[amountKey]
	// Unbondings: id -> unbonding, and the ids by owner and role.
	Unbondings        collections.Map[uint64, types.Unbonding]
	UnbondingID       collections.Sequence
	UnbondingsByOwner collections.KeySet[unbondingKey]

	// Epochs: number -> epoch, the recent ones. NewestEpoch: the number of the current one.
	// EpochVerifiers: number -> whom its beacon draws from. BeaconCommitments: epoch, verifier ->
	// contribution.
	Epochs            collections.Map[uint64, types.Epoch]
	NewestEpoch       collections.Item[uint64]
	EpochVerifiers    collections.Map[uint64, types.EpochVerifiers]
	BeaconCommitments collections.Map[beaconKey, types.BeaconCommitment]

	// Referees and their modules, by the hash of the module.
	Referees       collections.Map[[]byte, types.Referee]
	RefereeModules collections.Map[[]byte, []byte]
	// Models and datasets, by number; names -> numbers.
	Models       collections.Map[uint64, types.Model]
	ModelID      collections.Sequence
	ModelNames   collections.Map[string, uint64]
	Datasets     collections.Map[uint64, types.Dataset]
	DatasetID    collections.Sequence
	DatasetNames collections.Map[string, uint64]

	// Pools: number -> pool. Rounds: pool, number -> round.
	Pools  collections.Map[uint64, types.Pool]
	PoolID collections.Sequence
	Rounds collections.Map[roundKey, types.Round]
	// Chunks: pool, round, place -> chunk. QueuedChunks: places that wait for another lease.
	Chunks       collections.Map[chunkKey, types.Chunk]
	QueuedChunks collections.KeySet[chunkKey]
	// Leases: id -> lease. OpenWork: owner, id of leases and of submissions that are not mature.
	Leases   collections.Map[uint64, types.Lease]
	LeaseID  collections.Sequence
	OpenWork collections.KeySet[workKey]
	// Submissions: id -> submission, and the ids by pool and round.
	Submissions        collections.Map[uint64, types.Submission]
	SubmissionsByRound collections.KeySet[submissionKey]
	// Audits: submission, draw -> audit. OpenSeats: verifier, submission of verdicts that are still
	// owed.
	Audits    collections.Map[auditKey, types.Audit]
	OpenSeats collections.KeySet[workKey]
	// Findings: submission, verifier -> finding. OpenInquiries: submissions that verifiers are asked about.
	Findings      collections.Map[findingKey, types.Finding]
	OpenInquiries collections.KeySet[uint64]
	// Attestations: pool, round, verifier -> attestation, and pool and round by verifier. Tallies:
	// pool, round, result -> bond behind it.
	Attestations   collections.Map[attesterKey, types.Attestation]
	AttestedRounds collections.KeySet[attestedKey]
	Tallies        collections.Map[tallyKey, types.AttestationTally]
	// Adapters: number -> version.
	Adapters  collections.Map[uint64, types.AdapterVersion]
	AdapterID collections.Sequence

	// RewardEpochs: number -> epoch, as long as it owes something. Rewards: owner -> withdrawable
	// uremes.
	RewardEpochs collections.Map[uint64, types.RewardEpoch]
	Rewards      collections.Map[sdk.AccAddress, uint64]
	// Offences: owner, fault, subject -> what it cost. One offence is fined once.
	Offences collections.Map[offenceKey, types.Offence]
	// Cases: number -> case, open and closed. CasesBySubmission, CasesByRound (those about a sum) and
	// CasesByParty: the open ones.
	Cases             collections.Map[uint64, types.Case]
	CaseID            collections.Sequence
	CasesBySubmission collections.KeySet[caseKey]
	CasesByRound      collections.KeySet[sumCaseKey]
	CasesByParty      collections.KeySet[workKey]

	addresses    address.Codec
	authority    string
	feeCollector string
	bank         types.BankKeeper
	beacon       Beacon
	referee      *referee.Referee
}

// compiledReferees are kept ready; others are compiled when a case needs them.
const compiledReferees = 4

// Inputs are what a keeper is built from.
type Inputs struct {
	Codec     codec.BinaryCodec
	Store     store.KVStoreService
	Addresses address.Codec
	// Authority is the address that may change parameters and registries: the governance module's.
	Authority string
	// FeeCollector is the module account whose coins validators share.
	FeeCollector string
	Bank         types.BankKeeper
}

// NewKeeper declares the module's state on a store.
func NewKeeper(in Inputs) Keeper {
	sb := collections.NewSchemaBuilder(pricedStores{in.Store})
	k := Keeper{
		addresses: in.Addresses, authority: in.Authority, feeCollector: in.FeeCollector,
		bank: in.Bank, referee: referee.New(referee.Options{CompiledMax: compiledReferees}),
	}
	k.declareParticipants(sb, in.Codec)
	k.declareRegistries(sb, in.Codec)
	k.declareWork(sb, in.Codec)
	k.declareMoney(sb, in.Codec)
	k.declareDisputes(sb, in.Codec)
	schema, err := sb.Build()
	if err != nil {
		panic(err)
	}
	k.Schema = schema
	k.beacon = commitReveal{epochs: k.Epochs}
	return k
}

func (k *Keeper) declareParticipants(sb *collections.SchemaBuilder, cdc codec.BinaryCodec) {
	k.Participants = collections.NewMap(sb, types.ParticipantsPrefix, "participants",
		sdk.AccAddressKey, codec.CollValue[types.Participant](cdc))
	k.Operators = collections.NewMap(sb, types.OperatorsPrefix, "operators",
		sdk.AccAddressKey, collections.BytesValue)
	k.Bonds = collections.NewMap(sb, types.BondsPrefix, "bonds",
		collections.PairKeyCodec(sdk.AccAddressKey, collections.Int32Key),
		codec.CollValue[types.Bond](cdc))
	k.Verifiers = collections.NewKeySet(sb, types.VerifiersPrefix, "verifiers", sdk.AccAddressKey)
	k.VerifierBond = collections.NewItem(
		sb, types.VerifierBondPrefix, "verifier_bond", collections.Uint64Value,
	)
	k.VerifiersByBond = collections.NewKeySet(
		sb, types.VerifiersByBondPrefix, "verifiers_by_bond",
		collections.PairKeyCodec(collections.Uint64Key, sdk.AccAddressKey),
	)
	k.Unbondings = collections.NewMap(sb, types.UnbondingsPrefix, "unbondings",
		collections.Uint64Key, codec.CollValue[types.Unbonding](cdc))
	k.UnbondingID = collections.NewSequence(sb, types.UnbondingIDPrefix, "unbonding_id")
	k.UnbondingsByOwner = collections.NewKeySet(sb, types.UnbondingsByOwnerPrefix, "unbondings_by_owner",
		collections.TripleKeyCodec(sdk.AccAddressKey, collections.Int32Key, collections.Uint64Key))
	k.Epochs = collections.NewMap(sb, types.EpochsPrefix, "epochs",
		collections.Uint64Key, codec.CollValue[types.Epoch](cdc))
	k.EpochVerifiers = collections.NewMap(sb, types.EpochVerifiersPrefix, "epoch_verifiers",
		collections.Uint64Key, codec.CollValue[types.EpochVerifiers](cdc))
	k.NewestEpoch = collections.NewItem(
		sb, types.NewestEpochPrefix, "newest_epoch", collections.Uint64Value,
	)
	k.BeaconCommitments = collections.NewMap(sb, types.BeaconCommitmentsPrefix, "beacon_commitments",
		collections.PairKeyCodec(collections.Uint64Key, sdk.AccAddressKey),
		codec.CollValue[types.BeaconCommitment](cdc))
}

func (k *Keeper) declareRegistries(sb *collections.SchemaBuilder, cdc codec.BinaryCodec) {
	k.Params = collections.NewMap(sb, types.ParamsPrefix, "params",
		collections.Int64Key, codec.CollValue[types.Params](cdc))
	k.NewestParams = collections.NewItem(
		sb, types.NewestParamsPrefix, "newest_params", collections.Int64Value,
	)
	k.Referees = collections.NewMap(sb, types.RefereesPrefix, "referees",
		collections.BytesKey, codec.CollValue[types.Referee](cdc))
	k.RefereeModules = collections.NewMap(sb, types.RefereeModulesPrefix, "referee_modules",
		collections.BytesKey, collections.BytesValue)
	k.Models = collections.NewMap(sb, types.ModelsPrefix, "models",
		collections.Uint64Key, codec.CollValue[types.Model](cdc))
	k.ModelID = collections.NewSequence(sb, types.ModelIDPrefix, "model_id")
	k.ModelNames = collections.NewMap(sb, types.ModelNamesPrefix, "model_names",
		collections.StringKey, collections.Uint64Value)
	k.Datasets = collections.NewMap(sb, types.DatasetsPrefix, "datasets",
		collections.Uint64Key, codec.CollValue[types.Dataset](cdc))
	k.DatasetID = collections.NewSequence(sb, types.DatasetIDPrefix, "dataset_id")
	k.DatasetNames = collections.NewMap(sb, types.DatasetNamesPrefix, "dataset_names",
		collections.StringKey, collections.Uint64Value)
}

func (k *Keeper) declareWork(sb *collections.SchemaBuilder, cdc codec.BinaryCodec) {
	inRound := collections.TripleKeyCodec(
		collections.Uint64Key, collections.Uint32Key, collections.Uint32Key,
	)
	byOwner := collections.PairKeyCodec(sdk.AccAddressKey, collections.Uint64Key)
	k.Pools = collections.NewMap(sb, types.PoolsPrefix, "pools",
		collections.Uint64Key, codec.CollValue[types.Pool](cdc))
	k.PoolID = collections.NewSequence(sb, types.PoolIDPrefix, "pool_id")
	k.Rounds = collections.NewMap(sb, types.RoundsPrefix, "rounds",
		collections.PairKeyCodec(collections.Uint64Key, collections.Uint32Key),
		codec.CollValue[types.Round](cdc))
	k.Chunks = collections.NewMap(
		sb, types.ChunksPrefix, "chunks", inRound, codec.CollValue[types.Chunk](cdc),
	)
	k.QueuedChunks = collections.NewKeySet(sb, types.QueuedChunksPrefix, "queued_chunks", inRound)
	k.Leases = collections.NewMap(sb, types.LeasesPrefix, "leases",
		collections.Uint64Key, codec.CollValue[types.Lease](cdc))
	k.LeaseID = collections.NewSequence(sb, types.LeaseIDPrefix, "lease_id")
	k.OpenWork = collections.NewKeySet(sb, types.OpenWorkPrefix, "open_work", byOwner)
	k.Submissions = collections.NewMap(sb, types.SubmissionsPrefix, "submissions",
		collections.Uint64Key, codec.CollValue[types.Submission](cdc))
	k.SubmissionsByRound = collections.NewKeySet(sb, types.SubmissionsByRoundPrefix, "submissions_by_round",
		collections.TripleKeyCodec(
			collections.Uint64Key, collections.Uint32Key, collections.Uint64Key,
		))
	k.Audits = collections.NewMap(sb, types.AuditsPrefix, "audits",
		collections.PairKeyCodec(collections.Uint64Key, collections.Uint32Key),
		codec.CollValue[types.Audit](cdc))
	k.OpenSeats = collections.NewKeySet(sb, types.OpenSeatsPrefix, "open_seats", byOwner)
	k.Attestations = collections.NewMap(sb, types.AttestationsPrefix, "attestations",
		collections.TripleKeyCodec(collections.Uint64Key, collections.Uint32Key, sdk.AccAddressKey),
		codec.CollValue[types.Attestation](cdc))
	k.AttestedRounds = collections.NewKeySet(sb, types.AttestedRoundsPrefix, "attested_rounds",
		collections.TripleKeyCodec(sdk.AccAddressKey, collections.Uint64Key, collections.Uint32Key))
	k.Tallies = collections.NewMap(sb, types.TalliesPrefix, "tallies",
		collections.TripleKeyCodec(
			collections.Uint64Key, collections.Uint32Key, collections.BytesKey,
		),
		codec.CollValue[types.AttestationTally](cdc))
	k.Adapters = collections.NewMap(sb, types.AdaptersPrefix, "adapters",
		collections.Uint64Key, codec.CollValue[types.AdapterVersion](cdc))
	k.AdapterID = collections.NewSequence(sb, types.AdapterIDPrefix, "adapter_id")
}

func (k *Keeper) declareMoney(sb *collections.SchemaBuilder, cdc codec.BinaryCodec) {
	k.Totals = collections.NewItem(
		sb, types.TotalsPrefix, "totals", codec.CollValue[types.Totals](cdc),
	)
	k.Due = collections.NewKeySet(sb, types.DuePrefix, "due",
		collections.TripleKeyCodec(
			collections.Int64Key, collections.Int32Key, collections.Uint64Key,
		))
	k.RewardEpochs = collections.NewMap(sb, types.RewardEpochsPrefix, "reward_epochs",
		collections.Uint64Key, codec.CollValue[types.RewardEpoch](cdc))
	k.Rewards = collections.NewMap(
		sb, types.RewardsPrefix, "rewards", sdk.AccAddressKey, collections.Uint64Value,
	)
	k.Offences = collections.NewMap(sb, types.OffencesPrefix, "offences",
		collections.TripleKeyCodec(sdk.AccAddressKey, collections.Int32Key, collections.Uint64Key),
		codec.CollValue[types.Offence](cdc))
}

func (k *Keeper) declareDisputes(sb *collections.SchemaBuilder, cdc codec.BinaryCodec) {
	k.Cases = collections.NewMap(sb, types.CasesPrefix, "cases",
		collections.Uint64Key, codec.CollValue[types.Case](cdc))
	k.CaseID = collections.NewSequence(sb, types.CaseIDPrefix, "case_id")
	k.Findings = collections.NewMap(sb, types.FindingsPrefix, "findings",
		collections.PairKeyCodec(collections.Uint64Key, sdk.AccAddressKey),
		codec.CollValue[types.Finding](cdc))
	k.OpenInquiries = collections.NewKeySet(
		sb, types.OpenInquiriesPrefix, "open_inquiries", collections.Uint64Key,
	)
	k.CasesBySubmission = collections.NewKeySet(sb, types.CasesBySubmissionPrefix,
		"cases_by_submission", collections.PairKeyCodec(collections.Uint64Key, collections.Uint64Key))
	k.CasesByRound = collections.NewKeySet(sb, types.CasesByRoundPrefix, "cases_by_round",
		collections.TripleKeyCodec(
			collections.Uint64Key, collections.Uint32Key, collections.Uint64Key,
		))
	k.CasesByParty = collections.NewKeySet(sb, types.CasesByPartyPrefix, "cases_by_party",
		collections.PairKeyCodec(sdk.AccAddressKey, collections.Uint64Key))
}
