package app

import (
	"encoding/json"

	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	"github.com/cosmos/cosmos-sdk/x/staking"
)

// Export writes the state at the loaded height as the genesis of a new chain: all of it, or what
// modules say of theirs.
func (app *App) Export(modules []string) (servertypes.ExportedApp, error) {
	ctx := app.NewContext(true).WithChainID(app.ChainID())
	state, err := app.modules.ExportGenesisForModules(ctx, app.encoding.codec, modules)
	if err != nil {
		return servertypes.ExportedApp{}, err
	}
	if len(modules) == 0 {
		if state[SpentKey], err = app.exportSpent(ctx); err != nil {
			return servertypes.ExportedApp{}, err
		}
	}
	text, err := json.MarshalIndent(state, "", "  ")
	if err != nil {
		return servertypes.ExportedApp{}, err
	}
	validators, err := staking.WriteValidators(ctx, app.Staking)
	if err != nil {
		return servertypes.ExportedApp{}, err
	}
	return servertypes.ExportedApp{
		AppState:        text,
		Validators:      validators,
		Height:          app.LastBlockHeight() + 1,
		ConsensusParams: app.GetConsensusParams(ctx),
	}, nil
}
