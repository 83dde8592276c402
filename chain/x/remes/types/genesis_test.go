package types

import (
	"crypto/sha256"
	"errors"
	"testing"

	errorsmod "cosmossdk.io/errors"

	_ "r3mes.dev/chain/app/params" // sets the address prefix
)

func genesisCID(seed byte) []byte {
	digest := sha256.Sum256([]byte{seed})
	return append([]byte{0x01, 0x70, 0x12, 0x20}, digest[:]...)
}

// seeded is a genesis as a localnet writes it: a referee, a model and a dataset are there from the
// start.
func seeded(t *testing.T) *GenesisState {
	state, err := DefaultGenesis(PresetDev)
	if err != nil {
		t.Fatal(err)
	}
	module := []byte("module")
	id, some := sha256.Sum256(module), sha256.Sum256(nil)
	const owner = "remes1w508d6qejxtdg4y5r3zarvary0c5xw7k9zvx46"
	state.Referees = []RefereeModule{{Referee: Referee{Id: id[:]}, Module: module}}
	state.Models = []Model{{
		Id:                 1,
		Name:               "genesis",
		Architecture:       "bitnet",
		ManifestCid:        genesisCID(1),
		BackboneRoot:       some[:],
		TokenizerHash:      some[:],
		InitialAdapterRoot: some[:],
		InitialAdapterCid:  genesisCID(2),
		RefereeId:          id[:],
		Targets:            "q,v",
		Licence:            "Apache-2.0",
		Status:             STATUS_APPROVED,
		Programs: []StepProgram{{
			Root:         some[:],
			Operations:   2,
			StateTensors: 2,
			Rank:         4,
			Batch:        1,
			Sequence:     16,
			Optimizer:    OPTIMIZER_LION,
			Work:         1,
			Weights:      1,
			StateWriters: []uint32{0, 1},
		}},
	}}
	state.Datasets = []Dataset{{
		Id: 1, Provider: owner, RoyaltyAddress: owner, Name: "tales", ManifestCid: genesisCID(3),
		Root: some[:], Tokens: 9, Shards: 1,
		TokenizerHash: some[:], Licence: "CC0-1.0", Status: STATUS_APPROVED,
	}}
	state.Participants = []Participant{{Owner: owner, Operator: owner}}
	state.Counters = Counters{Model: 1, Dataset: 1}
	return state
}

func TestASeededGenesisIsValid(t *testing.T) {
	if err := seeded(t).Validate(); err != nil {
		t.Fatal(err)
	}
}

// listed gives a state an epoch that draws from verifiers.
func listed(g *GenesisState, verifiers ...string) {
	g.Epochs = []Epoch{{Number: 0}, {Number: 1}}
	g.EpochVerifiers = []EpochVerifiers{{Epoch: 1, Verifiers: verifiers}}
}

func TestAListOfOneIsValid(t *testing.T) {
	state := seeded(t)
	listed(state, state.Datasets[0].Provider)
	if err := state.Validate(); err != nil {
		t.Fatal(err)
	}
}

func TestGenesisRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*GenesisState)
		want   *errorsmod.Error
	}{
		"no parameters":               {func(g *GenesisState) { g.Params = nil }, ErrParamsInvalid},
		"parameters from later on":    {func(g *GenesisState) { g.Params[0].ActivationHeight = 1 }, ErrParamsInvalid},
		"parameters twice":            {func(g *GenesisState) { g.Params = append(g.Params, g.Params[0]) }, ErrParamsInvalid},
		"epochs out of order":         {func(g *GenesisState) { g.Epochs = []Epoch{{Number: 2}, {Number: 1}} }, ErrMessageInvalid},
		"a referee of another hash":   {func(g *GenesisState) { g.Referees[0].Module = nil }, ErrRefereeInvalid},
		"a model without a referee":   {func(g *GenesisState) { g.Referees = nil }, ErrRefereeNotFound},
		"a model twice":               {func(g *GenesisState) { g.Models = append(g.Models, g.Models[0]) }, ErrModelExists},
		"a broken model":              {func(g *GenesisState) { g.Models[0].Targets = "" }, ErrModelInvalid},
		"a dataset twice":             {func(g *GenesisState) { g.Datasets = append(g.Datasets, g.Datasets[0]) }, ErrDatasetExists},
		"a royalty address of a typo": {func(g *GenesisState) { g.Datasets[0].RoyaltyAddress += "q" }, ErrAddressInvalid},
		"an operator twice":           {func(g *GenesisState) { g.Participants = append(g.Participants, g.Participants[0]) }, ErrOperatorInUse},
		"a bond of no role":           {func(g *GenesisState) { g.Bonds = []Bond{{}} }, ErrRoleInvalid},
		"a number above the counter":  {func(g *GenesisState) { g.Counters.Model = 0 }, ErrMessageInvalid},
		"a bond above the supply": {func(g *GenesisState) {
			g.Bonds = []Bond{{Owner: g.Datasets[0].Provider, Role: ROLE_MINER, Amount: SupplyCap + 1}}
		}, ErrAmountOutOfRange},
		"an epoch without a list": {func(g *GenesisState) { g.Epochs = []Epoch{{Number: 1}} }, ErrMessageInvalid},
		"a list of no epoch":      {func(g *GenesisState) { g.EpochVerifiers = []EpochVerifiers{{Epoch: 1}} }, ErrMessageInvalid},
		"a list of too many": {func(g *GenesisState) {
			listed(g, make([]string, LimitVerifiersMax+1)...)
		}, ErrMessageInvalid},
		"a list of nobody's address": {func(g *GenesisState) { listed(g, "remes1") }, ErrAddressInvalid},
		"a list with a verifier twice": {func(g *GenesisState) {
			listed(g, g.Datasets[0].Provider, g.Datasets[0].Provider)
		}, ErrMessageInvalid},
		"a number of zero": {func(g *GenesisState) { g.Pools = []Pool{{}} }, ErrMessageInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			state := seeded(t)
			c.change(state)
			if err := state.Validate(); !errors.Is(err, c.want) {
				t.Fatalf("got %v, want %q", err, c.want)
			}
		})
	}
}
