package app

import (
	"cosmossdk.io/x/evidence"
	evidencetypes "cosmossdk.io/x/evidence/types"
	"cosmossdk.io/x/feegrant"
	feegrantmodule "cosmossdk.io/x/feegrant/module"
	"cosmossdk.io/x/upgrade"
	upgradetypes "cosmossdk.io/x/upgrade/types"

	"github.com/cosmos/cosmos-sdk/types/module"
	"github.com/cosmos/cosmos-sdk/x/auth"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	"github.com/cosmos/cosmos-sdk/x/auth/vesting"
	vestingtypes "github.com/cosmos/cosmos-sdk/x/auth/vesting/types"
	"github.com/cosmos/cosmos-sdk/x/authz"
	authzmodule "github.com/cosmos/cosmos-sdk/x/authz/module"
	"github.com/cosmos/cosmos-sdk/x/bank"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/cosmos/cosmos-sdk/x/consensus"
	consensustypes "github.com/cosmos/cosmos-sdk/x/consensus/types"
	distr "github.com/cosmos/cosmos-sdk/x/distribution"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	"github.com/cosmos/cosmos-sdk/x/genutil"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"
	"github.com/cosmos/cosmos-sdk/x/gov"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	"github.com/cosmos/cosmos-sdk/x/slashing"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	"github.com/cosmos/cosmos-sdk/x/staking"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"r3mes.dev/chain/x/remes"
	remestypes "r3mes.dev/chain/x/remes/types"
)

// The orders are consensus. Each is a list of its own so that a test can hold it against what it
// must be.
var (
	// auth drops spent nonces of unordered transactions in its pre-blocker; without it they would
	// never expire.
	preBlockOrder   = []string{upgradetypes.ModuleName, authtypes.ModuleName}
	beginBlockOrder = []string{
		distrtypes.ModuleName, slashingtypes.ModuleName, evidencetypes.ModuleName,
		stakingtypes.ModuleName,
		genutiltypes.ModuleName, authz.ModuleName, remestypes.ModuleName,
	}
	endBlockOrder = []string{
		govtypes.ModuleName, stakingtypes.ModuleName, genutiltypes.ModuleName, feegrant.ModuleName,
		remestypes.ModuleName,
	}
	// genutil follows staking, whose pools its transactions fill; remes reads balances, so it comes
	// after bank.
	genesisOrder = []string{
		authtypes.ModuleName, banktypes.ModuleName, distrtypes.ModuleName, stakingtypes.ModuleName,
		slashingtypes.ModuleName, govtypes.ModuleName, genutiltypes.ModuleName,
		evidencetypes.ModuleName,
		authz.ModuleName, feegrant.ModuleName, upgradetypes.ModuleName, vestingtypes.ModuleName,
		consensustypes.ModuleName, remestypes.ModuleName,
	}
)

func newModules(app *App, migrations []remes.Migration) *module.Manager {
	cdc, registry := app.encoding.codec, app.encoding.registry
	manager := module.NewManager(
		genutil.NewAppModule(app.Account, app.Staking, app, app.encoding.txConfig),
		auth.NewAppModule(cdc, app.Account, nil, nil),
		vesting.NewAppModule(app.Account, app.Bank),
		bank.NewAppModule(cdc, app.Bank, app.Account, nil),
		gov.NewAppModule(cdc, app.Gov, app.Account, app.Bank, nil),
		slashing.NewAppModule(cdc, app.Slashing, app.Account, app.Bank, app.Staking, nil, registry),
		distr.NewAppModule(cdc, app.Distr, app.Account, app.Bank, app.Staking, nil),
		staking.NewAppModule(cdc, app.Staking, app.Account, app.Bank, nil),
		upgrade.NewAppModule(app.Upgrade, app.Account.AddressCodec()),
		evidence.NewAppModule(app.Evidence),
		feegrantmodule.NewAppModule(cdc, app.Account, app.Bank, app.FeeGrant, registry),
		authzmodule.NewAppModule(cdc, app.Authz, app.Account, app.Bank, registry),
		consensus.NewAppModule(cdc, app.Consensus),
		remes.NewAppModule(cdc, app.Remes, migrations...),
	)
	manager.SetOrderPreBlockers(preBlockOrder...)
	manager.SetOrderBeginBlockers(beginBlockOrder...)
	manager.SetOrderEndBlockers(endBlockOrder...)
	manager.SetOrderInitGenesis(genesisOrder...)
	manager.SetOrderExportGenesis(genesisOrder...)
	return manager
}

func newBasics(manager *module.Manager) module.BasicManager {
	return module.NewBasicManagerFromManager(manager, map[string]module.AppModuleBasic{
		genutiltypes.ModuleName: genutil.NewAppModuleBasic(genutiltypes.DefaultMessageValidator),
		govtypes.ModuleName:     gov.NewAppModuleBasic(nil),
	})
}
