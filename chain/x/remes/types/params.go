package types

import "cosmossdk.io/math"

const (
	// Million is the whole in parts per million.
	Million = 1_000_000
	// REMES is one REMES in uremes.
	REMES = 1_000_000
	// SupplyCap is the most uremes that may ever exist.
	SupplyCap = 1_000_000_000 * REMES
	// EmissionCap is the most uremes that work may ever mint.
	EmissionCap = 300_000_000 * REMES
)

// FeeMin is the lowest fee for an amount of gas, in uremes, at a price in millionths of a uremes
// per gas. It rounds up.
func FeeMin(gas, price uint64) math.Int {
	product := math.NewIntFromUint64(gas).Mul(math.NewIntFromUint64(price))
	return product.AddRaw(Million - 1).QuoRaw(Million)
}

// Validate refuses parameters that contradict each other or would stop the chain later.
func (p Params) Validate() error {
	for _, rule := range p.rules() {
		if !rule.holds {
			return ErrParamsInvalid.Wrap(rule.says)
		}
	}
	return nil
}

type rule struct {
	holds bool
	says  string
}

// rules are the conditions on parameters, each with the sentence that a refusal shows.
func (p Params) rules() []rule {
	beacon, round, dispute, bond, slash, reward := p.Beacon, p.Round, p.Dispute, p.Bond, p.Slash, p.Reward
	return []rule{
		{beacon.RevealBlocks >= 1 && beacon.RevealBlocks < beacon.EpochBlocks,
			"beacon.reveal_blocks must be at least 1 and below beacon.epoch_blocks"},
		{beacon.EpochBlocks >= 3,
			"beacon.epoch_blocks must be at least 3: a promise is made in the second half of one"},
		{round.TrainingBlocksMin >= 1 && round.TrainingBlocksMin <= round.TrainingBlocksMax,
			"round.training_blocks_min must be at least 1 and at most round.training_blocks_max"},
		{min(round.RevealBlocks, round.LateRevealBlocks, round.OpeningBlocks, round.VerdictCommitBlocks,
			round.VerdictRevealBlocks, round.AttestBlocks) >= 1,
			"every window of a round must last at least 1 block"},
		{round.VerifiersPerSubmission >= 1 && round.VerifiersPerSubmission <= 16,
			"round.verifiers_per_submission must lie between 1 and 16"},
		{round.DrawsMax >= 1 && round.DrawsMax <= 8, "round.draws_max must lie between 1 and 8"},
		{round.AttestQuorumPpm > Million/2 && round.AttestQuorumPpm <= Million,
			"round.attest_quorum_ppm must be above one half and at most 1000000"},
		{round.FullReplayPpm <= Million, "round.full_replay_ppm must be at most 1000000"},
		{round.LeaseAttemptsMax >= 1 && round.ExpiredLeasesMax >= 1,
			"round.lease_attempts_max and round.expired_leases_max must be at least 1"},
		{dispute.ChallengeBlocks >= 1 && dispute.ClockBlocks >= 1,
			"dispute.challenge_blocks and dispute.clock_blocks must be at least 1"},
		{dispute.ChildrenMax == 1<<postLevels,
			"dispute.children_max must be 256: the moves of a case are the protocol's"},
		{dispute.TileBytesMax == 160<<10,
			"dispute.tile_bytes_max must be 163840: models are registered whose tiles need it"},
		{dispute.TileFuelMax == LimitRefereeFuelMax,
			"dispute.tile_fuel_max must be 96000000: models are registered whose tiles need it"},
		{dispute.OpenCasesMax >= 1 && dispute.OpenCasesMax <= 16,
			"dispute.open_cases_max must lie between 1 and 16"},
		{min(bond.MinerSlot, bond.Verifier, bond.StorageProvider, bond.InferenceProvider, bond.Dataset,
			bond.Challenge) >= 1, "every bond must be at least 1 uremes"},
		{max(bond.MinerSlot, bond.Verifier, bond.StorageProvider, bond.InferenceProvider, bond.Dataset,
			bond.Challenge) <= SupplyCap, "no bond may exceed the supply cap"},
		{bond.VerifiersMax >= 1 && bond.VerifiersMax <= 256, "bond.verifiers_max must lie between 1 and 256"},
		{uint64(bond.UnbondingBlocks) > p.liabilityBlocks(),
			"bond.unbonding_blocks must exceed the longest way from a lease to the end of a dispute about it"},
		{sumsTo(Million, slash.BurnedPpm, slash.ChallengerPpm) && slash.BurnedPpm >= Million/2,
			"slash.burned_ppm must be at least one half, and with slash.challenger_ppm at most 1000000"},
		{max(slash.LateRevealPpm, slash.NoRevealPpm, slash.WrongStepPpm, slash.MissedAuditPpm,
			slash.WrongVerdictPpm, slash.MissedBeaconPpm,
			slash.FalseChallengeAccusedPpm) <= Million,
			"no slash may exceed 1000000 ppm"},
		{reward.EpochBlocks >= 1 && reward.EpochsPerYear >= 1 && reward.TargetWork >= 1,
			"reward.epoch_blocks, reward.epochs_per_year and reward.target_work must be at least 1"},
		{reward.FirstYear <= EmissionCap && reward.DecayPpm <= Million,
			"reward.first_year must be at most 300000000 REMES and reward.decay_ppm at most 1000000"},
		{sumsTo(Million, reward.VerifierPpm, reward.ValidatorPpm, reward.DataProviderPpm),
			"the shares of verifiers, validators and data providers must sum to at most 1000000 ppm"},
		{p.Block.ItemsMax >= 1 && p.Block.GasPriceMin >= 1,
			"block.items_max and block.gas_price_min must be at least 1"},
		{p.Block.TxGasMax >= tileGas,
			"block.tx_gas_max must be at least 10000000: whoever cannot prove a tile loses its case"},
	}
}

// tileGas holds the largest proof: a twentieth of its fuel, the inputs of a sum at 10 gas for each byte,
// and what the case and its end read.
const tileGas = 10_000_000

// CheckSuccessor refuses parameters by which bonds would return before what began under these is over,
// which were replaced some blocks ago.
func (p Params) CheckSuccessor(next Params, ago int64) error {
	owed := p.liabilityBlocks()
	if ago <= int64(owed) && uint64(next.Bond.UnbondingBlocks) <= owed {
		return ErrParamsInvalid.Wrap(
			"bond.unbonding_blocks must exceed the longest way that work of today has, too")
	}
	return nil
}

// liabilityBlocks is the longest time in which somebody may still be held to work: training, audit
// with every redraw, the challenge period, and a case in which both clocks run out.
func (p Params) liabilityBlocks() uint64 {
	wide := func(n uint32) uint64 { return uint64(n) }
	round := p.Round
	draw := 2*wide(p.Beacon.EpochBlocks) + wide(p.Beacon.RevealBlocks)
	audit := draw + wide(round.OpeningBlocks) + wide(round.VerdictCommitBlocks) + wide(
		round.VerdictRevealBlocks,
	)
	return wide(round.TrainingBlocksMax) + wide(round.RevealBlocks) + wide(round.LateRevealBlocks) +
		wide(round.DrawsMax)*audit + 2*wide(round.AttestBlocks) +
		wide(p.Dispute.ChallengeBlocks) + 2*wide(p.Dispute.ClockBlocks)
}

func sumsTo(limit uint64, parts ...uint32) bool {
	var sum uint64
	for _, part := range parts {
		sum += uint64(part)
	}
	return sum <= limit
}
