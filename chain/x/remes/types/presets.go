package types

// Preset names the three sets of parameters that networks start with.
type Preset string

// The presets, and the chain id that each belongs to up to its number: remesdev-1, remestest-1,
// remes-1.
const (
	PresetDev  Preset = "dev"
	PresetTest Preset = "test"
	PresetMain Preset = "main"
)

// PresetParams returns the parameters of a preset.
func PresetParams(preset Preset) (Params, error) {
	switch preset {
	case PresetDev:
		return devParams(), nil
	case PresetTest:
		return testParams(), nil
	case PresetMain:
		return mainParams(), nil
	}
	return Params{}, ErrParamsInvalid.Wrapf("no preset is called %q", string(preset))
}

// mainParams are for 5 s blocks: 17,280 a day. Whoever fills one with transactions pays 1 REMES.
func mainParams() Params {
	const day = 17_280
	return Params{
		Beacon: BeaconParams{EpochBlocks: 30, RevealBlocks: 24, RevealsMin: 3},
		Round: RoundParams{
			TrainingBlocksMin:       60,
			TrainingBlocksMax:       day,
			RevealBlocks:            20,
			LateRevealBlocks:        10,
			OpeningBlocks:           20,
			VerdictCommitBlocks:     60,
			VerdictRevealBlocks:     20,
			AttestBlocks:            60,
			VerifiersPerSubmission:  2,
			DrawsMax:                3,
			AttestQuorumPpm:         666_667,
			LeaseAttemptsMax:        3,
			ExpiredLeasesMax:        3,
			ExpiredLeasePauseBlocks: 720,
		},
		Dispute: DisputeParams{
			ChallengeBlocks: day, ClockBlocks: day / 2, ChildrenMax: 256, TileBytesMax: 160 << 10,
			TileFuelMax: LimitRefereeFuelMax, OpenCasesMax: 4,
		},
		Bond: BondParams{
			MinerSlot: 1_000 * REMES, Verifier: 5_000 * REMES, StorageProvider: 500 * REMES,
			InferenceProvider: 10_000 * REMES, Dataset: 1_000 * REMES, Challenge: 100 * REMES,
			UnbondingBlocks: 21 * day, VerifiersMax: 128,
		},
		Slash: SlashParams{
			LateRevealPpm:            20_000,
			NoRevealPpm:              Million,
			WrongStepPpm:             Million,
			MissedAuditPpm:           10_000,
			WrongVerdictPpm:          500_000,
			MissedBeaconPpm:          10_000,
			BurnedPpm:                500_000,
			ChallengerPpm:            300_000,
			FalseChallengeAccusedPpm: 500_000,
		},
		Reward: RewardParams{
			EpochBlocks: day, EpochsPerYear: 365, FirstYear: 30_000_000 * REMES, DecayPpm: 900_000,
			TargetWork: 1_000_000_000_000_000_000, VerifierPpm: 80_000, ValidatorPpm: 70_000,
			DataProviderPpm: 50_000,
		},
		Block: BlockParams{ItemsMax: 200, GasPriceMin: 10_000, TxGasMax: 10_000_000},
	}
}

// testParams are for 5 s blocks and people who want to see a dispute end within the hour.
func testParams() Params {
	p := mainParams()
	p.Beacon = BeaconParams{EpochBlocks: 12, RevealBlocks: 10, RevealsMin: 2}
	p.Round.TrainingBlocksMin, p.Round.TrainingBlocksMax = 12, 720
	p.Round.RevealBlocks, p.Round.LateRevealBlocks, p.Round.OpeningBlocks = 6, 4, 6
	p.Round.VerdictCommitBlocks, p.Round.VerdictRevealBlocks, p.Round.AttestBlocks = 12, 6, 12
	p.Round.ExpiredLeasePauseBlocks = 60
	p.Dispute.ChallengeBlocks, p.Dispute.ClockBlocks = 360, 120
	p.Bond.UnbondingBlocks = 17_280
	p.Reward.EpochBlocks, p.Reward.EpochsPerYear, p.Reward.TargetWork = 720, 8_760, 1_000_000_000_000_000
	return p
}

// devParams are for a localnet with 1 s blocks: a round takes about 40 of them. Every window ends
// early once all have acted, so that a long one costs an honest round nothing; it gives a process
// that was killed, or that a busy machine holds up, the time to come back.
func devParams() Params {
	p := mainParams()
	p.Beacon = BeaconParams{EpochBlocks: 8, RevealBlocks: 7, RevealsMin: 1}
	p.Round.TrainingBlocksMin, p.Round.TrainingBlocksMax = 4, 240
	p.Round.RevealBlocks, p.Round.LateRevealBlocks, p.Round.OpeningBlocks = 20, 10, 40
	p.Round.VerdictCommitBlocks, p.Round.VerdictRevealBlocks, p.Round.AttestBlocks = 90, 40, 60
	p.Round.ExpiredLeasePauseBlocks = 10
	p.Dispute.ChallengeBlocks, p.Dispute.ClockBlocks = 30, 60
	p.Bond.UnbondingBlocks = 2_400
	p.Block.GasPriceMin = 1_000
	p.Reward.EpochBlocks, p.Reward.EpochsPerYear, p.Reward.TargetWork = 60, 525_600, 1_000_000_000_000
	return p
}
