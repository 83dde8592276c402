package app

import (
	"fmt"
	"time"

	"cosmossdk.io/store/rootmulti"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

// behindLastBlock is a context of a process that has made no block yet as that block left it. The SDK
// gives such a process neither height nor time: until the next block it would take whatever is checked
// or simulated for a transaction of genesis, which pays nothing, and refuse everybody's signature.
func (app *App) behindLastBlock(ctx sdk.Context) (sdk.Context, error) {
	if ctx.BlockHeight() > 0 || app.LastBlockHeight() == 0 {
		return ctx, nil
	}
	at, err := app.lastBlockTime()
	return ctx.WithBlockHeight(app.LastBlockHeight()).WithBlockTime(at), err
}

// lastBlockTime is kept by the store.
func (app *App) lastBlockTime() (time.Time, error) {
	store, is := app.CommitMultiStore().(*rootmulti.Store)
	if !is {
		return time.Time{}, fmt.Errorf(
			"a store of type %T has no times of blocks", app.CommitMultiStore())
	}
	last, err := store.GetCommitInfo(app.LastBlockHeight())
	if err != nil {
		return time.Time{}, err
	}
	return last.Timestamp.UTC(), nil
}
