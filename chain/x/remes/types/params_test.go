package types

import (
	"strings"
	"testing"

	"cosmossdk.io/math"
)

func TestPresetsAreValid(t *testing.T) {
	for _, preset := range []Preset{PresetDev, PresetTest, PresetMain} {
		params, err := PresetParams(preset)
		if err != nil {
			t.Fatal(err)
		}
		if err := params.Validate(); err != nil {
			t.Errorf("%s: %v", preset, err)
		}
	}
	if _, err := PresetParams("prod"); err == nil {
		t.Error("an unknown preset was accepted")
	}
}

func TestParamsRefuse(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Params)
		says   string
	}{
		"reveals as long as the epoch": {
			func(p *Params) { p.Beacon.RevealBlocks = p.Beacon.EpochBlocks }, "beacon.reveal_blocks"},
		"an epoch without a second half": {
			func(p *Params) { p.Beacon.EpochBlocks, p.Beacon.RevealBlocks = 2, 1 }, "beacon.epoch_blocks"},
		"more replays than work": {
			func(p *Params) { p.Round.FullReplayPpm = Million + 1 }, "full_replay_ppm"},
		"a window of nothing": {func(p *Params) { p.Round.OpeningBlocks = 0 }, "every window"},
		"half as a quorum":    {func(p *Params) { p.Round.AttestQuorumPpm = Million / 2 }, "attest_quorum_ppm"},
		"no verifier":         {func(p *Params) { p.Round.VerifiersPerSubmission = 0 }, "verifiers_per_submission"},
		"a free bond":         {func(p *Params) { p.Bond.Verifier = 0 }, "every bond"},
		"a bond above the supply": {
			func(p *Params) { p.Bond.Challenge = SupplyCap + 1 }, "supply cap"},
		"unbonding before disputes end": {
			func(p *Params) { p.Bond.UnbondingBlocks = p.Dispute.ChallengeBlocks }, "unbonding_blocks"},
		"a slash that burns too little": {func(p *Params) { p.Slash.BurnedPpm = 1 }, "burned_ppm"},
		"a slash above the bond":        {func(p *Params) { p.Slash.NoRevealPpm = Million + 1 }, "no slash"},
		"more shares than the whole":    {func(p *Params) { p.Reward.VerifierPpm = Million }, "shares of"},
		"tiles smaller than registered": {func(p *Params) { p.Dispute.TileBytesMax-- }, "tile_bytes_max"},
		"tiles with less fuel":          {func(p *Params) { p.Dispute.TileFuelMax-- }, "tile_fuel_max"},
		"no gas for a proof":            {func(p *Params) { p.Block.TxGasMax = tileGas - 1 }, "tx_gas_max"},
		"free gas":                      {func(p *Params) { p.Block.GasPriceMin = 0 }, "block.items_max"},
		"more than the emission":        {func(p *Params) { p.Reward.FirstYear = EmissionCap + 1 }, "first_year"},
	} {
		t.Run(name, func(t *testing.T) {
			params := devParams()
			c.change(&params)
			err := params.Validate()
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Fatalf("got %v, want a refusal about %q", err, c.says)
			}
		})
	}
}

func TestFeeMinRoundsUp(t *testing.T) {
	for _, c := range []struct {
		gas, price uint64
		fee        string
	}{
		{0, 1_000, "0"}, {1, 1, "1"}, {200_000, 1_000, "200"}, {200_001, 1_000, "201"},
		{1<<64 - 1, 1<<64 - 1, "340282366920938463426481119284350"},
	} {
		want, _ := math.NewIntFromString(c.fee)
		if got := FeeMin(c.gas, c.price); !got.Equal(want) {
			t.Errorf("%d gas at %d: got %s, want %s", c.gas, c.price, got, want)
		}
	}
}

func TestAFullBlockOfAPublicNetworkCostsARemes(t *testing.T) {
	const blockGas = 100_000_000
	for _, preset := range []Preset{PresetTest, PresetMain} {
		params, err := PresetParams(preset)
		if err != nil {
			t.Fatal(err)
		}
		if fee := FeeMin(blockGas, params.Block.GasPriceMin); !fee.Equal(math.NewInt(REMES)) {
			t.Errorf("%s: %s uremes", preset, fee)
		}
	}
}

func TestChunksOfATextInShards(t *testing.T) {
	program := StepProgram{Batch: 8, Sequence: 256}
	for _, c := range []struct{ tokens, chunks uint64 }{
		{0, 0}, {1, 0}, {8192, 0}, {8193, 1}, {16384, 1}, {16385, 2},
		// A record never crosses shards: the last record of a full shard lacks its last token.
		{LimitShardTokensMax, (LimitShardTokensMax/256 - 1) / 32},
		{2 * LimitShardTokensMax, 2 * (LimitShardTokensMax/256 - 1) / 32},
		{LimitShardTokensMax + 1, (LimitShardTokensMax/256 - 1) / 32},
	} {
		if got := ChunksOf(c.tokens, program, 4); got != c.chunks {
			t.Errorf("%d tokens hold %d chunks, want %d", c.tokens, got, c.chunks)
		}
	}
}
