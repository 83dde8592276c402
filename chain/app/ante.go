package app

import (
	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"
	storetypes "cosmossdk.io/store/types"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	"github.com/cosmos/cosmos-sdk/x/auth/ante"

	"r3mes.dev/chain/app/params"
	remestypes "r3mes.dev/chain/x/remes/types"
)

// newAnteHandler checks signatures and fees before a transaction runs. It is the SDK's chain of
// checks with two changes: the lowest gas price is part of consensus, so a proposer cannot let free
// transactions in, and what is good waits for a block by its rank.
func newAnteHandler(app *App) sdk.AnteHandler {
	check, err := ante.NewAnteHandler(ante.HandlerOptions{
		AccountKeeper:   app.Account,
		BankKeeper:      app.Bank,
		FeegrantKeeper:  app.FeeGrant,
		SignModeHandler: app.encoding.txConfig.SignModeHandler(),
		SigGasConsumer:  ante.DefaultSigVerificationGasConsumer,
		TxFeeChecker:    app.checkFee,
	})
	if err != nil {
		panic(err)
	}
	return func(ctx sdk.Context, tx sdk.Tx, simulate bool) (sdk.Context, error) {
		ctx, err := app.behindLastBlock(ctx)
		if err != nil {
			return ctx, err
		}
		checked, err := check(ctx, tx, simulate)
		if err != nil || simulate || !ctx.IsCheckTx() {
			return checked, err
		}
		// Also when CometBFT shows again what waits. What is refused here leaves no sequence number
		// behind in the state that the next one is checked against.
		checked = checked.WithPriority(app.rank(checked, tx))
		return checked, app.waiting.Insert(checked, tx)
	}
}

// checkFee returns the fee and the priority of a transaction, or refuses it: its gas may not exceed
// the governed maximum, and its fee must pay the governed gas price and, in the mempool, this
// node's own.
func (app *App) checkFee(ctx sdk.Context, tx sdk.Tx) (sdk.Coins, int64, error) {
	feeTx, ok := tx.(sdk.FeeTx)
	if !ok {
		return nil, 0, errorsmod.Wrap(sdkerrors.ErrTxDecode, "not a fee transaction")
	}
	fee, gas := feeTx.GetFee(), feeTx.GetGas()
	if ctx.BlockHeight() == 0 { // genesis transactions come before anybody could pay
		return fee, 0, nil
	}
	// A simulation does not come here, so what is read here must not count.
	block, err := app.Remes.BlockParams(ctx.WithGasMeter(storetypes.NewInfiniteGasMeter()))
	if err != nil {
		return nil, 0, err
	}
	if gas > block.TxGasMax {
		return nil, 0, errorsmod.Wrapf(
			sdkerrors.ErrOutOfGas, "the transaction asks for %d gas, at most %d", gas,
			block.TxGasMax)
	}
	if err := requireFee(fee, remestypes.FeeMin(gas, block.GasPriceMin)); err != nil {
		return nil, 0, err
	}
	if ctx.IsCheckTx() {
		price := ctx.MinGasPrices().AmountOf(params.Denom)
		local := price.MulInt(math.NewIntFromUint64(gas)).Ceil().RoundInt()
		if err := requireFee(fee, local); err != nil {
			return nil, 0, err
		}
	}
	return fee, gasPrice(fee, gas), nil
}

func requireFee(fee sdk.Coins, required math.Int) error {
	if fee.AmountOf(params.Denom).LT(required) {
		return errorsmod.Wrapf(
			sdkerrors.ErrInsufficientFee, "got %s, required %s%s", fee, required, params.Denom)
	}
	return nil
}
