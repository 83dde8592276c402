package app

import (
	corestore "cosmossdk.io/core/store"
	evidencekeeper "cosmossdk.io/x/evidence/keeper"
	evidencetypes "cosmossdk.io/x/evidence/types"
	"cosmossdk.io/x/feegrant"
	feegrantkeeper "cosmossdk.io/x/feegrant/keeper"
	upgradekeeper "cosmossdk.io/x/upgrade/keeper"
	upgradetypes "cosmossdk.io/x/upgrade/types"
	"github.com/spf13/cast"

	"github.com/cosmos/cosmos-sdk/client/flags"
	"github.com/cosmos/cosmos-sdk/runtime"
	"github.com/cosmos/cosmos-sdk/server"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	authcodec "github.com/cosmos/cosmos-sdk/x/auth/codec"
	authkeeper "github.com/cosmos/cosmos-sdk/x/auth/keeper"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	authzkeeper "github.com/cosmos/cosmos-sdk/x/authz/keeper"
	bankkeeper "github.com/cosmos/cosmos-sdk/x/bank/keeper"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	consensuskeeper "github.com/cosmos/cosmos-sdk/x/consensus/keeper"
	consensustypes "github.com/cosmos/cosmos-sdk/x/consensus/types"
	distrkeeper "github.com/cosmos/cosmos-sdk/x/distribution/keeper"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	govkeeper "github.com/cosmos/cosmos-sdk/x/gov/keeper"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	govv1beta1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1beta1"
	slashingkeeper "github.com/cosmos/cosmos-sdk/x/slashing/keeper"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingkeeper "github.com/cosmos/cosmos-sdk/x/staking/keeper"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"r3mes.dev/chain/app/params"
	remeskeeper "r3mes.dev/chain/x/remes/keeper"
	remestypes "r3mes.dev/chain/x/remes/types"
)

var storeKeys = []string{
	authtypes.StoreKey, banktypes.StoreKey, stakingtypes.StoreKey, distrtypes.StoreKey,
	slashingtypes.StoreKey,
	govtypes.StoreKey, consensustypes.StoreKey, upgradetypes.StoreKey, evidencetypes.StoreKey,
	feegrant.StoreKey,
	authzkeeper.StoreKey, remestypes.StoreKey,
}

// moduleAccounts may do with their coins only what is listed: nobody but x/remes's reward account
// can mint.
var moduleAccounts = map[string][]string{
	authtypes.FeeCollectorName:      nil,
	distrtypes.ModuleName:           nil,
	stakingtypes.BondedPoolName:     {authtypes.Burner, authtypes.Staking},
	stakingtypes.NotBondedPoolName:  {authtypes.Burner, authtypes.Staking},
	govtypes.ModuleName:             {authtypes.Burner},
	remestypes.BondAccountName:      {authtypes.Burner},
	remestypes.EscrowAccountName:    {authtypes.Burner},
	remestypes.RewardAccountName:    {authtypes.Minter, authtypes.Burner},
	remestypes.InsuranceAccountName: nil,
}

// blockedAddresses may not receive coins from a plain send: their balances must equal the module's
// records. The governance account may, so that proposals can dispose of money sent to it.
func blockedAddresses() map[string]bool {
	blocked := map[string]bool{}
	for name := range moduleAccounts {
		if name != govtypes.ModuleName {
			blocked[authtypes.NewModuleAddress(name).String()] = true
		}
	}
	return blocked
}

// Keepers are the modules' state, one per module.
type Keepers struct {
	Account   authkeeper.AccountKeeper
	Bank      bankkeeper.BaseKeeper
	Staking   *stakingkeeper.Keeper
	Slashing  slashingkeeper.Keeper
	Distr     distrkeeper.Keeper
	Gov       *govkeeper.Keeper
	Consensus consensuskeeper.Keeper
	Upgrade   *upgradekeeper.Keeper
	Evidence  evidencekeeper.Keeper
	FeeGrant  feegrantkeeper.Keeper
	Authz     authzkeeper.Keeper
	Remes     remeskeeper.Keeper
}

// newKeepers builds every keeper in the order of their dependencies.
func newKeepers(app *App, options servertypes.AppOptions) Keepers {
	var k Keepers
	cdc := app.encoding.codec
	store := func(key string) corestore.KVStoreService { return runtime.NewKVStoreService(app.stores[key]) }
	authority := authtypes.NewModuleAddress(govtypes.ModuleName).String()
	accounts := authcodec.NewBech32Codec(params.Prefix)
	router := app.MsgServiceRouter()

	k.Consensus = consensuskeeper.NewKeeper(
		cdc, store(consensustypes.StoreKey), authority, runtime.EventService{})
	app.SetParamStore(k.Consensus.ParamsStore)
	k.Account = authkeeper.NewAccountKeeper(
		cdc, store(authtypes.StoreKey), authtypes.ProtoBaseAccount, moduleAccounts, accounts,
		params.Prefix, authority,
		authkeeper.WithUnorderedTransactions(true))
	k.Bank = bankkeeper.NewBaseKeeper(
		cdc, store(banktypes.StoreKey), k.Account, blockedAddresses(), authority, app.Logger())
	k.Staking = stakingkeeper.NewKeeper(
		cdc, store(stakingtypes.StoreKey), k.Account, k.Bank, authority,
		authcodec.NewBech32Codec(params.ValidatorPrefix), authcodec.NewBech32Codec(
			params.ConsensusPrefix,
		))
	k.Distr = distrkeeper.NewKeeper(
		cdc, store(distrtypes.StoreKey), k.Account, k.Bank, k.Staking, authtypes.FeeCollectorName,
		authority)
	k.Slashing = slashingkeeper.NewKeeper(
		cdc, app.encoding.amino, store(slashingtypes.StoreKey), k.Staking, authority)
	k.Staking.SetHooks(stakingtypes.NewMultiStakingHooks(k.Distr.Hooks(), k.Slashing.Hooks()))
	k.FeeGrant = feegrantkeeper.NewKeeper(cdc, store(feegrant.StoreKey), k.Account)
	k.Authz = authzkeeper.NewKeeper(store(authzkeeper.StoreKey), cdc, router, k.Account)
	k.Upgrade = upgradekeeper.NewKeeper(
		skippedUpgrades(options), store(upgradetypes.StoreKey), cdc,
		cast.ToString(options.Get(flags.FlagHome)), app.BaseApp, authority)
	k.Gov = govkeeper.NewKeeper(
		cdc, store(govtypes.StoreKey), k.Account, k.Bank, k.Staking, k.Distr, router,
		govtypes.DefaultConfig(), authority)
	// Some wallets still write text proposals in the form of before messages.
	texts := govv1beta1.NewRouter().AddRoute(govtypes.RouterKey, govv1beta1.ProposalHandler)
	k.Gov.SetLegacyRouter(texts)
	k.Evidence = *evidencekeeper.NewKeeper(
		cdc, store(evidencetypes.StoreKey), k.Staking, k.Slashing, accounts,
		runtime.ProvideCometInfoService())
	k.Remes = remeskeeper.NewKeeper(remeskeeper.Inputs{
		Codec: cdc, Store: store(remestypes.StoreKey), Addresses: accounts, Authority: authority,
		FeeCollector: authtypes.FeeCollectorName, Bank: k.Bank,
	})
	return k
}

func skippedUpgrades(options servertypes.AppOptions) map[int64]bool {
	skipped := map[int64]bool{}
	for _, height := range cast.ToIntSlice(options.Get(server.FlagUnsafeSkipUpgrades)) {
		skipped[int64(height)] = true
	}
	return skipped
}
