package sim

import (
	"encoding/json"
	"maps"
	"slices"

	"cosmossdk.io/math"

	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"r3mes.dev/chain/app"
	"r3mes.dev/chain/app/params"
	remestypes "r3mes.dev/chain/x/remes/types"
)

// genesis is the first state of a simulated chain: funded accounts, and one validator that nobody
// runs, because staking knows no chain without one.
func genesis(a *app.App, start Start) ([]byte, error) {
	cdc := a.Codec()
	state := a.Basics.DefaultGenesis(cdc)
	remes, err := remestypes.DefaultGenesis(remestypes.Preset(start.Preset))
	if err != nil {
		return nil, err
	}
	state[remestypes.ModuleName] = cdc.MustMarshalJSON(remes)
	if len(start.Remes) > 0 {
		state[remestypes.ModuleName] = start.Remes
	}

	staking, stake, err := oneValidator()
	if err != nil {
		return nil, err
	}
	accounts := []authtypes.GenesisAccount{}
	balances := []banktypes.Balance{{
		Address: authtypes.NewModuleAddress(stakingtypes.BondedPoolName).String(), Coins: stake,
	}}
	supply := stake
	for _, text := range slices.Sorted(maps.Keys(start.Balances)) {
		address, err := sdk.AccAddressFromBech32(text)
		if err != nil {
			return nil, remestypes.ErrAddressInvalid.Wrap(text)
		}
		amount, ok := math.NewIntFromString(start.Balances[text])
		if !ok || !amount.IsPositive() {
			return nil, remestypes.ErrAmountInvalid.Wrapf("%q of %s", start.Balances[text], text)
		}
		coins := sdk.NewCoins(sdk.NewCoin(params.Denom, amount))
		accounts = append(accounts, authtypes.NewBaseAccountWithAddress(address))
		balances = append(balances, banktypes.Balance{Address: text, Coins: coins})
		supply = supply.Add(coins...)
	}
	auth := authtypes.NewGenesisState(authtypes.DefaultParams(), accounts)
	state[authtypes.ModuleName] = cdc.MustMarshalJSON(auth)
	state[stakingtypes.ModuleName] = cdc.MustMarshalJSON(staking)
	state[banktypes.ModuleName] = cdc.MustMarshalJSON(banktypes.NewGenesisState(
		banktypes.DefaultParams(), balances, supply, nil, nil,
	))
	return json.Marshal(state)
}

// oneValidator is a bonded validator that owns its stake.
func oneValidator() (*stakingtypes.GenesisState, sdk.Coins, error) {
	key := ed25519.GenPrivKeyFromSecret([]byte("remesim validator")).PubKey()
	public, err := codectypes.NewAnyWithValue(key)
	if err != nil {
		return nil, nil, err
	}
	operator := sdk.ValAddress(key.Address()).String()
	tokens := sdk.DefaultPowerReduction
	settings := stakingtypes.DefaultParams()
	settings.BondDenom = params.Denom
	validator := stakingtypes.Validator{
		OperatorAddress: operator, ConsensusPubkey: public, Status: stakingtypes.Bonded,
		Tokens: tokens, DelegatorShares: math.LegacyNewDecFromInt(tokens),
		Commission: stakingtypes.NewCommission(
			math.LegacyZeroDec(), math.LegacyZeroDec(), math.LegacyZeroDec(),
		),
		MinSelfDelegation: math.ZeroInt(),
	}
	delegation := stakingtypes.NewDelegation(
		sdk.AccAddress(key.Address()).String(), operator, validator.DelegatorShares,
	)
	return stakingtypes.NewGenesisState(settings, []stakingtypes.Validator{validator},
		[]stakingtypes.Delegation{delegation}), sdk.NewCoins(sdk.NewCoin(params.Denom, tokens)), nil
}
