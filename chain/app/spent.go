package app

import (
	"encoding/json"
	"fmt"
	"time"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

// SpentKey is the place in an exported state of what the modules do not export, so that no unordered
// transaction of the old chain runs again on the new one, whose id is the same.
const SpentKey = "spent"

// Spent are the unordered transactions of a chain that are not too old to be sent again.
type Spent struct {
	// Time is that of the state's last block: whatever timed out before it is too old.
	Time         time.Time  `json:"time"`
	Transactions []spending `json:"transactions"`
}

// spending is the place that an unordered transaction took: a time-out of a signer.
type spending struct {
	Sender  sdk.AccAddress `json:"sender"`
	Timeout int64          `json:"timeout,string"` // in nanoseconds
}

func (app *App) exportSpent(ctx sdk.Context) (json.RawMessage, error) {
	last, err := app.lastBlockTime()
	if err != nil {
		return nil, err
	}
	spent := Spent{Time: last, Transactions: []spending{}}
	err = app.Account.UnorderedNonces.Walk(
		ctx, nil, func(key collections.Pair[int64, []byte]) (bool, error) {
			spent.Transactions = append(spent.Transactions, spending{key.K2(), key.K1()})
			return false, nil
		})
	if err != nil {
		return nil, err
	}
	return json.Marshal(spent)
}

// initSpent refuses a chain that begins before its state ended: in its first block whatever timed out
// in between could run again.
func (app *App) initSpent(ctx sdk.Context, state json.RawMessage) error {
	if state == nil { // a chain of its own
		return nil
	}
	var spent Spent
	if err := json.Unmarshal(state, &spent); err != nil {
		return err
	}
	if !ctx.BlockTime().After(spent.Time) {
		return fmt.Errorf(
			"genesis_time is %s, and the state is of a block of %s: the chain must begin later",
			ctx.BlockTime().Format(time.RFC3339Nano), spent.Time.Format(time.RFC3339Nano))
	}
	for _, s := range spent.Transactions {
		key := collections.Join(s.Timeout, []byte(s.Sender))
		if err := app.Account.UnorderedNonces.Set(ctx, key); err != nil {
			return err
		}
	}
	return nil
}
