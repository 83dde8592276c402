package app

import (
	"slices"

	"cosmossdk.io/log"
	dbm "github.com/cosmos/cosmos-db"

	"github.com/cosmos/cosmos-sdk/baseapp"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/auth/ante"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
)

// NewSimulated builds the state machine for a simulation in one process. It differs from a node's
// in one thing: whoever a message names is taken to have signed it. Fees, gas, refunds and handlers
// are the node's. It must never be given transactions from a network.
func NewSimulated(
	logger log.Logger, db dbm.DB, options servertypes.AppOptions,
	baseOptions ...func(*baseapp.BaseApp),
) (*App, error) {
	app := New(Current, logger, db, nil, false, options, baseOptions...)
	app.SetAnteHandler(newTrustingAnteHandler(app))
	return app, app.LoadLatestVersion()
}

// newTrustingAnteHandler checks gas and fees, and no signature. What only governance may send is
// taken as the outcome of a vote and pays nothing.
func newTrustingAnteHandler(app *App) sdk.AnteHandler {
	setUp := sdk.ChainAnteDecorators(ante.NewSetUpContextDecorator())
	paying := sdk.ChainAnteDecorators(
		ante.NewSetUpContextDecorator(),
		ante.NewConsumeGasForTxSizeDecorator(app.Account),
		ante.NewDeductFeeDecorator(app.Account, app.Bank, app.FeeGrant, app.checkFee),
	)
	authority := authtypes.NewModuleAddress(govtypes.ModuleName)
	return func(ctx sdk.Context, tx sdk.Tx, simulate bool) (sdk.Context, error) {
		voted := !slices.ContainsFunc(tx.GetMsgs(), func(msg sdk.Msg) bool {
			signers, _, err := app.encoding.codec.GetMsgV1Signers(msg)
			return err != nil || len(signers) != 1 || !authority.Equals(sdk.AccAddress(signers[0]))
		})
		if voted {
			return setUp(ctx, tx, simulate)
		}
		return paying(ctx, tx, simulate)
	}
}
