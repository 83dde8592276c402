package network

import (
	"crypto/sha256"
	"encoding/json"
	"os"
	"time"

	"cosmossdk.io/math"
	cmttypes "github.com/cometbft/cometbft/types"
	"github.com/cosmos/gogoproto/jsonpb"

	cryptocodec "github.com/cosmos/cosmos-sdk/crypto/codec"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/cosmos/cosmos-sdk/x/genutil"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"r3mes.dev/chain/app/params"
	remestypes "r3mes.dev/chain/x/remes/types"
)

const (
	purse = 1_000_000 * remestypes.REMES
	stake = purse / 2
	// Votes end this soon: the validators are all that vote.
	votingPeriod = 20 * time.Second
)

func coins(uremes int64) sdk.Coins { return sdk.NewCoins(sdk.NewInt64Coin(params.Denom, uremes)) }

// genesis is a chain of the dev preset whose accounts are funded and whose validators have declared
// themselves, with a referee, a model and a dataset in the registries.
func (n *network) genesis() *genutiltypes.AppGenesis {
	n.t.Helper()
	cdc := n.lender.Codec()
	state := n.lender.Basics.DefaultGenesis(cdc)

	var accounts []authtypes.GenesisAccount
	var balances []banktypes.Balance
	for _, a := range n.accounts {
		accounts = append(accounts, authtypes.NewBaseAccount(a.address, a.key.PubKey(), a.number, 0))
		balances = append(balances, banktypes.Balance{
			Address: a.address.String(), Coins: coins(purse),
		})
	}
	packed, err := authtypes.PackAccounts(accounts)
	n.must(err)
	state[authtypes.ModuleName] = cdc.MustMarshalJSON(
		&authtypes.GenesisState{Params: authtypes.DefaultParams(), Accounts: packed},
	)
	bank := banktypes.DefaultGenesisState()
	bank.Balances = balances
	state[banktypes.ModuleName] = cdc.MustMarshalJSON(bank)
	state[remestypes.ModuleName] = n.sparse(n.registries())

	var gov govv1.GenesisState
	cdc.MustUnmarshalJSON(state[govtypes.ModuleName], &gov)
	voting, expedited := votingPeriod, votingPeriod/2
	gov.Params.VotingPeriod, gov.Params.ExpeditedVotingPeriod = &voting, &expedited
	state[govtypes.ModuleName] = cdc.MustMarshalJSON(&gov)

	var declarations []sdk.Tx
	for _, v := range n.validators {
		declarations = append(declarations, n.declare(v))
	}
	state, err = genutil.SetGenTxsInAppGenesisState(
		cdc, n.lender.TxConfig().TxJSONEncoder(), state, declarations,
	)
	n.must(err)
	text, err := json.Marshal(state)
	n.must(err)
	consensus := cmttypes.DefaultConsensusParams()
	consensus.Block.MaxGas = 100_000_000 // as a node's own genesis has it
	return &genutiltypes.AppGenesis{
		GenesisTime: time.Now().UTC(), ChainID: chainID, InitialHeight: 1, AppState: text,
		Consensus: &genutiltypes.ConsensusGenesis{Params: consensus},
	}
}

// sparse is the module's state without what is zero: an earlier release refuses fields that it does not
// know, and a new chain has nothing in them.
func (n *network) sparse(state *remestypes.GenesisState) json.RawMessage {
	n.t.Helper()
	text, err := (&jsonpb.Marshaler{OrigName: true}).MarshalToString(state)
	n.must(err)
	return json.RawMessage(text)
}

// declare is the transaction by which a validator takes part from the first block on.
func (n *network) declare(v *validator) sdk.Tx {
	n.t.Helper()
	public, err := cryptocodec.FromCmtPubKeyInterface(v.signer.Key.PubKey)
	n.must(err)
	rates := stakingtypes.NewCommissionRates(
		math.LegacyZeroDec(), math.LegacyOneDec(), math.LegacyOneDec(),
	)
	msg, err := stakingtypes.NewMsgCreateValidator(
		v.operator().String(), public, coins(stake)[0],
		stakingtypes.Description{Moniker: v.name}, rates, math.OneInt(),
	)
	n.must(err)
	builder := n.lender.TxConfig().NewTxBuilder()
	n.must(builder.SetMsgs(msg))
	builder.SetGasLimit(gasMax)
	n.sign(builder, v.account, 0)
	return builder.GetTx()
}

// registries is the module's state with all that a pool needs.
func (n *network) registries() *remestypes.GenesisState {
	n.t.Helper()
	state, err := remestypes.DefaultGenesis(remestypes.PresetDev)
	n.must(err)
	module, err := os.ReadFile(refereeFile)
	n.must(err)
	id := sha256.Sum256(module)
	state.Referees = []remestypes.RefereeModule{{
		Referee: remestypes.Referee{Id: id[:], Size_: uint32(len(module))}, Module: module,
	}}
	state.Models = []remestypes.Model{{
		Id: 1, Name: "genesis-1", Architecture: "bitnet", ManifestCid: cidOf("manifest"),
		BackboneRoot: hashOf("backbone"), TokenizerHash: hashOf("tokenizer"),
		InitialAdapterRoot: hashOf("adapter"), InitialAdapterCid: cidOf("adapter"),
		RefereeId: id[:], Targets: "q,v", Licence: "Apache-2.0", Status: remestypes.STATUS_APPROVED,
		Programs: []remestypes.StepProgram{{
			Root: hashOf("program"), Operations: 10, StateTensors: 6, Rank: 16, Batch: 8,
			Sequence: 256, Optimizer: remestypes.OPTIMIZER_ADAM, Work: 33_600_000_000, Weights: 5,
			StateWriters: []uint32{9, 4, 5, 6, 7, 8},
		}},
	}}
	provider := n.accounts[0].address.String()
	state.Datasets = []remestypes.Dataset{{
		Id: 1, Provider: provider, RoyaltyAddress: provider, Name: "tales",
		ManifestCid: cidOf("tales"), Root: hashOf("tales"), Tokens: 1_000_000,
		TokenizerHash: hashOf("tokenizer"), Licence: "CC0-1.0", Shards: 1,
		Status: remestypes.STATUS_APPROVED,
	}}
	state.Counters.Model, state.Counters.Dataset = 1, 1
	return state
}

// refereeFile is a small module that the chain admits.
const refereeFile = "../x/remes/referee/testdata/tile.wasm"

func hashOf(text string) []byte {
	hash := sha256.Sum256([]byte(text))
	return hash[:]
}

func cidOf(text string) []byte { return append([]byte{0x01, 0x55, 0x12, 0x20}, hashOf(text)...) }
