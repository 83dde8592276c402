// Package app wires the SDK's modules and x/remes into a node. It holds no rule of the protocol.
package app

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"cosmossdk.io/log"
	storetypes "cosmossdk.io/store/types"
	abci "github.com/cometbft/cometbft/abci/types"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/gogoproto/proto"

	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/codec/types"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	"github.com/cosmos/cosmos-sdk/std"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/module"
	"github.com/cosmos/cosmos-sdk/types/msgservice"
	authtx "github.com/cosmos/cosmos-sdk/x/auth/tx"

	"r3mes.dev/chain/app/params"
)

// Name is the node's name on the command line and to its peers.
const Name = "remesd"

// Version is that of the repository (package.json).
const Version = "0.1.0"

// DefaultHome is where the node keeps its files unless it is told otherwise.
var DefaultHome = defaultHome()

func defaultHome() string {
	home, err := os.UserHomeDir()
	if err != nil {
		return ".remesd"
	}
	return filepath.Join(home, ".remesd")
}

// App is the node's state machine: CometBFT hands it blocks, its modules answer.
type App struct {
	*baseapp.BaseApp
	Keepers

	encoding encoding
	stores   map[string]*storetypes.KVStoreKey
	modules  *module.Manager
	waiting  *waiting
	trials   *trials
	// Basics know each module's codecs and genesis, without a store.
	Basics module.BasicManager
}

var _ servertypes.Application = (*App)(nil)

type encoding struct {
	registry types.InterfaceRegistry
	codec    codec.Codec
	amino    *codec.LegacyAmino
	txConfig client.TxConfig
}

func newEncoding() encoding {
	registry := params.NewInterfaceRegistry()
	amino := codec.NewLegacyAmino()
	std.RegisterLegacyAminoCodec(amino)
	std.RegisterInterfaces(registry)
	protoCodec := codec.NewProtoCodec(registry)
	txConfig := authtx.NewTxConfig(protoCodec, authtx.DefaultSignModes)
	return encoding{registry: registry, codec: protoCodec, amino: amino, txConfig: txConfig}
}

// New builds the state machine of a release's node on a database. With loadLatest it continues at
// the last committed height.
func New(
	release Release, logger log.Logger, db dbm.DB, trace io.Writer, loadLatest bool,
	options servertypes.AppOptions, baseOptions ...func(*baseapp.BaseApp),
) *App {
	enc := newEncoding()
	base := baseapp.NewBaseApp(Name, logger, db, enc.txConfig.TxDecoder(), baseOptions...)
	base.SetCommitMultiStoreTracer(trace)
	base.SetVersion(Version)
	base.SetInterfaceRegistry(enc.registry)
	base.SetTxEncoder(enc.txConfig.TxEncoder())

	stores := storetypes.NewKVStoreKeys(storeKeys...)
	app := &App{
		BaseApp: base, encoding: enc, stores: stores, waiting: newWaiting(options), trials: newTrials(),
	}
	app.Keepers = newKeepers(app, options)
	app.modules = newModules(app, release.Migrations)
	app.Basics = newBasics(app.modules)
	app.Basics.RegisterLegacyAminoCodec(enc.amino)
	app.Basics.RegisterInterfaces(enc.registry)
	app.prepareUpgrades(release.Upgrades, app.registerServices())

	app.MountKVStores(stores)
	app.SetInitChainer(app.initChain)
	app.SetPreBlocker(func(ctx sdk.Context, req *abci.RequestFinalizeBlock) (*sdk.ResponsePreBlock, error) {
		app.waiting.forget(req.Height)
		app.trials.forget()
		return app.modules.PreBlock(ctx)
	})
	app.SetBeginBlocker(app.modules.BeginBlock)
	app.SetEndBlocker(app.modules.EndBlock)
	app.SetAnteHandler(newAnteHandler(app))
	app.SetPostHandler(app.refundDuties)
	app.SetMempool(app.waiting)
	app.SetPrepareProposal(app.propose)
	// Whatever a proposer chose is executed; what of it is not valid changes nothing.
	app.SetProcessProposal(baseapp.NoOpProcessProposal())
	validateAnnotations()
	if loadLatest {
		if err := app.LoadLatestVersion(); err != nil {
			panic(fmt.Errorf("load latest version: %w", err))
		}
	}
	return app
}

// validateAnnotations refuses a build whose messages do not say who signs them.
func validateAnnotations() {
	files, err := proto.MergedRegistry()
	if err != nil {
		panic(err)
	}
	if err := msgservice.ValidateProtoAnnotations(files); err != nil {
		panic(err)
	}
}

func (app *App) initChain(
	ctx sdk.Context, req *abci.RequestInitChain,
) (*abci.ResponseInitChain, error) {
	var state map[string]json.RawMessage
	if err := json.Unmarshal(req.AppStateBytes, &state); err != nil {
		return nil, err
	}
	// Without the version map the first upgrade would run every migration from nothing.
	if err := app.Upgrade.SetModuleVersionMap(ctx, app.modules.GetVersionMap()); err != nil {
		return nil, err
	}
	if err := app.initSpent(ctx, state[SpentKey]); err != nil {
		return nil, err
	}
	return app.modules.InitGenesis(ctx, app.encoding.codec, state)
}

// Codec encodes state and messages.
func (app *App) Codec() codec.Codec { return app.encoding.codec }

// LegacyAmino encodes messages for hardware wallets.
func (app *App) LegacyAmino() *codec.LegacyAmino { return app.encoding.amino }

// InterfaceRegistry knows every message type.
func (app *App) InterfaceRegistry() types.InterfaceRegistry { return app.encoding.registry }

// TxConfig builds, signs and encodes transactions.
func (app *App) TxConfig() client.TxConfig { return app.encoding.txConfig }
