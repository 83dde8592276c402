package node

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"cosmossdk.io/math"
	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"
	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/server"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/cosmos/cosmos-sdk/x/genutil"
	genutilcli "github.com/cosmos/cosmos-sdk/x/genutil/client/cli"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"r3mes.dev/chain/app"
	"r3mes.dev/chain/app/params"
	remestypes "r3mes.dev/chain/x/remes/types"
)

// Limits of one block. Four MiB hold a full bisection post of every open case; the gas is ten of
// the largest transactions.
const (
	blockBytesMax = 4 << 20
	blockGasMax   = 100_000_000
)

// Evidence of a double signature counts as long as the stake behind it can be slashed: while it
// unbonds, in time and in blocks of 5 s. It is too old only when both are over.
const (
	evidenceAgeMax    = stakingtypes.DefaultUnbondingTime
	evidenceBlocksMax = int64(evidenceAgeMax / (5 * time.Second))
)

const flagPreset = "preset"

// newInitCommand is the SDK's init command with the parameters of a preset, which the chain id
// names.
func newInitCommand(lender *app.App) *cobra.Command {
	cmd := genutilcli.InitCmd(lender.Basics, app.DefaultHome)
	cmd.Flags().String(
		flagPreset, "", "parameters to start with: dev, test or main (default: by the chain id)",
	)
	initialize := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		preset, err := choosePreset(cmd)
		if err != nil {
			return err
		}
		config := server.GetServerContextFromCmd(cmd).Config
		config.RPC.PprofListenAddress = "" // several nodes on one machine would fight for its port
		if preset == remestypes.PresetDev {
			QuickenBlocks(config)
		}
		if err := initialize(cmd, args); err != nil {
			return err
		}
		return applyPreset(lender.Codec(), config.GenesisFile(), preset)
	}
	return cmd
}

func choosePreset(cmd *cobra.Command) (remestypes.Preset, error) {
	name, err := cmd.Flags().GetString(flagPreset)
	if err != nil {
		return "", err
	}
	if name != "" {
		_, err := remestypes.PresetParams(remestypes.Preset(name))
		return remestypes.Preset(name), err
	}
	chainID, err := cmd.Flags().GetString(flags.FlagChainID)
	if err != nil {
		return "", err
	}
	if chainID == "" {
		chainID = client.GetClientContextFromCmd(cmd).ChainID
	}
	switch network, _, _ := strings.Cut(chainID, "-"); network {
	case "remesdev":
		return remestypes.PresetDev, nil
	case "remestest":
		return remestypes.PresetTest, nil
	case "remes":
		return remestypes.PresetMain, nil
	}
	return "", fmt.Errorf(
		"chain id %q belongs to no preset: choose one with --%s", chainID, flagPreset,
	)
}

// applyPreset rewrites a genesis file with the preset's parameters and the chain's block limits.
func applyPreset(cdc codec.JSONCodec, file string, preset remestypes.Preset) error {
	genesis, err := genutiltypes.AppGenesisFromFile(file)
	if err != nil {
		return err
	}
	genesis.Consensus.Params.Block.MaxBytes = blockBytesMax
	genesis.Consensus.Params.Block.MaxGas = blockGasMax
	genesis.Consensus.Params.Evidence.MaxAgeDuration = evidenceAgeMax
	genesis.Consensus.Params.Evidence.MaxAgeNumBlocks = evidenceBlocksMax

	var state map[string]json.RawMessage
	if err := json.Unmarshal(genesis.AppState, &state); err != nil {
		return err
	}
	remes, err := remestypes.DefaultGenesis(preset)
	if err != nil {
		return err
	}
	state[remestypes.ModuleName] = cdc.MustMarshalJSON(remes)
	var bank banktypes.GenesisState
	cdc.MustUnmarshalJSON(state[banktypes.ModuleName], &bank)
	bank.DenomMetadata = []banktypes.Metadata{currency()}
	state[banktypes.ModuleName] = cdc.MustMarshalJSON(&bank)
	var slashing slashingtypes.GenesisState
	cdc.MustUnmarshalJSON(state[slashingtypes.ModuleName], &slashing)
	allowAbsence(&slashing.Params)
	state[slashingtypes.ModuleName] = cdc.MustMarshalJSON(&slashing)
	if preset == remestypes.PresetDev {
		var gov govv1.GenesisState
		cdc.MustUnmarshalJSON(state[govtypes.ModuleName], &gov)
		shortenVoting(gov.Params)
		state[govtypes.ModuleName] = cdc.MustMarshalJSON(&gov)
	}
	if genesis.AppState, err = json.MarshalIndent(state, "", " "); err != nil {
		return err
	}
	return genutil.ExportGenesisFile(genesis, file)
}

// currency is what wallets and explorers ask a chain in order to show its amounts.
func currency() banktypes.Metadata {
	const display, decimals = "remes", 6
	return banktypes.Metadata{
		Description: "Pays for training and answers",
		Base:        params.Denom, Display: display, Name: "R3MES", Symbol: "REMES",
		DenomUnits: []*banktypes.DenomUnit{
			{Denom: params.Denom}, {Denom: display, Exponent: decimals},
		},
	}
}

// allowAbsence jails a validator that misses 950 of 1,000 blocks. The SDK's own half of 100 would
// jail one for a reboot: on a localnet, whose blocks take a second, for 50 s of it.
func allowAbsence(params *slashingtypes.Params) {
	params.SignedBlocksWindow = 1_000
	params.MinSignedPerWindow = math.LegacyNewDecWithPrec(5, 2)
}

// shortenVoting makes proposals on a localnet pass within a minute.
func shortenVoting(params *govv1.Params) {
	voting, expedited := time.Minute, 30*time.Second
	params.VotingPeriod, params.ExpeditedVotingPeriod = &voting, &expedited
	params.MaxDepositPeriod = &voting
}
