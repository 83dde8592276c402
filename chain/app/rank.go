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
	// bonded is what has a last height and only a bond lets somebody do, once for each: a challenge,
	// a contribution to the beacon.
	bonded = int64(1) << 60
	// owedTile executes the tile that a case waits for. It is too long to be tried before to its end.
	owedTile = 2 * bonded
	// owedDuty is what the chain demands by a deadline, and was seen to succeed.
	owedDuty = 3 * bonded
)

// gasOfNeedMax is how many times the gas that it was seen to need an owed transaction may ask for,
// and still go first: whoever owes much must not keep others out of blocks by what it asks for. Any may
// ask for gasUnquestioned, a two-hundredth of a block: an opening of the beacon is signed before anybody
// can say what it will need.
const (
	gasOfNeedMax    = 4
	gasUnquestioned = 500_000
)

// asksTooMuch says that a transaction asks for too much gas to go first, or to be free.
func asksTooMuch(asked, need uint64) bool { return asked > max(gasOfNeedMax*need, gasUnquestioned) }

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
	kind := kindOf(tx.GetMsgs())
	if kind == 0 || !app.trials.mayTry(feeTx.FeePayer()) {
		return price
	}
	trial, keep := ctx.CacheContext()
	// What follows does not count: a transaction asks for the gas of its execution.
	trial = trial.WithBlockHeight(ctx.BlockHeight() + 1).
		WithGasMeter(storetypes.NewGasMeter(feeTx.GetGas()))
	err := app.try(trial, tx.GetMsgs())
	used := trial.GasMeter().GasConsumed()
	need := ctx.GasMeter().GasConsumed() + used
	if err != nil || kind != owedTile && asksTooMuch(feeTx.GetGas(), need) {
		app.trials.failed(feeTx.FeePayer(), used)
		return price
	}
	keep()
	return kind + price
}

// try does what messages ask for, except that of a tile it does what comes before the referee runs.
func (app *App) try(ctx sdk.Context, msgs []sdk.Msg) (err error) {
	defer func() {
		if cause := recover(); cause != nil { // out of gas
			err = sdkerrors.ErrPanic.Wrap(fmt.Sprint(cause))
		}
	}()
	for _, msg := range msgs {
		if tile, is := msg.(*remestypes.MsgExecuteTile); is {
			err = app.Remes.ForeseeTile(ctx, tile)
		} else {
			_, err = app.MsgServiceRouter().Handler(msg)(ctx, msg)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// kindOf is the lowest kind of some messages, 0 for what somebody merely wants.
func kindOf(msgs []sdk.Msg) int64 {
	kind := owedDuty
	for _, msg := range msgs {
		switch msg.(type) {
		case *remestypes.MsgChallenge, *remestypes.MsgCommitBeacon:
			kind = min(kind, bonded)
		case *remestypes.MsgExecuteTile:
			kind = min(kind, owedTile)
		case *remestypes.MsgCommit: // the commitment that a lease is for
		default:
			if !isDuty(msg) {
				return 0
			}
		}
	}
	if len(msgs) == 0 {
		return 0
	}
	return kind
}

// gasPrice is the gas price in millionths of a uremes, capped to what leaves room for the kinds.
func gasPrice(fee sdk.Coins, gas uint64) int64 {
	const highest = bonded - 1
	if gas == 0 {
		return 0
	}
	price := fee.AmountOf(params.Denom).MulRaw(1_000_000).Quo(math.NewIntFromUint64(gas))
	if !price.IsInt64() || price.Int64() > highest {
		return highest
	}
	return price.Int64()
}
