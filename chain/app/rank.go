package app

import (
	"fmt"

	"cosmossdk.io/math"
	storetypes "cosmossdk.io/store/types"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"

	"r3mes.dev/chain/app/params"
	remestypes "r3mes.dev/chain/x/remes/types"
)

// Ranks begin with what a transaction is. Below them all is what somebody merely wants; within each
// the gas price decides.
const (
	// owedTile executes the tile that a case waits for. It is too long to be tried before.
	owedTile = int64(1) << 60
	// owedDuty is what the chain demands by a deadline, and was seen to succeed.
	owedDuty = 2 * owedTile
)

// gasOfNeedMax is how many times the gas that it was seen to need an owed transaction may ask for,
// and still go first: whoever owes much must not keep others out of blocks by what it asks for. The
// least of duties may ask for what the command line asks for by itself, 200,000.
const gasOfNeedMax = 4

// rank is a transaction's place in this node's next proposal. What is owed is tried on the state
// that transactions are checked against, and what it did stays there until the next block: so the
// same duty comes first once, however often it is sent, and only from whoever owes it. It is asked
// for after signatures and fees are found good, and costs nothing for transactions of other kinds.
func (app *App) rank(ctx sdk.Context, tx sdk.Tx) int64 {
	feeTx, ok := tx.(sdk.FeeTx)
	if !ok {
		return 0
	}
	price := gasPrice(feeTx.GetFee(), feeTx.GetGas())
	msgs := tx.GetMsgs()
	if !onlyOwed(msgs) {
		return price
	}
	trial, keep := ctx.CacheContext()
	// What follows does not count: a transaction asks for the gas of its execution.
	trial = trial.WithBlockHeight(ctx.BlockHeight() + 1).
		WithGasMeter(storetypes.NewGasMeter(feeTx.GetGas()))
	kind, err := app.try(trial, msgs)
	need := ctx.GasMeter().GasConsumed() + trial.GasMeter().GasConsumed()
	if err != nil || kind == owedDuty && feeTx.GetGas() > gasOfNeedMax*need {
		return price
	}
	keep()
	return kind + price
}

// try does what messages ask for, except that it takes the word of whoever is to move in a case that
// its tile is right.
func (app *App) try(ctx sdk.Context, msgs []sdk.Msg) (kind int64, err error) {
	defer func() {
		if cause := recover(); cause != nil { // out of gas
			err = sdkerrors.ErrPanic.Wrap(fmt.Sprint(cause))
		}
	}()
	kind = owedDuty
	for _, msg := range msgs {
		if tile, is := msg.(*remestypes.MsgExecuteTile); is {
			kind = owedTile
			err = app.Remes.ForeseeTile(ctx, tile)
		} else {
			_, err = app.MsgServiceRouter().Handler(msg)(ctx, msg)
		}
		if err != nil {
			return kind, err
		}
	}
	return kind, nil
}

// onlyOwed says that every message is of a kind that the chain demands by a deadline: a duty, or the
// commitment that a lease is for.
func onlyOwed(msgs []sdk.Msg) bool {
	for _, msg := range msgs {
		if _, is := msg.(*remestypes.MsgCommit); !is && !isDuty(msg) {
			return false
		}
	}
	return len(msgs) > 0
}

// gasPrice is the gas price in millionths of a uremes, capped to what leaves room for the kinds.
func gasPrice(fee sdk.Coins, gas uint64) int64 {
	const highest = owedTile - 1
	if gas == 0 {
		return 0
	}
	price := fee.AmountOf(params.Denom).MulRaw(1_000_000).Quo(math.NewIntFromUint64(gas))
	if !price.IsInt64() || price.Int64() > highest {
		return highest
	}
	return price.Int64()
}
