package app

import (
	"context"

	upgradetypes "cosmossdk.io/x/upgrade/types"

	"github.com/cosmos/cosmos-sdk/types/module"

	"r3mes.dev/chain/x/remes"
	"r3mes.dev/chain/x/remes/keeper"
)

// Release is how a version of the node takes over from the one before it.
type Release struct {
	// Upgrades are the names of the plans at whose height this release or one before it took over,
	// oldest first. A node refuses to go on behind an upgrade that it does not know.
	Upgrades []string
	// Migrations are those of x/remes's store, from version 1 on.
	Migrations []remes.Migration
}

// Current is this release.
var Current = Release{
	Upgrades:   []string{"version-2"},
	Migrations: []remes.Migration{keeper.ToVersion2},
}

// prepareUpgrades lets the node go on at the heights of the plans: there every module brings its
// store to the version that this release works with. An upgrade does nothing else, so that what
// changes is written, and tested, where the store is.
func (app *App) prepareUpgrades(names []string, configurator module.Configurator) {
	migrate := func(
		ctx context.Context, _ upgradetypes.Plan, from module.VersionMap,
	) (module.VersionMap, error) {
		return app.modules.RunMigrations(ctx, configurator, from)
	}
	for _, name := range names {
		app.Upgrade.SetUpgradeHandler(name, migrate)
	}
}
